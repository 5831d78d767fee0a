import { heldText } from '../core/ledger/held.ts';
import { cancelOf, orderText, pauseOf, type RunOrders } from '../core/ledger/orders.ts';

/** What people have told the run, and what it makes of it, with the next command. */
export function ordersText(orders: RunOrders, workload: string): string {
  const cancel = cancelOf(orders);
  if (cancel !== null) return `${orderText(cancel)}: ${cancel.reason}. It is on its way back.`;
  const pause = pauseOf(orders);
  if (pause === null) return orders.given.map((order) => `${orderText(order)}: ${order.reason}`).join('\n');
  if (orders.held !== null) return heldText(orders, orders.held, workload);
  return (
    `${orderText(pause)}: ${pause.reason}. It goes on to its next safe point, and holds there.\n` +
    `pilotlight resume ${workload} --reason "..."`
  );
}
