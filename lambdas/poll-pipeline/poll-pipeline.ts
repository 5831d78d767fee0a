import * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import { pollingSeconds } from '../../core/config/rules/limits.ts';
import type { Config, Workload } from '../../core/config/schema.ts';
import { PipelineFailed, PipelineTimedOut } from '../../core/errors.ts';
import { judgeRun, type PipelineRun } from '../../core/standby/pipeline.ts';
import { noteWait, waitMessage, type SeenWait } from '../../core/standby/waiting.ts';
import type { Announcer, Clock, Ledger, Log, Pipeline } from '../../core/ports.ts';
import type { Run } from '../../core/run/run.ts';
import type { Step } from '../runtime.ts';
import { readInput, renewLease, stepSchema } from '../step-input.ts';

const waitSchema = z.object({
  for: z.enum(['permission', 'approval', 'check', 'agent']),
  since: z.iso.datetime(),
  told: z.boolean(),
});

const inputSchema = stepSchema.extend({
  pipeline: z.object({ runId: z.int().nonnegative(), startedAt: z.iso.datetime(), url: z.string() }),
  /** What the look before this one left behind; null at the first. */
  before: z
    .object({ wait: waitSchema.nullable().default(null) })
    .nullable()
    .default(null),
});

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
}

/**
 * Looks at the run once, and tells people when it waits for them: a run that waits for a permission says nothing itself.
 * @throws PipelineFailed with the stage and its first error lines; PipelineTimedOut at the time limit.
 */
export const makePollPipeline =
  (deps: PollPipelineDeps): Step =>
  async (raw): Promise<PollPipelineOutput> => {
    const { run, lease, pipeline, before } = readInput('poll-pipeline', inputSchema, raw);
    const workload = workloadOf(deps.config, run.workload);
    if (run.dryRun) return { state: 'succeeded', detail: 'dry run: nothing was started', wait: null };
    await renewLease(deps, { run, lease }, workload);
    const seen = await deps.pipeline(run.workload).read(pipeline.runId);
    const progress = judgeRun(seen);
    switch (progress.kind) {
      case 'succeeded':
        deps.log.info('the pipeline is done', { runId: pipeline.runId });
        return { state: 'succeeded', detail: 'all stages succeeded', wait: null };
      case 'failed':
        throw new PipelineFailed(
          `${progress.detail.replace(/\.$/, '')}. Read the whole run at ${pipeline.url}`,
        );
      case 'running':
        refuseLate(deps, { run, pipeline, workload, detail: progress.detail });
        return {
          state: 'running',
          detail: progress.detail,
          wait: await tellOfWait(deps, run, { seen, before }),
        };
    }
  };

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
