import type { OrderBook } from '../ports.ts';
import { orderText, takeOrder, type Order, type OrderResult, type RunOrders } from './orders.ts';

/** What came of an order; `execution` is the run that it is for, null where there is none. */
export type Given = OrderResult & { readonly execution: string | null };

/** A step may note that it waits, in the same moment; more than this is no accident. */
const TRIES_MAX = 4;

const nothing = (execution: string | null, words: string): Given => ({
  kind: 'refused',
  execution,
  words: `${words} Nothing was changed.`,
});

const isSame = (one: Order | undefined, other: Order): boolean =>
  one?.at === other.at && one.by === other.by && one.order === other.order;

/** The orders before this one. */
const without = (orders: RunOrders, order: Order): RunOrders => ({
  ...orders,
  given: orders.given.filter((one) => !isSame(one, order)),
});

/**
 * Gives an order to the run that holds the lease. Of two people who give one at the same moment one is the first, and the other is told
 * who that was.
 */
export async function giveOrder(
  book: OrderBook,
  about: {
    readonly workload: string;
    /** The run that is meant; whichever holds the lease where it is left out. */
    readonly execution?: string | undefined;
    readonly order: Order;
    readonly now: number;
    readonly isPlanned: (execution: string) => Promise<boolean>;
  },
): Promise<Given> {
  const { workload, order } = about;
  let seen: RunOrders | null = null;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const found = await book.read(workload);
    if (found === null || found.expiresAt <= about.now) return nothing(null, `No run acts on ${workload}.`);
    const { orders } = found;
    const { execution } = orders;
    if (about.execution !== undefined && about.execution !== execution)
      return nothing(
        execution,
        `${about.execution} does not act on ${workload} any more, ${execution} does.`,
      );
    const last = orders.given.at(-1);
    if (seen !== null && last !== undefined && orders.given.length !== seen.given.length)
      return nothing(
        execution,
        `Somebody was quicker: ${orderText(last)}: ${last.reason}. Look again, and order what is needed then.`,
      );
    // A click is delivered again where the answer to it was lost.
    if (isSame(last, order)) return { ...takeOrder(without(orders, order), order, true), execution };
    const result = takeOrder(orders, order, await about.isPlanned(execution));
    if (result.kind === 'refused') return { ...result, execution };
    if (await book.write(workload, { before: orders, next: result.orders })) return { ...result, execution };
    seen = orders;
  }
  return nothing(null, 'Others write to this run all the time; try again.');
}
