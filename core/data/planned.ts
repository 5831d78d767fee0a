import type { DataPolicy } from '../config/data-schema.ts';
import type { Workload } from '../config/schema.ts';
import type { SettleTime } from '../route/settle-time.ts';
import type { DataReport } from './report.ts';
import { lossText, type Loss } from './loss.ts';
import { ageText, momentText } from './words.ts';

/* A planned move promises that no acknowledged write is lost, and says how long users see the page. */

/** Why a workload can never be moved by plan, by its configuration, and what would do instead; null where it can. */
export function barrierToPlanning(data: DataPolicy): string | null {
  if (data.mode === 'ship') return null;
  if (data.mode === 'dump') {
    return (
      'data.mode: got "dump", expected "ship" for a planned move; dumps alone lose what came after the newest one. ' +
      'Ship the log (docs/config.md, "The data"), or start an ordinary failover and accept the loss that it names'
    );
  }
  if (data.probe !== undefined) return null;
  return (
    'data.probe: got none with data.mode "none", expected the address that tells how far the own replication is behind; without it nobody ' +
    'can know that nothing is lost. A site without data of its own moves by an ordinary failover: --skip-confirmation'
  );
}

/** What the standby's side says of itself is old after so long: an earlier standby may have said it. Milliseconds. */
const APPLIER_HEARD_MS = 60_000;

/** What is wrong with the standby's side, so that it would not take the last data; null where nothing is, or it need not be there yet. */
function barrierOfApplier({ applier }: DataReport, isPrepared: boolean, now: number): string | null {
  const isHeard = applier !== null && now - Date.parse(applier.at) <= APPLIER_HEARD_MS;
  if (!isHeard)
    return isPrepared ? `nothing is heard of the standby’s side (last ${applier?.at ?? 'never'})` : null;
  if (applier.state === 'failed')
    return `the standby’s side has failed (${applier.fault?.code ?? 'it does not say why'})`;
  if (applier.state !== 'open') return null;
  return 'the standby’s database was opened for writes earlier and follows no log any more; it has to be loaded anew (docs/procedures.md, "Leave no standby behind")';
}

/**
 * Why no users may be sent to the page for a planned move at this moment; null where they may. `isPrepared` says whether the standby
 * must be there already.
 * @param now milliseconds since the Unix epoch
 */
export function barrierNow(
  data: DataPolicy,
  seen: { readonly report: DataReport; readonly loss: Loss; readonly isPrepared: boolean },
  now: number,
): string | null {
  const { report, loss } = seen;
  if (loss.lossSeconds === null) return lossText(loss, 'A planned move').replace(/\.$/, '');
  if (data.mode !== 'ship') return null;
  const barrier = barrierOfApplier(report, seen.isPrepared, now);
  if (barrier !== null || loss.lossSeconds <= data.maxLossSeconds) return barrier;
  const point = loss.point === null ? '' : ` (recovery point ${momentText(loss.point, loss.measuredAt)})`;
  const why = loss.detail === null ? '' : `: ${loss.detail}`;
  return `the data in the store are ${ageText(loss.lossSeconds)} old${point}, expected at most ${data.maxLossSeconds} s (data.maxLossSeconds)${why}`;
}

/** How long users wait behind the page for a replication of the site's own to be even: it was seconds behind, and nobody writes. Seconds. */
export const REPLICATION_SECONDS_MAX = 60;
/** For the standby's side to look, to apply and to open, however often the shipper comes. Seconds. */
const APPLY_SECONDS = 30;

/**
 * The longest that users of a planned move wait behind the page for the last data: their primary is well, so they rather go home. It has
 * room for a shipper that misses two of its rounds. Seconds.
 */
export const wholeSecondsOf = (data: DataPolicy): number =>
  data.mode === 'ship' ? APPLY_SECONDS + 3 * data.shipEverySeconds : REPLICATION_SECONDS_MAX;

/** From the call that shuts the fence to its proof, beside the draining. Seconds; the drill's worst. */
const FENCE_SECONDS = 10;
/** The standby's side looks for the request, applies what is left and opens the database. Seconds; the drill's worst. */
const OPEN_SECONDS = 15;
/** From the write of a key-value route to the first user who gets it, and our own steps between. Seconds. */
const SWITCH_SECONDS = 15;

/**
 * How long users will see the page: the shield settles for as long as was decided, or the fence drains, the last data come, the route is moved. Reckoned from the
 * configuration, with each part at its ordinary worst. Whole seconds.
 */
export function pageSecondsOf(
  { primary, limits, data, edge, policy }: Workload,
  { seconds: settleSeconds }: Pick<SettleTime, 'seconds'>,
): number {
  const spreads = edge.strategy === 'distribution' ? limits.convergeSeconds : 0;
  const settles = Math.max(settleSeconds, spreads) + limits.convergePollSeconds;
  const shut = primary.fence === undefined ? settles : primary.fence.drainSeconds + FENCE_SECONDS;
  // A round of the shipper that begins after the request: one interval, at the worst.
  const ship = data.mode === 'ship' ? data.shipEverySeconds : 0;
  const shares = policy.canary === undefined ? 0 : policy.canary.shares.length * policy.canary.holdSeconds;
  return Math.ceil(shut + ship + OPEN_SECONDS + shares + Math.max(SWITCH_SECONDS, spreads));
}
