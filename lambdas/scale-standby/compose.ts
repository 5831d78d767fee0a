import { ledgerOf } from '../adapters/ledger.ts';
import { standbyOf } from '../adapters/standby.ts';
import type { Compose } from '../runtime.ts';
import { makeScaleStandby } from './scale-standby.ts';

export const compose: Compose = (runtime) =>
  makeScaleStandby({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    ledger: ledgerOf(runtime),
    standby: standbyOf(runtime),
  });
