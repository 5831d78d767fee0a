import { cancelOf, orderText, proceedOf, type Order } from '../ledger/orders.ts';
import type { WorkflowState } from './state.ts';

/* What people told a run, as its record tells it. */

type Known = Pick<WorkflowState, 'world'>;

const ordersOf = ({ world }: Known): readonly Order[] => world?.value.orders?.given ?? [];

/** The lines of the timeline. */
export const orderEntries = (state: Known): (readonly [string, string])[] =>
  ordersOf(state).map((order) => [order.at, `${orderText(order)}: ${order.reason}`]);

/** Who cancelled the run; what is not known any more is said. */
export function cancelText({ world }: Known): string {
  const orders = world?.value.orders;
  const cancel = orders === undefined ? null : cancelOf(orders);
  if (cancel === null) return 'The run was cancelled by an order; who gave it could not be read.';
  return `The run was cancelled: ${orderText(cancel)}: ${cancel.reason}.`;
}

/** By whose order a planned move became a failover; null where its primary died. */
export function proceedText({ world }: Known): string | null {
  const orders = world?.value.orders;
  const proceed = orders === undefined ? null : proceedOf(orders);
  return proceed === null ? null : `${orderText(proceed)}: ${proceed.reason}.`;
}
