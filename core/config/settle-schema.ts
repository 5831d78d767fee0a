import * as z from 'zod';
import { seconds } from './parts.ts';

/**
 * The least that a settle time may come to by measurement. Places see the edge locations near to them and no others: those that nobody
 * probes were never measured, and the drill has one that learns after 65 to 70 seconds.
 */
export const SETTLE_FLOOR_SECONDS = 70;

/** How what was measured becomes the time that the shield must settle. */
export const settleSchema = z.strictObject({
  floorSeconds: seconds(SETTLE_FLOOR_SECONDS, 600)
    .default(SETTLE_FLOOR_SECONDS)
    .describe('Never less than this: edge locations without a probe are not measured'),
  margin: z
    .number()
    .min(1.5)
    .max(10)
    .default(2)
    .describe('So many times the slowest spread that was measured in 90 days'),
  untilMeasuredSeconds: seconds(SETTLE_FLOOR_SECONDS, 600)
    .default(90)
    .describe('While there are too few measurements, or none of the last two days'),
});
