import { workloadOf } from '../../core/config/parse.ts';
import type { Call } from '../../core/ports.ts';
import type { Run } from '../../core/run/run.ts';
import type { WorkflowState } from '../../core/run/state.ts';
import { everybodyIsOn, type World } from '../../core/run/world.ts';
import { wokenBy } from '../../core/standby/parked.ts';
import { makeCancelPipeline, type CancelPipelineDeps } from '../cancel-pipeline/cancel-pipeline.ts';
import { parkForRun, type ParkDeps } from '../wake.ts';

/* What an execution that was stopped from outside leaves behind and that goes on costing: nobody waits for it any more. */

export type PutAwayDeps = CancelPipelineDeps & ParkDeps;

/** People wait for the news: a look, the wait for a start that is on its way, a second look, and the cancelling. Milliseconds. */
const CANCEL_MS = 45_000;

type Stopped = Pick<WorkflowState, 'stopped' | 'stopFailure'>;
type Parked = Pick<WorkflowState, 'parked' | 'parkFailure'>;

/**
 * Cancels the pipeline run: whoever goes on starts one of their own, and the lock of the state must be free by then. Never
 * throws: people are told either way.
 */
export async function cancelLeftRun(deps: PutAwayDeps, run: Run, call: Call): Promise<Stopped> {
  const cancelled = makeCancelPipeline(deps)({ run }, call).then(
    (answer): Stopped => ({ stopped: { value: answer as { cancelled: boolean; detail: string } } }),
    (error: unknown): Stopped => {
      deps.log.warn('the pipeline run of an execution that was stopped could not be cancelled', { error });
      return { stopFailure: failureOf(error) };
    },
  );
  const late = deps.clock.sleep(CANCEL_MS).then((): Stopped => ({
    stopFailure: { Error: 'CloudUnavailable', Cause: `no answer within ${CANCEL_MS / 1000} s` },
  }));
  return Promise.race([cancelled, late]);
}

/**
 * Parks what this run has woken, where the users are on the primary. Behind the page whoever was called needs it awake.
 * Never throws.
 */
export async function parkLeftStandby(deps: PutAwayDeps, run: Run, world: World): Promise<Parked> {
  const { tier } = workloadOf(deps.config, run.workload).standby;
  if (run.dryRun || tier !== 'parked' || !everybodyIsOn(world, 'primary')) return {};
  try {
    if (!wokenBy(await deps.records.read(run.workload), run.execution)) return {};
    const detail = await parkForRun(deps, run, 'the run was stopped and the users are on the primary');
    return { parked: { value: { parked: true, detail } } };
  } catch (error) {
    deps.log.warn('a standby that a stopped execution has woken could not be parked', { error });
    return { parkFailure: failureOf(error) };
  }
}

const failureOf = (error: unknown): { Error: string; Cause: string } =>
  error instanceof Error
    ? { Error: error.name, Cause: error.message }
    : { Error: 'Error', Cause: String(error) };
