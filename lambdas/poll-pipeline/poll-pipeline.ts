import * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import { pollingSeconds } from '../../core/config/rules/limits.ts';
import type { Config, Workload } from '../../core/config/schema.ts';
import { PipelineFailed, PipelineTimedOut } from '../../core/errors.ts';
import { judgeRun, runnerNames, type PipelineRun } from '../../core/standby/pipeline.ts';
import { runnerMessage } from '../../core/standby/runner-words.ts';
import { noteWait, waitMessage, type SeenWait } from '../../core/standby/waiting.ts';
import type { Announcer, Clock, Ledger, Log, Pipeline } from '../../core/ports.ts';
import type { Run } from '../../core/run/run.ts';
import { pipelineRequestOf } from '../pipeline-request.ts';
import type { Step } from '../runtime.ts';
import { readInput, renewUnlessOrdered, stepSchema } from '../step-input.ts';

const waitSchema = z.object({
  for: z.enum(['permission', 'approval', 'check', 'agent']),
  since: z.iso.datetime(),
  told: z.boolean(),
});

const runIdSchema = z.union([z.int().nonnegative(), z.string().min(1)]);

/** Which run carries the request, where there are two runners. `why` is what people are told; null where they know. */
const carriedSchema = z.object({
  runner: z.enum(runnerNames),
  runId: runIdSchema,
  url: z.string(),
  begun: z.boolean(),
  loose: z.boolean(),
  why: z.string().nullable(),
});
type Carried = z.infer<typeof carriedSchema>;

const inputSchema = stepSchema.extend({
  pipeline: z.object({
    runner: z.enum(runnerNames).default('azure-devops'),
    runId: runIdSchema,
    startedAt: z.iso.datetime(),
    url: z.string(),
    why: z.string().nullable().default(null),
  }),
  /** What the look before this one left behind; null at the first. */
  before: z
    .object({ wait: waitSchema.nullable().default(null), carried: carriedSchema.optional() })
    .nullable()
    .default(null),
});
type PollPipelineInput = z.infer<typeof inputSchema>;

export interface PollPipelineDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly pipeline: (workload: string) => Pipeline;
  readonly announcer: Announcer;
}

export interface PollPipelineOutput {
  readonly state: 'running' | 'succeeded';
  readonly detail: string;
  /** What the run waits for, and whether people were told; null where it goes on. */
  readonly wait: SeenWait | null;
  /** Only where there are two runners: the run that the next look looks at. */
  readonly carried?: Carried;
}

/**
 * Looks at the run once, and tells people when it waits for them: a run that waits for a permission says nothing itself.
 * @throws PipelineFailed with the stage and its first error lines; PipelineTimedOut at the time limit.
 */
export const makePollPipeline =
  (deps: PollPipelineDeps): Step =>
  async (raw): Promise<PollPipelineOutput> => {
    const input = readInput('poll-pipeline', inputSchema, raw);
    const { run, lease, before } = input;
    const workload = workloadOf(deps.config, run.workload);
    if (run.dryRun) return { state: 'succeeded', detail: 'dry run: nothing was started', wait: null };
    await renewUnlessOrdered(deps, { run, lease }, { workload });
    const { seen, carried } = await look(deps, input, workload);
    const url = carried?.url ?? input.pipeline.url;
    const progress = judgeRun(seen);
    const left = carried === undefined ? {} : { carried: await tellOfRunner(deps, run, carried) };
    switch (progress.kind) {
      case 'succeeded':
        deps.log.info('the pipeline is done', { runId: seen.id });
        return { state: 'succeeded', detail: 'all stages succeeded', wait: null, ...left };
      case 'failed':
        throw new PipelineFailed(`${progress.detail.replace(/\.$/, '')}. Read the whole run at ${url}`);
      case 'running':
        refuseLate(deps, {
          run,
          pipeline: { ...input.pipeline, url },
          workload,
          detail: progress.detail,
        });
        return {
          state: 'running',
          detail: progress.detail,
          wait: await tellOfWait(deps, run, { seen, before }),
          ...left,
        };
    }
  };

/** The run as it is now; where there are two runners this is also where the second takes over. */
async function look(
  deps: PollPipelineDeps,
  { run, lease, pipeline, before }: PollPipelineInput,
  workload: Workload,
): Promise<{ readonly seen: PipelineRun; readonly carried?: Carried }> {
  const runners = deps.pipeline(run.workload);
  if (runners.carry === undefined) return { seen: await runners.read(pipeline.runId) };
  const known = before?.carried ?? { ...pipeline, begun: false, loose: false };
  const order = { ...pipelineRequestOf(run, lease, workload), since: Date.parse(pipeline.startedAt) };
  const { run: seen, loose, why } = await runners.carry(order, known);
  const { runner, id: runId, url, begun } = seen;
  return { seen, carried: { runner, runId, url, begun, loose, why: why ?? known.why } };
}

/** Tells once which runner works now, and why. A message that cannot be sent is tried again with the next look. */
async function tellOfRunner(deps: PollPipelineDeps, run: Run, carried: Carried): Promise<Carried> {
  const { why } = carried;
  if (why === null) return carried;
  const { displayName, url } = workloadOf(deps.config, run.workload);
  try {
    const message = runnerMessage({ ...carried, why }, { name: displayName, url });
    await deps.announcer.announce({ ...message, workload: run.workload, outcome: 'Waiting' });
    return { ...carried, why: null };
  } catch (error) {
    deps.log.warn('people could not be told which runner works', { workload: run.workload, error });
    return carried;
  }
}

/** Tells once of each wait. A message that cannot be sent is tried again with the next look. */
async function tellOfWait(
  deps: PollPipelineDeps,
  run: Run,
  look: { readonly seen: PipelineRun; readonly before: { readonly wait: SeenWait | null } | null },
): Promise<SeenWait | null> {
  const { seen, tell } = noteWait(look.seen, look.before?.wait ?? null, deps.clock.now());
  if (!tell || seen === null) return seen;
  const { displayName, url } = workloadOf(deps.config, run.workload);
  try {
    const message = waitMessage(look.seen, { name: displayName, url });
    await deps.announcer.announce({ ...message, workload: run.workload, outcome: 'Waiting' });
    return seen;
  } catch (error) {
    deps.log.warn('people could not be told that the pipeline waits', { workload: run.workload, error });
    return { ...seen, told: false };
  }
}

/** A run that comes back to preparing finds its pipeline again: the limit counts once, and never from each return anew. */
function refuseLate(
  deps: PollPipelineDeps,
  late: {
    readonly run: Run;
    readonly pipeline: { readonly startedAt: string; readonly url: string };
    readonly workload: Workload;
    readonly detail: string;
  },
): void {
  const { limits, policy } = late.workload;
  const now = deps.clock.now();
  const seconds = (now - Date.parse(late.pipeline.startedAt)) / 1000;
  const all = (now - Date.parse(late.run.startedAt)) / 1000;
  if (seconds <= limits.pipelineSeconds && all <= pollingSeconds(limits, policy)) return;
  throw new PipelineTimedOut(
    `The pipeline still runs (${late.detail}) after ${Math.round(seconds)} s, its limit is ${limits.pipelineSeconds} s ` +
      `(limits.pipelineSeconds). Look at ${late.pipeline.url}; the run is cancelled.`,
  );
}
