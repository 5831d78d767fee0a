import { ledgerOf } from '../adapters/ledger.ts';
import { routeStoreOf } from '../adapters/route-store.ts';
import { spreadLedgerOf } from '../adapters/spread.ts';
import type { Compose } from '../runtime.ts';
import { makeTakeLease } from './take-lease.ts';

export const compose: Compose = (runtime) =>
  makeTakeLease({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    ledger: ledgerOf(runtime),
    routes: routeStoreOf(runtime),
    spreads: spreadLedgerOf(runtime),
  });
