import type { Workload } from '../schema.ts';
import { settleSchema } from '../settle-schema.ts';
import type { Subject } from './subject.ts';

/** The settle time is fixed or measured, and no rule of it contradicts another. */
export function checkSettling({ workload: { limits }, report }: Subject): void {
  if (limits === undefined) return;
  const { shieldSettle, shieldSettleSeconds } = limits;
  const { floorSeconds, untilMeasuredSeconds } = shieldSettle;
  if (untilMeasuredSeconds < floorSeconds) {
    report(
      'limits.shieldSettle.untilMeasuredSeconds',
      `got ${untilMeasuredSeconds}, expected at least ${floorSeconds} (floorSeconds): who knows less does not wait shorter`,
    );
  }
  if (shieldSettleSeconds === undefined || isDefault(shieldSettle)) return;
  report(
    'limits.shieldSettleSeconds',
    `got ${shieldSettleSeconds} beside shieldSettle, expected one of the two: a fixed time leaves nothing to measurements. ` +
      'Remove shieldSettleSeconds to let them decide, or shieldSettle to keep it fixed',
  );
}

const defaults = settleSchema.parse({});
const isDefault = (policy: Workload['limits']['shieldSettle']): boolean =>
  policy.floorSeconds === defaults.floorSeconds &&
  policy.margin === defaults.margin &&
  policy.untilMeasuredSeconds === defaults.untilMeasuredSeconds;
