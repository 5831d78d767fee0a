import * as z from 'zod';
import type { Workload } from '../config/schema.ts';
import { summaryOf, type SpreadHistory } from './spread.ts';

/** How long the shield must be up before it counts as everywhere, and why so long, for people. */
export const settleTimeSchema = z.object({ seconds: z.number().nonnegative(), why: z.string() });
export type SettleTime = z.infer<typeof settleTimeSchema>;

/** Fewer say too little about the slow hours of a week: five days of them. */
export const MEASUREMENTS_MIN = 30;
/** Without one for so long nobody knows whether the edge is as it was. */
const STALE_HOURS = 48;
const HOUR_MS = 3_600_000;

/** What of a workload the time follows from. */
type Settling = Pick<Workload, 'edge' | 'limits'>;

/** The longest that a shield can settle: then a streak of good answers must still fit into the time of its spreading. Seconds. */
const mostSeconds = ({ limits }: Settling): number =>
  limits.convergeSeconds - limits.convergeStreak * limits.convergePollSeconds;

const plain = (seconds: number): string => String(Math.round(seconds * 10) / 10);

/**
 * Decides how long the shield of a workload settles: the slowest spread of 90 days times the margin, never below the floor. Where too
 * little is known the default holds; what little is known can only make it longer.
 * @param history null where there is none; `unreadable` where the ledger did not say
 * @param now milliseconds since the Unix epoch
 */
export function settleTimeOf(
  workload: Settling,
  history: SpreadHistory | null | 'unreadable',
  now: number,
): SettleTime {
  const { limits, edge } = workload;
  const { shieldSettleSeconds: fixed, shieldSettle: policy } = limits;
  if (fixed !== undefined)
    return { seconds: fixed, why: `${fixed} s, as limits.shieldSettleSeconds says, whatever was measured` };
  const otherwise = (why: string): SettleTime => ({
    seconds: policy.untilMeasuredSeconds,
    why: `${policy.untilMeasuredSeconds} s: ${why}`,
  });
  if (edge.strategy !== 'key-value')
    return otherwise('this edge has no store whose spread could be measured');
  if (history === 'unreadable') return otherwise('what was measured could not be read');
  if (history === null || history.store !== edge.keyValueStoreArn)
    return otherwise('nothing was measured yet');
  const summary = summaryOf(history, now);
  if (summary === null) return otherwise('nothing was measured yet');
  const measured = byMeasurement(workload, summary);
  const doubt = doubtOf(history, summary.measurements, now);
  return doubt === null || measured.seconds > policy.untilMeasuredSeconds ? measured : otherwise(doubt);
}

/** Why what was measured does not make the time shorter; null where it may. */
function doubtOf(history: SpreadHistory, measurements: number, now: number): string | null {
  if (measurements < MEASUREMENTS_MIN)
    return `${measurements} measurements, and at least ${MEASUREMENTS_MIN} are needed`;
  const hours = history.last === null ? Infinity : (now - Date.parse(history.last.at)) / HOUR_MS;
  return hours > STALE_HOURS
    ? `the newest measurement is ${Math.floor(hours)} h old, and one of the last ${STALE_HOURS} h is needed`
    : null;
}

function byMeasurement(
  workload: Settling,
  summary: { readonly measurements: number; readonly worstSeconds: number },
): SettleTime {
  const { floorSeconds, margin } = workload.limits.shieldSettle;
  const { measurements, worstSeconds } = summary;
  const wanted = Math.ceil(worstSeconds * margin);
  const words = `${margin} times the slowest of ${measurements} measurements, ${plain(worstSeconds)} s`;
  const most = mostSeconds(workload);
  if (wanted > most)
    return {
      seconds: most,
      why: `${most} s, the most that limits.convergeSeconds leaves time for: ${words}`,
    };
  return wanted < floorSeconds
    ? { seconds: floorSeconds, why: `${floorSeconds} s, the least there is: ${words}` }
    : { seconds: wanted, why: `${wanted} s: ${words}` };
}
