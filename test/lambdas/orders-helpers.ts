import { noOrders, type Order, type OrderKind, type RunOrders } from '../../core/ledger/orders.ts';
import type { OrderBook } from '../../core/ports.ts';
import { lease, run, START } from './fixture.ts';

/** Somebody orders something, so many seconds after the beginning. */
export const order = (kind: OrderKind, seconds = 0, more: Partial<Order> = {}): Order => ({
  order: kind,
  by: 'mina',
  reason: 'a reason',
  at: new Date(START + seconds * 1000).toISOString(),
  ...more,
});

export const ordersOf = (...given: Order[]): RunOrders => ({ ...noOrders(run.execution), given });

/** The orders of the run that holds the lease, in memory. What is written is kept on the condition that nobody wrote since. */
export class MemoryOrders implements OrderBook {
  orders: RunOrders | null = noOrders(run.execution);
  expiresAt: number = lease.expiresAt;
  /** Called before each write: a moment at which somebody else may be quicker. */
  beforeWrite: () => void = () => undefined;

  async read(): Promise<{ expiresAt: number; orders: RunOrders } | null> {
    return this.orders === null ? null : { expiresAt: this.expiresAt, orders: this.orders };
  }

  async write(_: string, { before, next }: { before: RunOrders; next: RunOrders }): Promise<boolean> {
    this.beforeWrite();
    if (JSON.stringify(before) !== JSON.stringify(this.orders)) return false;
    this.orders = next;
    return true;
  }
}
