import { ledgerOf } from '../adapters/ledger.ts';
import { parkedRecordsOf, powerOf } from '../adapters/power.ts';
import type { Compose } from '../runtime.ts';
import { makeParkStandby } from './park-standby.ts';

export const compose: Compose = (runtime) =>
  makeParkStandby({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    ledger: ledgerOf(runtime),
    power: powerOf(runtime),
    records: parkedRecordsOf(runtime),
  });
