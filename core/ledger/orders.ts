import * as z from 'zod';
import { workflowOfExecution } from '../names.ts';
import { skipOf, skippable, steps } from './steps.ts';

/*
 * What people tell a run while it goes: hold, go on, leave out a wait, cancel, go on as a failover. The newest orders stand beside the
 * lease of the run, and each step hears them when it renews the lease, so that the next thing that cannot be undone is not begun.
 */

export const orderKinds = ['pause', 'resume', 'skip', 'cancel', 'proceed'] as const;
export type OrderKind = (typeof orderKinds)[number];

export const orderSchema = z.strictObject({
  order: z.enum(orderKinds),
  /** What is skipped; only of `skip`. */
  step: z.enum(steps).optional(),
  /** Who gave it: the ARN of a principal, or the name of a Slack user and their id. */
  by: z.string().min(1).max(2048),
  reason: z.string().min(1).max(500),
  at: z.iso.datetime(),
});
export type Order = z.infer<typeof orderSchema>;

/** Where a run stops for an order, with what is safe about it. */
export const safePoints = {
  'before-the-shield':
    'Users are on the primary as it is, the route was not touched, and what is being built for the standby goes on.',
  'behind-the-shield':
    'Users see the maintenance page, so no write can be lost; the standby takes none yet, so the way home is open. Users wait all the while.',
  'before-the-page-home':
    'Users are on the standby as before and the route was not touched; what is loaded beside the data of the primary stays there.',
  'behind-the-page-home':
    'Users see the maintenance page, so no write can be lost; nobody was on the primary, so the way back to the standby is open. Users wait all the while.',
} as const;
export type SafePoint = keyof typeof safePoints;
const safePointIds = Object.keys(safePoints) as [SafePoint, ...SafePoint[]];
export const safePointSchema = z.enum(safePointIds);

/** The orders of one run, oldest first, and whether it stands still. */
export const runOrdersSchema = z.strictObject({
  execution: z.string().min(1),
  given: z.array(orderSchema),
  /** Where it waits, since when, and when people were last told of it; null where it does not wait. */
  held: z
    .strictObject({ point: safePointSchema, since: z.iso.datetime(), toldAt: z.iso.datetime().nullable() })
    .nullable(),
});
export type RunOrders = z.infer<typeof runOrdersSchema>;

export const noOrders = (execution: string): RunOrders => ({ execution, given: [], held: null });

/** So long a run may be held, all holds together: then it is cancelled. Seconds. */
export const HOLD_SECONDS_MAX = 86_400;

/** Beyond this somebody writes by a script: what stands beside a lease must stay small. */
const ORDERS_MAX = 40;

/** The pause that counts now; null where none does. */
export const pauseOf = ({ given }: RunOrders): Order | null => {
  const last = given.findLast(({ order }) => ['pause', 'resume', 'proceed', 'cancel'].includes(order));
  return last?.order === 'pause' ? last : null;
};

export const cancelOf = ({ given }: RunOrders): Order | null =>
  given.find(({ order }) => order === 'cancel') ?? null;

export const proceedOf = ({ given }: RunOrders): Order | null =>
  given.find(({ order }) => order === 'proceed') ?? null;

/** The order by which a step is left out; null where there is none. */
export const skipOrderOf = (orders: RunOrders | undefined, step: Order['step']): Order | null =>
  orders?.given.find((one) => one.order === 'skip' && one.step === step) ?? null;

/** How long a run was paused until now, all pauses together. Milliseconds. */
export function pausedMs({ given }: RunOrders, now: number): number {
  let since: number | null = null;
  let sum = 0;
  for (const { order, at } of given) {
    if (order === 'pause') since ??= Date.parse(at);
    if (since === null || !['resume', 'proceed', 'cancel'].includes(order)) continue;
    sum += Date.parse(at) - since;
    since = null;
  }
  return since === null ? sum : sum + now - since;
}

const words: Readonly<Record<OrderKind, string>> = {
  pause: 'hold it',
  resume: 'let it go on',
  skip: 'leave out a wait',
  cancel: 'cancel it',
  proceed: 'go on as a failover',
};

/** An order in a line: who, what and when. */
export const orderText = ({ order, step, by, at }: Order): string =>
  `${by} ordered at ${at} to ${words[order]}${step === undefined ? '' : ` (${step})`}`;

/** What an order comes to. Only `taken` changes anything. */
export type OrderResult =
  | { readonly kind: 'taken'; readonly orders: RunOrders; readonly words: string }
  | { readonly kind: 'refused'; readonly words: string };

const refused = (text: string): OrderResult => ({ kind: 'refused', words: `${text} Nothing was changed.` });

/** What an order comes to, given the orders before it. @param isPlanned whether the run began as a planned move */
export function takeOrder(before: RunOrders, given: Order, isPlanned: boolean): OrderResult {
  const cancelled = cancelOf(before);
  if (cancelled !== null) return refused(`It is being cancelled already: ${orderText(cancelled)}.`);
  if (before.given.length >= ORDERS_MAX)
    return refused(`This run has had ${ORDERS_MAX} orders; pilotlight stop ends it.`);
  const taken = (text: string): OrderResult => ({
    kind: 'taken',
    orders: { ...before, given: [...before.given, given] },
    words: text,
  });
  const pause = pauseOf(before);
  const isWayHome = workflowOfExecution(before.execution) === 'failback';
  switch (given.order) {
    case 'pause':
      if (pause !== null) return refused(`It is to hold already: ${orderText(pause)}.`);
      return taken(
        isWayHome
          ? 'It holds at the next safe point: before the users are moved, to the page or to the primary. What carries the data goes on.'
          : 'It holds at the next safe point: before the users are moved, to the page or to the standby. What is built goes on.',
      );
    case 'resume':
      return pause === null ? refused('It does not wait for anybody.') : taken('It goes on.');
    case 'skip':
      return skip(before, given, taken);
    case 'cancel':
      return taken(
        isWayHome
          ? 'It is given up: users stay on the standby, or go back to it, with nothing lost.'
          : 'It goes back to the nearest safe state: to the primary if that is well, else users stay where they are. The standby is not built any further.',
      );
    case 'proceed': {
      const earlier = proceedOf(before);
      if (earlier !== null) return refused(`It goes on as a failover already: ${orderText(earlier)}.`);
      if (isWayHome) return refused('It is no planned move, but a way home.');
      if (!isPlanned) return refused('It is no planned move, but a failover from its beginning.');
      return taken('It goes on as a failover: with what was shipped. Writes may be lost.');
    }
  }
}

function skip(before: RunOrders, { step }: Order, taken: (text: string) => OrderResult): OrderResult {
  if (step === undefined) return refused(`No step was named; these can be skipped: ${skippable.join(', ')}.`);
  const asked = skipOf(step);
  if (!asked.may) return refused(`The step ${step} may not be skipped: ${asked.why}.`);
  // Of the shares each is held anew.
  const already = step === 'share' ? null : skipOrderOf(before, step);
  if (already !== null) return refused(`It is skipped already: ${orderText(already)}.`);
  return taken(`Skipped: ${asked.what}. Lost by it: ${asked.lost}.`);
}
