import { workloadOf } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import type { Ledger, Log } from '../../core/ports.ts';
import { wokenBy } from '../../core/standby/parked.ts';
import type { Step } from '../runtime.ts';
import { readInput, renewLease, requireTime, stepSchema } from '../step-input.ts';
import { parkForRun, type ParkDeps } from '../wake.ts';

export interface ParkStandbyDeps extends ParkDeps {
  readonly config: Config;
  readonly log: Log;
  readonly ledger: Ledger;
}

export interface ParkStandbyOutput {
  readonly parked: boolean;
  readonly detail: string;
}

/** A look, three questions, and their time-outs. Milliseconds. */
const PARK_MS = 25_000;

/**
 * Puts away what this run has woken. What somebody else woke stays awake, and so does everything where the lease is lost: then another
 * run may be about to need it.
 */
export const makeParkStandby =
  (deps: ParkStandbyDeps): Step =>
  async (raw, call): Promise<ParkStandbyOutput> => {
    const { run, lease } = readInput('park-standby', stepSchema, raw);
    if (run.dryRun) return { parked: false, detail: 'dry run: nothing was woken' };
    requireTime(call, PARK_MS, 'parking the standby');
    if (!wokenBy(await deps.records.read(run.workload), run.execution))
      return { parked: false, detail: 'this run did not wake the standby' };
    await renewLease(deps, { run, lease }, workloadOf(deps.config, run.workload));
    const detail = await parkForRun(deps, run, 'the run is over and the users are on the primary');
    deps.log.info('the standby is being parked', { workload: run.workload, detail });
    return { parked: true, detail };
  };
