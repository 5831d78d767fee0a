import { orderBookOf } from '../adapters/order-book.ts';
import { pipelineOf } from '../adapters/pipeline.ts';
import { routeStoreOf } from '../adapters/route-store.ts';
import type { Compose } from '../runtime.ts';
import { makeLookAtWorld } from './look-at-world.ts';

export const compose: Compose = (runtime) =>
  makeLookAtWorld({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    routes: routeStoreOf(runtime),
    book: orderBookOf(runtime),
    pipeline: pipelineOf(runtime),
  });
