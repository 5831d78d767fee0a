import { announcerOf } from '../adapters/announcer.ts';
import { ledgerOf } from '../adapters/ledger.ts';
import { parkedRecordsOf, powerOf } from '../adapters/power.ts';
import type { Compose } from '../runtime.ts';
import { makeWakeStandby } from './wake-standby.ts';

export const compose: Compose = (runtime) =>
  makeWakeStandby({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    ledger: ledgerOf(runtime),
    power: powerOf(runtime),
    records: parkedRecordsOf(runtime),
    announcer: announcerOf(runtime),
  });
