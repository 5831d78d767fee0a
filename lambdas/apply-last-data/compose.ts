import { dataStoreOf, lagProbeOf } from '../adapters/data.ts';
import { ledgerOf } from '../adapters/ledger.ts';
import type { Compose } from '../runtime.ts';
import { makeApplyLastData } from './apply-last-data.ts';

export const compose: Compose = (runtime) =>
  makeApplyLastData({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    ledger: ledgerOf(runtime),
    stores: dataStoreOf(runtime),
    lag: lagProbeOf(runtime),
  });
