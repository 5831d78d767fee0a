import type { PipelineRun, PipelineWait } from './pipeline.ts';

/** What a wait was when it was last looked at. `since` is ISO 8601: when it was first seen. */
export interface SeenWait {
  readonly for: PipelineWait['for'];
  readonly since: string;
  readonly told: boolean;
}

/** A person who sees it at once need not be told; an agent of Azure takes half a minute to two minutes as a rule. Seconds. */
const TELL_AFTER_SECONDS: Readonly<Record<PipelineWait['for'], number>> = {
  permission: 15,
  approval: 15,
  check: 45,
  agent: 150,
};

/** What is known of a wait after a look, and whether people must be told now. */
export function noteWait(
  run: PipelineRun,
  before: SeenWait | null,
  now: number,
): { readonly seen: SeenWait | null; readonly tell: boolean } {
  const { waits } = run;
  if (waits === null) return { seen: null, tell: false };
  const same = before?.for === waits.for ? before : null;
  const since = same?.since ?? new Date(now).toISOString();
  const seconds = (now - Date.parse(since)) / 1000;
  const tell = same?.told !== true && seconds >= TELL_AFTER_SECONDS[waits.for];
  return { seen: { for: waits.for, since, told: tell || same?.told === true }, tell };
}

const WORDS: Readonly<Record<PipelineWait['for'], readonly [meaning: string, next: string]>> = {
  permission: [
    'waits for a permission: the pipeline was never permitted to use a service connection or an environment',
    'Open the run and press Permit; then it goes on',
  ],
  approval: [
    'waits for an approval of an environment',
    'Open the run and press Approve, and take the approval away for the next time: nobody may be awake',
  ],
  check: [
    'waits for a check of an environment',
    'Open the run and read which check it is; on the day none may need a person',
  ],
  agent: [
    'waits for an agent: none is free, or the organisation has no parallel job',
    'Look at the agent pool and at Billing, parallel jobs; or run it on an agent of your own',
  ],
};

/** The message for people. */
export function waitMessage(
  run: PipelineRun,
  site: { readonly name: string; readonly url: string },
): { readonly subject: string; readonly text: string } {
  const wait = run.waits;
  if (wait === null) throw new Error('a run that does not wait has nothing to be told of');
  const [meaning, next] = WORDS[wait.for];
  const stage = wait.stage === null ? '' : ` (stage ${wait.stage})`;
  return {
    subject: `[Pilotlight] ${site.name}: the standby's pipeline waits for a person`,
    text:
      `${site.name} (${site.url}): the pipeline run ${run.name} that builds the standby ${meaning}${stage}.\n\n` +
      `${next}: ${run.url}\n\nThe failover goes on as soon as the run does; its limit is limits.pipelineSeconds.`,
  };
}
