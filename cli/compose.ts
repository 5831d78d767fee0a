import { makeApprovals } from '../clouds/aws/approval/approvals.ts';
import { makeCaller } from '../clouds/aws/caller.ts';
import type { AwsAccess } from '../clouds/aws/client.ts';
import { makeDataLedger } from '../clouds/aws/data/data-ledger.ts';
import { makeDistributionRouteStore } from '../clouds/aws/route/distribution-store.ts';
import { makeLedger } from '../clouds/aws/ledger/ledger.ts';
import { makeOrderBook } from '../clouds/aws/ledger/order-book.ts';
import { makeOperations } from '../clouds/aws/ledger/operations.ts';
import { makeFence } from '../clouds/aws/route/fence-client.ts';
import { makeRouteStore } from '../clouds/aws/route/route-store.ts';
import { makeSpreadLedger } from '../clouds/aws/route/spread-ledger.ts';
import { makeBackgroundInvoker } from '../clouds/aws/run/background-invoker.ts';
import { makeWorkflow } from '../clouds/aws/run/workflow.ts';
import { makeParkedLedger } from '../clouds/aws/standby/parked-ledger.ts';
import { makeWatchLedger } from '../clouds/aws/watch/watch-ledger.ts';
import { workloadOf } from '../core/config/parse.ts';
import type { Config } from '../core/config/schema.ts';
import { LEDGER_TABLE, PARKED_FUNCTION } from '../core/names.ts';
import type { Clock, Log, RouteStore } from '../core/ports.ts';
import type { CloudDeps } from './command.ts';

/** What the ports are made from. */
export interface Composition {
  readonly config: Config;
  readonly access: AwsAccess;
  readonly clock: Clock;
  /** Where the adapters' warnings go. */
  readonly log: Log;
}

/** The real adapters over one access to AWS; nothing is called before somebody asks. */
export function compose(parts: Composition): CloudDeps {
  const { access, config, clock, log } = parts;
  const table = { ...access, tableName: LEDGER_TABLE };
  const lookAtParked = makeBackgroundInvoker({ ...access, functionName: PARKED_FUNCTION });
  return {
    operations: makeOperations(table),
    ledger: makeLedger({ ...table, log }),
    approvals: makeApprovals({ ...table, clock }),
    orders: makeOrderBook(table),
    memories: makeWatchLedger(table),
    reports: makeDataLedger(table),
    parked: makeParkedLedger(table),
    lookAtParked: (workload) => lookAtParked({ workload }),
    spreads: makeSpreadLedger(table),
    workflow: makeWorkflow({ ...access, account: config.controller.account }),
    routes: routesOf(parts),
    doorFence: (workload) => {
      const { fence } = workloadOf(config, workload).primary;
      return fence === undefined ? null : makeFence({ ...access, ruleArn: fence.listenerRuleArn });
    },
    caller: makeCaller(access),
  };
}

/** Each workload's route is where its strategy keeps it. */
function routesOf({ access, config, clock, log }: Composition): RouteStore {
  const edgeOf = (workload: string) => workloadOf(config, workload).edge;
  const keyValue = makeRouteStore({
    ...access,
    // The config is refused where the strategy is key-value and the store is missing.
    storeArnOf: (workload) => edgeOf(workload).keyValueStoreArn ?? '',
  });
  const distribution = makeDistributionRouteStore({
    ...access,
    distributionIdOf: (workload) => edgeOf(workload).distributionId,
    originIdsOf: (workload) => edgeOf(workload).originIds,
    tableName: LEDGER_TABLE,
    clock,
    log,
  });
  const storeOf = (workload: string): RouteStore =>
    edgeOf(workload).strategy === 'key-value' ? keyValue : distribution;
  return {
    read: (workload) => storeOf(workload).read(workload),
    write: (workload, route, version) => storeOf(workload).write(workload, route, version),
    confirmSpread: (workload) => storeOf(workload).confirmSpread(workload),
  };
}
