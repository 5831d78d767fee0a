import { dataReportsOf, dataStoreOf, lagProbeOf } from '../adapters/data.ts';
import type { Compose } from '../runtime.ts';
import { makeMeasureData } from './measure-data.ts';

export const compose: Compose = (runtime) =>
  makeMeasureData({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    metrics: runtime.metrics,
    reports: dataReportsOf(runtime),
    stores: dataStoreOf(runtime),
    lag: lagProbeOf(runtime),
  });
