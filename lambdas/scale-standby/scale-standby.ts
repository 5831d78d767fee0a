import { workloadOf } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import { requireAzureStandby } from '../../core/standby/tier.ts';
import type { Clock, Ledger, Log, Standby } from '../../core/ports.ts';
import type { Step } from '../runtime.ts';
import { readInput, renewUnlessOrdered, requireTime, stepSchema } from '../step-input.ts';

export interface ScaleStandbyDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly standby: (workload: string) => Standby;
}

export interface ScaleStandbyOutput {
  readonly nodeCount: number;
  readonly previousNodeCount: number;
}

/** A look at the pool, its update and their time-outs. Milliseconds. */
const SCALE_MS = 20_000;

/** What a dry run would ask for. */
const planned = (nodeCount: number): ScaleStandbyOutput => ({ nodeCount, previousNodeCount: nodeCount });

/** Scales the warm standby up. It does not wait: the check of the standby sees when the nodes are there. */
export const makeScaleStandby =
  (deps: ScaleStandbyDeps): Step =>
  async (raw, call): Promise<ScaleStandbyOutput> => {
    const { run, lease } = readInput('scale-standby', stepSchema, raw);
    const workload = workloadOf(deps.config, run.workload);
    const { warmNodeCount } = requireAzureStandby(run.workload, workload);
    if (run.dryRun) return planned(warmNodeCount);
    requireTime(call, SCALE_MS, 'scaling the standby');
    await renewUnlessOrdered(deps, { run, lease }, { workload });
    const scaled = await deps.standby(run.workload).scale(warmNodeCount);
    deps.log.info('the standby scales up', { workload: run.workload, ...scaled });
    return scaled;
  };
