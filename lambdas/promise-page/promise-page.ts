import * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import { homePageSeconds } from '../../core/data/home-plan.ts';
import { promiseText } from '../../core/data/words.ts';
import { GateShut } from '../../core/errors.ts';
import type { Clock, Ledger, Log } from '../../core/ports.ts';
import { settleTimeOf } from '../../core/route/settle-time.ts';
import type { Step } from '../runtime.ts';
import { readInput, renewLease, stepSchema } from '../step-input.ts';

/** What the first dump and the first load took, as their sides measured it. */
const inputSchema = stepSchema.extend({
  dumped: z.object({ result: z.object({ seconds: z.number() }) }).nullable(),
  loaded: z.object({ result: z.object({ seconds: z.number() }) }).nullable(),
});

export interface PromisePageDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
}

export interface PromisePageOutput {
  /** The longest that users will see the page. */
  readonly pageSeconds: number;
  /** The same for whoever has to decide. */
  readonly sentence: string;
}

/**
 * Says how long users will see the page on the way home, by what the data took while they were on the standby.
 * @throws GateShut where that is longer than policy.failback.pageSecondsMax: the lag is above its limit
 */
export const makePromisePage =
  (deps: PromisePageDeps): Step =>
  async (raw): Promise<PromisePageOutput> => {
    const { run, lease, dumped, loaded } = readInput('promise-page', inputSchema, raw);
    const workload = workloadOf(deps.config, run.workload);
    await renewLease(deps, { run, lease }, workload);
    const settle = lease.settle ?? settleTimeOf(workload, null, deps.clock.now());
    const rehearsed =
      dumped === null || loaded === null
        ? null
        : { dumpSeconds: dumped.result.seconds, loadSeconds: loaded.result.seconds };
    const pageSeconds = homePageSeconds(workload, { rehearsed, settle });
    const { pageSecondsMax } = workload.policy.failback;
    deps.log.info('how long users will see the page', { workload: run.workload, pageSeconds, ...rehearsed });
    if (pageSeconds > pageSecondsMax && !run.dryRun) {
      throw new GateShut(
        `A gate of the way home is shut: the lag is within the limit (lagWithinLimit): got ${pageSeconds} s behind the page at the most, expected ` +
          `${pageSecondsMax} s (policy.failback.pageSecondsMax); the first load took ${Math.round(rehearsed?.loadSeconds ?? 0)} s. Nobody was moved. ` +
          `Make the data smaller or the primary faster, or allow a longer page, then begin again: pilotlight failback ${run.workload} --reason ...`,
      );
    }
    return { pageSeconds, sentence: promiseText(pageSeconds) };
  };
