import { ledgerOf } from '../adapters/ledger.ts';
import { demolitionOf } from '../adapters/pipeline.ts';
import { parkedRecordsOf, powerOf } from '../adapters/power.ts';
import { standbyOf } from '../adapters/standby.ts';
import type { Compose } from '../runtime.ts';
import { makePutAwayStandby } from './put-away-standby.ts';

export const compose: Compose = (runtime) =>
  makePutAwayStandby({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    ledger: ledgerOf(runtime),
    power: powerOf(runtime),
    records: parkedRecordsOf(runtime),
    standby: standbyOf(runtime),
    demolition: demolitionOf(runtime),
  });
