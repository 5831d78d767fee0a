import { REPLAY_PER_SECOND } from './catch-up.ts';
import type { DataPlan } from './data-plan.ts';
import type { Point } from './dumps.ts';
import type { PrimaryData } from './primary-data.ts';
import type { Request } from './requests.ts';

/** Between two looks for the last part, and how long a shipper that lives is waited for. Milliseconds. */
export const LAST_PART_EVERY_MS = 1_000;
const LAST_PART_LIMIT_MS = 60_000;
/** A shipper that was not heard of for so many of its intervals ships no more. */
const SILENT_AFTER_BEATS = 3;

/** How long an open request waits until the standby's side looks again; 0 where it has what it needs, or waits no longer. Milliseconds. */
export function waitForLastPart(asked: {
  readonly request: Request;
  /** When the request came into its hands. */
  readonly began: number;
  readonly reached: Point;
  readonly shipper: PrimaryData['shipper'];
  readonly plan: DataPlan;
}): number {
  const { request, began, reached, shipper, plan } = asked;
  const now = Date.now();
  const behind = (shipper.marks.at(-1)?.transactions ?? 0) - reached.transactions;
  if (behind > 0) return Math.max(LAST_PART_EVERY_MS, (behind / REPLAY_PER_SECOND) * 1000);
  // Everything: a round of the shipper that began after the request came into our hands is here.
  if (request.wholeBy !== null) return reached.at >= began ? 0 : LAST_PART_EVERY_MS;
  const heardAt = shipper.beats.at(-1)?.storedAt ?? 0;
  const silent = now - heardAt > SILENT_AFTER_BEATS * plan.shipEverySeconds * 1000;
  const whole = reached.at >= request.askedAt;
  return whole || silent || now - began > LAST_PART_LIMIT_MS ? 0 : LAST_PART_EVERY_MS;
}
