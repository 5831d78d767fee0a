import { makeDistributionRouteStore } from '../../clouds/aws/route/distribution-store.ts';
import { makeRouteStore } from '../../clouds/aws/route/route-store.ts';
import { workloadOf } from '../../core/config/parse.ts';
import type { RouteStore } from '../../core/ports.ts';
import type { Runtime } from '../runtime.ts';

/** The route store of each workload, by the strategy of its edge. */
export function routeStoreOf(runtime: Runtime): RouteStore {
  const edgeOf = (workload: string) => workloadOf(runtime.config, workload).edge;
  const stores = {
    'key-value': makeRouteStore({
      ...runtime.aws,
      // The config is refused where the strategy is key-value and the store is missing.
      storeArnOf: (workload) => edgeOf(workload).keyValueStoreArn ?? '',
    }),
    distribution: makeDistributionRouteStore({
      ...runtime.aws,
      distributionIdOf: (workload) => edgeOf(workload).distributionId,
      originIdsOf: (workload) => edgeOf(workload).originIds,
      tableName: runtime.resources.ledgerTable,
      clock: runtime.clock,
      log: runtime.log,
    }),
  };
  const storeOf = (workload: string): RouteStore => stores[edgeOf(workload).strategy];
  return {
    read: (workload) => storeOf(workload).read(workload),
    write: (workload, route, version) => storeOf(workload).write(workload, route, version),
    confirmSpread: (workload) => storeOf(workload).confirmSpread(workload),
  };
}
