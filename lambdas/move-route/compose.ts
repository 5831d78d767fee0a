import { fenceOf } from '../adapters/fence.ts';
import { ledgerOf } from '../adapters/ledger.ts';
import { routeStoreOf } from '../adapters/route-store.ts';
import type { Compose } from '../runtime.ts';
import { makeMoveRoute } from './move-route.ts';

export const compose: Compose = (runtime) =>
  makeMoveRoute({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    ledger: ledgerOf(runtime),
    routes: routeStoreOf(runtime),
    doorFence: fenceOf(runtime),
  });
