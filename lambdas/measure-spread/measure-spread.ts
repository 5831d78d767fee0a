import * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config, Workload } from '../../core/config/schema.ts';
import type { LeaseItem } from '../../core/ledger/lease.ts';
import type { BeaconStore, Clock, Log, Metrics, Prober, SpreadLedger } from '../../core/ports.ts';
import { settleTimeOf } from '../../core/route/settle-time.ts';
import {
  dueWorkloads,
  newSpreadHistory,
  slowestOf,
  SPREAD_SECONDS_MAX,
  withMeasurement,
  type SpreadHistory,
  type SpreadMeasurement,
} from '../../core/route/spread.ts';
import { SPREAD_SLOW_METRIC } from '../../core/watch/figures.ts';
import type { Step } from '../runtime.ts';
import { iso, readInput } from '../step-input.ts';
import { findWatchers, watchBeacon } from './watch-beacon.ts';

/** A scheduled event. Source: Amazon EventBridge User Guide, "Scheduled events": `time` is the moment that it was made for. */
const eventSchema = z.object({ time: z.iso.datetime() });

export interface MeasureSpreadDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly prober: Prober;
  /** Who may act on a workload now. */
  readonly standing: (workload: string) => Promise<{ readonly lease: LeaseItem | null }>;
  readonly beacons: BeaconStore;
  readonly spreads: SpreadLedger;
}

/** What the looks before the beacon and the writes after it may take, beside the time of its spreading. Milliseconds. */
const AROUND_MS = 40_000;
const NEEDED_MS = SPREAD_SECONDS_MAX * 1000 + AROUND_MS;
/** Longer ago than any measurement takes: whoever began then is dead. */
const BEGUN_LATELY_MS = 480_000;

/** What came of one workload's turn: measured, or why not. */
type Turn = { readonly isSlow: boolean } | { readonly skipped: string };

/**
 * Measures how long a change of the store takes to every place, for the workloads whose turn it is. It is no part of any run and stays
 * out of the way of all of them: a workload that is acted on is not written to, and who is overtaken by a write gives up until next time.
 */
export const makeMeasureSpread =
  (deps: MeasureSpreadDeps): Step =>
  async (raw, call): Promise<{ measured: number; slow: readonly string[] }> => {
    const { time } = readInput('measure-spread', eventSchema, raw);
    const due = dueWorkloads(deps.config, Date.parse(time));
    if (call.remainingMs() < NEEDED_MS) {
      deps.log.warn('too little time is left to measure; nothing was written', { due });
      return { measured: 0, slow: [] };
    }
    const turns = await Promise.all(due.map(async (id) => ({ id, turn: await turnOf(deps, id) })));
    const slow = turns.flatMap(({ id, turn }) => (!('skipped' in turn) && turn.isSlow ? [id] : []));
    if (slow.length > 0) deps.metrics.count(SPREAD_SLOW_METRIC, slow.length);
    return { measured: turns.filter(({ turn }) => !('skipped' in turn)).length, slow };
  };

/** One workload whose ledger or store fails must not take the measurements of the others. */
async function turnOf(deps: MeasureSpreadDeps, id: string): Promise<Turn> {
  try {
    const turn = await measureOne(deps, id);
    if ('skipped' in turn) deps.log.info('not measured this time', { workload: id, why: turn.skipped });
    return turn;
  } catch (error) {
    deps.log.warn('the spread of changes could not be measured', { workload: id, error });
    return { skipped: error instanceof Error ? error.message : String(error) };
  }
}

async function measureOne(deps: MeasureSpreadDeps, id: string): Promise<Turn> {
  const workload = workloadOf(deps.config, id);
  const { history, version } = await historyOf(deps, id, workload);
  const began = deps.clock.now();
  if (history.begunAt !== null && began - Date.parse(history.begunAt) < BEGUN_LATELY_MS)
    return { skipped: 'another measurement is under way' };
  const { watchers, leftOut } = await findWatchers(deps, workload);
  if (watchers.length === 0) {
    const what = `the edge answers no place on the path of the beacon: ${leftOut.map(({ place, why }) => `${place}: ${why}`).join('; ')}`;
    await deps.spreads.write(id, { ...history, trouble: { at: iso(began), what } }, version);
    return { skipped: what };
  }
  const claimed = { ...history, begunAt: iso(began) };
  if (!(await deps.spreads.write(id, claimed, version)))
    return { skipped: 'another measurement is under way' };
  // As late as can be: a run that begins after this look is not in the way of the beacon, nor the beacon in its way.
  const { lease } = await deps.standing(id);
  const at = deps.clock.now();
  if (lease?.holder != null && lease.expiresAt > at)
    return { skipped: `${lease.holder} acts on it, so its store is left alone` };
  const value = iso(at);
  const written = await deps.beacons.write(id, value, history.version);
  if (written === null) return { skipped: 'somebody else wrote to the store at the same moment' };
  const seen = await watchBeacon(deps, { workload, value, at, watchers });
  const measured = { at: value, places: seen.places, leftOut: [...leftOut, ...seen.leftOut] };
  return note(deps, { id, workload, measured, history: { ...claimed, version: written }, read: version + 1 });
}

async function historyOf(deps: MeasureSpreadDeps, id: string, { edge }: Workload) {
  const store = edge.keyValueStoreArn ?? '';
  const { history, version } = await deps.spreads.read(id);
  return { history: history?.store === store ? history : newSpreadHistory(store), version };
}

/** Keeps what was seen, and says whether a failover a moment ago would have trusted the shield too early. */
async function note(
  deps: MeasureSpreadDeps,
  found: {
    readonly id: string;
    readonly workload: Workload;
    readonly measured: SpreadMeasurement;
    readonly history: SpreadHistory;
    /** The version under which the beginning was written. */
    readonly read: number;
  },
): Promise<Turn> {
  const { id, workload, measured, history } = found;
  const next = withMeasurement(history, measured, workload.policy.confirm.quorum.places);
  await deps.spreads.write(id, next, found.read);
  const settle = settleTimeOf(workload, history, deps.clock.now());
  const slowest = slowestOf(measured);
  const isSlow = slowest !== null && slowest.seconds > settle.seconds;
  const facts = { workload: id, ...measured, settle: settle.why };
  if (isSlow) deps.log.warn('a change took longer to a place than the shield settles', facts);
  else deps.log.info('the spread of changes was measured', facts);
  return { isSlow };
}
