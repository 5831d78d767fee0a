import type { Config } from '../../core/config/schema.ts';
import type { HomeTask } from '../../core/data/home.ts';
import type { LagProbe } from '../../core/data/ports.ts';
import { makeCarryHome } from '../../lambdas/carry-home/carry-home.ts';
import { DUMP, lagOf, shipping } from './data-helpers.ts';
import { lease } from './fixture.ts';
import { callOf, MemoryLog, VirtualClock } from './helpers.ts';
import { homeLedger, homeRun, type MemoryHome } from './home-helpers.ts';

/* The step that gives orders of the way home, over a store in memory. */

export const SINCE = '2026-03-02T10:00:00.000Z';

/** What the first load of the tests came to. */
export const loaded = {
  ...({ what: 'load', dump: DUMP, isLast: false, changed: null } as const),
  ...{ tables: 7, bytes: 1_000, seconds: 55 },
};

export function carryBench(
  store: MemoryHome,
  own: Config = shipping(),
  lag: LagProbe = lagOf(new Error('nobody asks the probe')),
) {
  const clock = new VirtualClock();
  const ledger = homeLedger();
  const log = new MemoryLog();
  const step = makeCarryHome({ config: own, clock, log, ledger, stores: () => store, lag });
  const carry = (task: HomeTask | { readonly what: 'even' }, more: object = {}, seconds = 840) => {
    const input = { run: homeRun, lease, task, as: task.what, behindThePage: false, since: SINCE, ...more };
    return step(input, callOf(clock, seconds));
  };
  return { carry, clock, ledger, log, step };
}

/** Seconds since the beginning of the test. */
export const second = (clock: VirtualClock): number => (clock.now() - Date.parse(SINCE)) / 1000;
