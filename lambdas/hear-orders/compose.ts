import { announcerOf } from '../adapters/announcer.ts';
import { ledgerOf } from '../adapters/ledger.ts';
import { orderBookOf } from '../adapters/order-book.ts';
import type { Compose } from '../runtime.ts';
import { makeHearOrders } from './hear-orders.ts';

export const compose: Compose = (runtime) =>
  makeHearOrders({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    ledger: ledgerOf(runtime),
    book: orderBookOf(runtime),
    announcer: announcerOf(runtime),
  });
