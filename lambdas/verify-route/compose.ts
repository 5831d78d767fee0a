import { ledgerOf } from '../adapters/ledger.ts';
import { proberOf } from '../adapters/prober.ts';
import { routeStoreOf } from '../adapters/route-store.ts';
import type { Compose } from '../runtime.ts';
import { makeVerifyRoute } from './verify-route.ts';

export const compose: Compose = (runtime) =>
  makeVerifyRoute({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    ledger: ledgerOf(runtime),
    prober: proberOf(runtime),
    routes: routeStoreOf(runtime),
  });
