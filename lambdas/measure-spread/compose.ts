import { proberOf } from '../adapters/prober.ts';
import { beaconStoreOf, spreadLedgerOf } from '../adapters/spread.ts';
import { standingOf } from '../adapters/standing.ts';
import type { Compose } from '../runtime.ts';
import { makeMeasureSpread } from './measure-spread.ts';

export const compose: Compose = (runtime) =>
  makeMeasureSpread({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    metrics: runtime.metrics,
    prober: proberOf(runtime),
    standing: standingOf(runtime),
    beacons: beaconStoreOf(runtime),
    spreads: spreadLedgerOf(runtime),
  });
