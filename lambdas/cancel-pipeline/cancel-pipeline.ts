import * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import { correlationIdOf } from '../../core/standby/pipeline.ts';
import { azureStandbyOf } from '../../core/standby/tier.ts';
import type { Clock, Log, Pipeline } from '../../core/ports.ts';
import { runSchema } from '../../core/run/run.ts';
import type { Step } from '../runtime.ts';
import { readInput } from '../step-input.ts';

const inputSchema = z.object({ run: runSchema });

export interface CancelPipelineDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly pipeline: (workload: string) => Pipeline;
}

export interface CancelPipelineOutput {
  readonly cancelled: boolean;
  readonly detail: string;
}

/** Nobody is asked: a run of a workload without a pipeline has started none. */
const NOTHING_IS_OURS: CancelPipelineOutput = {
  cancelled: false,
  detail: 'the standby is external: nothing was started',
};

/**
 * A branch of the workflow that was given up does not stop its function: a start that had begun may still come through.
 * It may take so long after its own last look (START_MS of start-pipeline). Milliseconds.
 */
const LATE_START_MS = 20_000;

/**
 * Cancels the run of this execution if it still goes. It needs no lease: the run is our own, and a run that nobody waits
 * for is worth stopping even after the lease is lost.
 */
export const makeCancelPipeline =
  (deps: CancelPipelineDeps): Step =>
  async (raw): Promise<CancelPipelineOutput> => {
    const { run } = readInput('cancel-pipeline', inputSchema, raw);
    if (run.dryRun) return { cancelled: false, detail: 'dry run: nothing was started' };
    if (azureStandbyOf(workloadOf(deps.config, run.workload)) === null) return NOTHING_IS_OURS;
    const pipeline = deps.pipeline(run.workload);
    const correlationId = correlationIdOf(run.execution);
    const found = await findTwice(deps.clock, pipeline, correlationId);
    if (found === null) return { cancelled: false, detail: 'this execution started no pipeline run' };
    if (found.state === 'completed') {
      return {
        cancelled: false,
        detail: `run ${found.name} had ended already: ${found.result ?? 'unknown'}`,
      };
    }
    await pipeline.cancel(found.id);
    deps.log.info('the pipeline run was cancelled', { runId: found.id, url: found.url });
    if (pipeline.carry !== undefined) await cancelOther(deps, pipeline, correlationId);
    return { cancelled: true, detail: `run ${found.name} was cancelled` };
  };

/**
 * Where there are two runners, the first may have kept a run that could not be cancelled when it was given up. Where it does
 * not answer now, nobody knows, and its error is what people hear of.
 */
async function cancelOther(
  deps: CancelPipelineDeps,
  pipeline: Pipeline,
  correlationId: string,
): Promise<void> {
  const other = await pipeline.find(correlationId);
  if (other === null || other.state === 'completed' || other.state === 'canceling') return;
  await pipeline.cancel(other.id);
  deps.log.info('the run of the other runner was cancelled', { runId: other.id, url: other.url });
}

/** Finding none may be too early: it looks again when no start can be on its way any more. */
async function findTwice(
  clock: Clock,
  pipeline: Pipeline,
  correlationId: string,
): ReturnType<Pipeline['find']> {
  const found = await pipeline.find(correlationId);
  if (found !== null) return found;
  await clock.sleep(LATE_START_MS);
  return pipeline.find(correlationId);
}
