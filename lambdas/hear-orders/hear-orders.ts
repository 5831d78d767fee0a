import type * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config, Workload } from '../../core/config/schema.ts';
import { heldMessage } from '../../core/ledger/held.ts';
import {
  cancelOf,
  HOLD_SECONDS_MAX,
  noOrders,
  pausedMs,
  pauseOf,
  safePointSchema,
  type RunOrders,
  type SafePoint,
} from '../../core/ledger/orders.ts';
import type { Announcer, Call, Clock, Ledger, Log, OrderBook } from '../../core/ports.ts';
import type { Step } from '../runtime.ts';
import { iso, readInput, renewLease, stepSchema } from '../step-input.ts';

const inputSchema = stepSchema.extend({ point: safePointSchema });
type Input = z.infer<typeof inputSchema>;

export interface HearOrdersDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly book: OrderBook;
  readonly announcer: Announcer;
}

/** `hold`: it waits still, and is asked again. */
export interface HearOrdersOutput {
  readonly order: 'none' | 'hold' | 'cancel';
}

/** Who lets a run go on waits for it: it hears that soon. Milliseconds. */
const PAUSE_MS = 5_000;
/** What a round and the end of the call take. Milliseconds. */
const ROUND_MS = 40_000;

/**
 * Waits where a person holds the run, until they let it go on, cancel it, or have held it for as long as a run may be held: then it is
 * cancelled, for nobody is there who would say anything else. People are told when it stops, and again while it stands.
 */
export const makeHearOrders =
  (deps: HearOrdersDeps): Step =>
  async (raw, call): Promise<HearOrdersOutput> => {
    const input = readInput('hear-orders', inputSchema, raw);
    const workload = workloadOf(deps.config, input.run.workload);
    for (;;) {
      const heard = await hear(deps, input, workload);
      if (heard !== 'hold' || !hasTime(call)) return { order: heard };
      await deps.clock.sleep(PAUSE_MS);
    }
  };

const hasTime = (call: Call): boolean => call.remainingMs() >= ROUND_MS;

async function hear(
  deps: HearOrdersDeps,
  input: Input,
  workload: Workload,
): Promise<HearOrdersOutput['order']> {
  const { orders = noOrders(input.run.execution) } = await renewLease(deps, input, workload);
  const now = deps.clock.now();
  if (cancelOf(orders) !== null) return 'cancel';
  if (pauseOf(orders) === null) {
    if (orders.held !== null) await write(deps, input, { before: orders, next: { ...orders, held: null } });
    return 'none';
  }
  if (pausedMs(orders, now) >= HOLD_SECONDS_MAX * 1000) {
    // Where somebody orders something at this moment, their word is heard in the next round.
    await write(deps, input, { before: orders, next: cancelledByTime(orders, now) });
    return 'hold';
  }
  await stand(deps, input, { orders, workload, now });
  return 'hold';
}

const cancelledByTime = (orders: RunOrders, now: number): RunOrders => ({
  ...orders,
  given: [
    ...orders.given,
    {
      order: 'cancel',
      by: 'Pilotlight',
      reason: `it was held for ${HOLD_SECONDS_MAX / 3600} h, and nobody let it go on`,
      at: iso(now),
    },
  ],
});

type Change = Parameters<OrderBook['write']>[1];

const write = (deps: HearOrdersDeps, { run }: Input, change: Change): Promise<boolean> =>
  deps.book.write(run.workload, change);

/** Notes that the run stands, and tells people. Whoever cannot be told is told in the next round. */
async function stand(
  deps: HearOrdersDeps,
  input: Input,
  {
    orders,
    workload,
    now,
  }: { readonly orders: RunOrders; readonly workload: Workload; readonly now: number },
): Promise<void> {
  const held = heldAt(orders, input.point, now);
  const isDue =
    held.toldAt === null || now - Date.parse(held.toldAt) >= workload.limits.holdReminderSeconds * 1000;
  if (!isDue) return;
  // Noted first: where a second order comes between, nobody is told of a hold that is over.
  const told = { ...held, toldAt: iso(now) };
  if (!(await write(deps, input, { before: orders, next: { ...orders, held: told } }))) return;
  try {
    await deps.announcer.announce({
      ...heldMessage({ run: input.run, orders, held, workload, now }),
      workload: input.run.workload,
      outcome: 'Held',
    });
  } catch (error) {
    deps.log.warn('people could not be told that a run is held', { execution: input.run.execution, error });
  }
}

function heldAt({ held }: RunOrders, point: SafePoint, now: number): NonNullable<RunOrders['held']> {
  return held?.point === point ? held : { point, since: iso(now), toldAt: null };
}
