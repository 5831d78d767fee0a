import { homeStoreOf, lagProbeOf } from '../adapters/data.ts';
import { ledgerOf } from '../adapters/ledger.ts';
import type { Compose } from '../runtime.ts';
import { makeCarryHome } from './carry-home.ts';

export const compose: Compose = (runtime) =>
  makeCarryHome({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    ledger: ledgerOf(runtime),
    stores: homeStoreOf(runtime),
    lag: lagProbeOf(runtime),
  });
