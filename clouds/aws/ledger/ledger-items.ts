import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { BrakeItem, LeaseItem, Vouch } from '../../../core/ledger/lease.ts';
import { runOrdersSchema, type RunOrders } from '../../../core/ledger/orders.ts';
import type { Run } from '../../../core/run/run.ts';

/** Key of an item: `pk` is the workload, `sk` the kind of item. */
export interface ItemKey extends Record<string, AttributeValue> {
  readonly pk: AttributeValue;
  readonly sk: AttributeValue;
}

export const text = (value: string): AttributeValue => ({ S: value });
export const number = (value: number): AttributeValue => ({ N: String(value) });
export const flag = (value: boolean): AttributeValue => ({ BOOL: value });

const keyOf = (workload: string, kind: string): ItemKey => ({
  pk: text(`workload#${workload}`),
  sk: text(kind),
});

export const leaseKey = (workload: string): ItemKey => keyOf(workload, 'lease');
export const dataKey = (workload: string): ItemKey => keyOf(workload, 'data');
export const parkedKey = (workload: string): ItemKey => keyOf(workload, 'parked');
export const spreadKey = (workload: string): ItemKey => keyOf(workload, 'spread');
export const watchKey = (workload: string): ItemKey => keyOf(workload, 'watch');
/** What all workloads share has a key that no workload can have. */
export const turnsKey: ItemKey = { pk: text('fleet'), sk: text('turns') };
export const brakeKey = (workload: string): ItemKey => keyOf(workload, 'brake');

/** The moment comes first, so that the history of a workload sorts by time. */
export const runKey = (run: Run): ItemKey => keyOf(run.workload, `run#${run.startedAt}#${run.execution}`);

const textAttribute = z.object({ S: z.string() }).transform(({ S }) => S);
const flagAttribute = z.object({ BOOL: z.boolean() }).transform(({ BOOL }) => BOOL);
/** DynamoDB sends numbers as text; ours are whole and never negative. */
const countAttribute = z.object({ N: z.string().regex(/^\d{1,15}$/) }).transform(({ N }) => Number(N));

const vouchAttribute = z
  .object({
    M: z.object({ execution: textAttribute, by: textAttribute, reason: textAttribute, at: textAttribute }),
  })
  .transform(({ M }) => M);

/** A person's word as the lease keeps it. */
export const vouchValue = ({ execution, by, reason, at }: Vouch): AttributeValue => ({
  M: { execution: text(execution), by: text(by), reason: text(reason), at: text(at) },
});

/** The orders of a run, as JSON. What is none at all makes the lease unreadable: then nobody acts. */
const ordersAttribute = textAttribute.transform((json, context): RunOrders => {
  try {
    return runOrdersSchema.parse(JSON.parse(json));
  } catch {
    context.addIssue('the orders of the run cannot be read');
    return z.NEVER;
  }
});

/** The lease item; a workload that never rested after a failover has no cooldown. */
export const leaseItemSchema: z.ZodType<LeaseItem> = z
  .object({
    holder: textAttribute.optional(),
    expiresAt: countAttribute,
    epoch: countAttribute,
    cooldownUntil: countAttribute.optional(),
    disarmed: flagAttribute.optional(),
    moves: z.object({ L: z.array(countAttribute) }).optional(),
    vouch: vouchAttribute.optional(),
    orders: ordersAttribute.optional(),
  })
  .transform(({ holder, expiresAt, epoch, cooldownUntil, disarmed, moves, vouch, orders }) => ({
    holder: holder ?? null,
    expiresAt,
    epoch,
    cooldownUntil: cooldownUntil ?? 0,
    // Whatever stands there, true or not, disarms: only an acknowledgement takes it away.
    disarmed: disarmed !== undefined,
    moves: moves?.L ?? [],
    // A word for a run that is over is no word for the next one.
    vouch: vouch !== undefined && vouch.execution === holder ? vouch : null,
    ...(orders !== undefined && orders.execution === holder ? { orders } : {}),
  }));

export const brakeItemSchema: z.ZodType<BrakeItem> = z.object({
  on: flagAttribute,
  owner: textAttribute,
  reason: textAttribute,
});

/** What is read back of a run's item: the epoch whose lease it gave back, if it gave one back. */
export const runItemSchema = z.object({ releasedEpoch: countAttribute.optional() });
