import { makeHttpProber } from '../../clouds/probe/http-prober.ts';
import type { Prober } from '../../core/ports.ts';
import type { Runtime } from '../runtime.ts';

export const proberOf = (runtime: Runtime): Prober =>
  makeHttpProber({
    place: runtime.config.controller.region,
    clock: runtime.clock,
    ...(runtime.fetch === undefined ? {} : { fetch: runtime.fetch }),
  });
