import { workloadOf } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import type { Ledger, Log, Pipeline, Standby } from '../../core/ports.ts';
import { azureStandbyOf } from '../../core/standby/tier.ts';
import type { Run } from '../../core/run/run.ts';
import { pipelineRequestOf } from '../pipeline-request.ts';
import type { Step } from '../runtime.ts';
import { readInput, renewLease, requireTime, stepSchema } from '../step-input.ts';
import { parkForRun, type ParkDeps } from '../wake.ts';

export interface PutAwayStandbyDeps extends ParkDeps {
  readonly config: Config;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly standby: (workload: string) => Standby;
  /** The pipeline that destroys what it has built. */
  readonly demolition: (workload: string) => Pipeline;
}

export interface PutAwayStandbyOutput {
  /** What was done, for people. */
  readonly detail: string;
}

/** A look, some questions, and their time-outs. Milliseconds. */
const PUT_AWAY_MS = 30_000;

/**
 * Users are home: a standby that was built on the day is destroyed, a parked one is parked, a warm one shrinks. None of it is waited
 * for; what it comes to is told by the pipeline, by the standing look, and by Azure.
 */
export const makePutAwayStandby =
  (deps: PutAwayStandbyDeps): Step =>
  async (raw, call): Promise<PutAwayStandbyOutput> => {
    const { run, lease } = readInput('put-away-standby', stepSchema, raw);
    const workload = workloadOf(deps.config, run.workload);
    const standby = azureStandbyOf(workload);
    if (run.dryRun) return { detail: 'dry run: the standby stays as it is' };
    if (standby === null) return { detail: 'the standby is somebody else’s, and stays as it is' };
    requireTime(call, PUT_AWAY_MS, 'putting the standby away');
    await renewLease(deps, { run, lease }, workload);
    switch (standby.tier) {
      case 'parked':
        return told(deps, run, await parkForRun(deps, run, 'the users are home'));
      case 'warm': {
        const { nodeCount } = await deps.standby(run.workload).scale(standby.warmIdleNodeCount);
        return told(deps, run, `it shrinks to ${nodeCount} ${nodeCount === 1 ? 'node' : 'nodes'}`);
      }
      case 'cold': {
        const { correlationId, parameters } = pipelineRequestOf(run, lease, workload);
        const started = await deps
          .demolition(run.workload)
          .start(correlationId, { ...parameters, action: 'destroy' });
        return told(deps, run, `it is being destroyed by the pipeline run ${started.name}: ${started.url}`);
      }
    }
  };

function told({ log }: PutAwayStandbyDeps, { workload }: Run, detail: string): PutAwayStandbyOutput {
  log.info('the standby is put away', { workload, detail });
  return { detail };
}
