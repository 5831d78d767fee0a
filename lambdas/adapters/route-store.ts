import { makeRouteStore } from '../../clouds/aws/route-store.ts';
import { workloadOf } from '../../core/config/parse.ts';
import type { RouteStore } from '../../core/ports.ts';
import type { Runtime } from '../runtime.ts';

export const routeStoreOf = (runtime: Runtime): RouteStore =>
  makeRouteStore({
    ...runtime.aws,
    // The config is refused where the strategy is key-value and the store is missing.
    storeArnOf: (workload) => workloadOf(runtime.config, workload).edge.keyValueStoreArn ?? '',
  });
