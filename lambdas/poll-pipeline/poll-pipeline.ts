import * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import { PipelineFailed, PipelineTimedOut } from '../../core/errors.ts';
import { judgeRun } from '../../core/standby/pipeline.ts';
import type { Clock, Ledger, Log, Pipeline } from '../../core/ports.ts';
import type { Step } from '../runtime.ts';
import { readInput, renewLease, stepSchema } from '../step-input.ts';

const inputSchema = stepSchema.extend({
  pipeline: z.object({ runId: z.int().nonnegative(), startedAt: z.iso.datetime(), url: z.string() }),
});

export interface PollPipelineDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly pipeline: (workload: string) => Pipeline;
}

export interface PollPipelineOutput {
  readonly state: 'running' | 'succeeded';
  readonly detail: string;
}

/**
 * Looks at the run once.
 * @throws PipelineFailed with the stage and its first error lines; PipelineTimedOut at the time limit.
 */
export const makePollPipeline =
  (deps: PollPipelineDeps): Step =>
  async (raw): Promise<PollPipelineOutput> => {
    const { run, lease, pipeline } = readInput('poll-pipeline', inputSchema, raw);
    const workload = workloadOf(deps.config, run.workload);
    if (run.dryRun) return { state: 'succeeded', detail: 'dry run: nothing was started' };
    await renewLease(deps, { run, lease }, workload);
    const progress = judgeRun(await deps.pipeline(run.workload).read(pipeline.runId));
    switch (progress.kind) {
      case 'succeeded':
        deps.log.info('the pipeline is done', { runId: pipeline.runId });
        return { state: 'succeeded', detail: 'all stages succeeded' };
      case 'failed':
        throw new PipelineFailed(`${progress.detail}. Read the whole run at ${pipeline.url}`);
      case 'running':
        refuseLate(deps, {
          pipeline,
          limitSeconds: workload.limits.pipelineSeconds,
          detail: progress.detail,
        });
        return { state: 'running', detail: progress.detail };
    }
  };

function refuseLate(
  deps: PollPipelineDeps,
  late: {
    readonly pipeline: { readonly startedAt: string; readonly url: string };
    readonly limitSeconds: number;
    readonly detail: string;
  },
): void {
  const seconds = (deps.clock.now() - Date.parse(late.pipeline.startedAt)) / 1000;
  if (seconds <= late.limitSeconds) return;
  throw new PipelineTimedOut(
    `The pipeline still runs (${late.detail}) after ${Math.round(seconds)} s, its limit is ${late.limitSeconds} s ` +
      `(limits.pipelineSeconds). Look at ${late.pipeline.url}; the run is cancelled.`,
  );
}
