import { makeOrderBook } from '../../clouds/aws/ledger/order-book.ts';
import type { OrderBook } from '../../core/ports.ts';
import type { Runtime } from '../runtime.ts';

export const orderBookOf = (runtime: Runtime): OrderBook =>
  makeOrderBook({ ...runtime.aws, tableName: runtime.resources.ledgerTable });
