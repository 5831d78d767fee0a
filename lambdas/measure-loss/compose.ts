import { dataReportsOf, dataStoreOf, lagProbeOf } from '../adapters/data.ts';
import { ledgerOf } from '../adapters/ledger.ts';
import type { Compose } from '../runtime.ts';
import { makeMeasureLoss } from './measure-loss.ts';

export const compose: Compose = (runtime) =>
  makeMeasureLoss({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    ledger: ledgerOf(runtime),
    reports: dataReportsOf(runtime),
    stores: dataStoreOf(runtime),
    lag: lagProbeOf(runtime),
  });
