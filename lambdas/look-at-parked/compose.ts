import { announcerOf } from '../adapters/announcer.ts';
import { parkedRecordsOf, powerOf } from '../adapters/power.ts';
import { routeStoreOf } from '../adapters/route-store.ts';
import { standingOf } from '../adapters/standing.ts';
import type { Compose } from '../runtime.ts';
import { makeLookAtParked } from './look-at-parked.ts';

export const compose: Compose = (runtime) =>
  makeLookAtParked({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    power: powerOf(runtime),
    records: parkedRecordsOf(runtime),
    routes: routeStoreOf(runtime),
    standing: standingOf(runtime),
    announcer: announcerOf(runtime),
  });
