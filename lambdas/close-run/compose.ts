import { announcerOf } from '../adapters/announcer.ts';
import { ledgerOf } from '../adapters/ledger.ts';
import { orderBookOf } from '../adapters/order-book.ts';
import { pipelineOf } from '../adapters/pipeline.ts';
import { parkedRecordsOf, powerOf } from '../adapters/power.ts';
import { routeStoreOf } from '../adapters/route-store.ts';
import { turnsOf } from '../adapters/turns.ts';
import type { Compose } from '../runtime.ts';
import { makeCloseRun } from './close-run.ts';

export const compose: Compose = (runtime) =>
  makeCloseRun({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    ledger: ledgerOf(runtime),
    turns: turnsOf(runtime),
    routes: routeStoreOf(runtime),
    book: orderBookOf(runtime),
    pipeline: pipelineOf(runtime),
    announcer: announcerOf(runtime),
    power: powerOf(runtime),
    records: parkedRecordsOf(runtime),
  });
