import { noOrders, proceedOf } from '../../../core/ledger/orders.ts';
import type { OrderBook } from '../../../core/ports.ts';
import type { AwsAccess } from '../client.ts';
import { allOf, clauses, updateIf } from './ledger-clauses.ts';
import { text, vouchValue } from './ledger-items.ts';
import { makeLedgerTable } from './ledger-table.ts';

/**
 * The orders that people give to runs. They stand in the item of the lease, because they are for whoever holds it: one condition says that
 * it does, and that nobody else has given an order since these were read.
 */
export function makeOrderBook(options: AwsAccess & { readonly tableName: string }): OrderBook {
  const table = makeLedgerTable(options, options.tableName);
  return {
    async read(workload) {
      const lease = await table.readLease(workload);
      if (lease?.holder == null) return null;
      return { expiresAt: lease.expiresAt, orders: lease.orders ?? noOrders(lease.holder) };
    },
    async write(workload, { before, next }) {
      const proceed = proceedOf(next);
      const vouches = proceed !== null && proceedOf(before) === null;
      const update = `SET #orders = :orders${vouches ? ', #vouch = :vouch' : ''}`;
      const isFirst = before.given.length === 0 && before.held === null;
      const condition = allOf(
        clauses.holderIsStillUs,
        isFirst ? clauses.ordersAreOfAnotherRun : clauses.ordersAreAsRead,
      );
      const values = {
        execution: text(next.execution),
        orders: text(JSON.stringify(next)),
        ordersAsRead: text(JSON.stringify(before)),
        ordersOfRun: text(`{"execution":${JSON.stringify(next.execution)},`),
        // Whoever orders it knows what they do: it is the word that an outage is confirmed by.
        ...(vouches ? { vouch: vouchValue({ ...proceed, execution: next.execution }) } : {}),
      };
      return (await table.updateLease(workload, updateIf(update, condition, values))).done;
    },
  };
}
