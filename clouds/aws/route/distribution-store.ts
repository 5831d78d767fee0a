import {
  isServing,
  isUnfinished,
  planMove,
  servedRoute,
  type DistributionState,
  type ManagedOrigins,
  type MovePlan,
} from '../../../core/route/distribution.ts';
import { CloudAnswerUnreadable, UnsafeMove } from '../../../core/errors.ts';
import { shown } from '../../../core/problems.ts';
import type { Clock, Log, RouteStore } from '../../../core/ports.ts';
import type { Route } from '../../../core/route/route.ts';
import type { AwsAccess } from '../client.ts';
import { makeDistributionClient, type DistributionClient } from './distribution-client.ts';
import { leaseLost, makeRouteLedger, type RouteLedger } from './route-ledger.ts';

export interface DistributionRouteStoreOptions extends AwsAccess {
  readonly distributionIdOf: (workload: string) => string;
  readonly originIdsOf: (workload: string) => ManagedOrigins;
  /** The ledger's table. */
  readonly tableName: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** A route store whose writes take minutes to be everywhere. */
export interface DistributionRouteStore extends RouteStore {
  /**
   * Whether every edge location has the last route. Once they have, what they had cached is invalidated, one time for
   * each move; asking again is harmless. False while the deployment runs, and where somebody has changed the
   * distribution since so that it does not serve the route.
   */
  confirmSpread(workload: string): Promise<boolean>;
}

/**
 * The route of a workload, kept in its distribution: see core/route/distribution.ts. Each move is two writes, and the order is
 * what makes it safe. First a claim in the ledger, on the condition that nobody claimed since we read and that no newer
 * fence stands there; it also holds the way home, so that no crash can lose it. Then UpdateDistribution, on the condition
 * that nobody updated since we read. Who reads afterwards believes the distribution, never the claim:
 * - stopped before the claim: nothing has happened;
 * - stopped between the two: the distribution contradicts the claim, the route is read under fence 0, and written again;
 * - stopped after both: they agree, and the route is read as it was claimed: already there.
 * An update of an older lease that is still on its way names a version, which the next update makes obsolete.
 */
export function makeDistributionRouteStore(options: DistributionRouteStoreOptions): DistributionRouteStore {
  const parts: Parts = {
    options,
    distributions: makeDistributionClient(options),
    ledger: makeRouteLedger(options),
  };
  return {
    async read(workload) {
      const { version, state } = await look(parts, workload);
      const route = servedRoute(state, new Date(options.clock.now()).toISOString());
      return { route, version };
    },
    write: (workload, route, version) => write(parts, { workload, route, version }),
    confirmSpread: (workload) => confirmSpread(parts, workload),
  };
}

interface Parts {
  readonly options: DistributionRouteStoreOptions;
  readonly distributions: DistributionClient;
  readonly ledger: RouteLedger;
}

interface Move {
  readonly workload: string;
  readonly route: Route;
  readonly version: string;
}

/** A version names both truths: the distribution's ETag, and the epoch of the claim that was read beside it. */
const versionOf = (etag: string, epoch: number | null): string => `${etag} ${epoch ?? 'none'}`;

async function look({ options, distributions, ledger }: Parts, workload: string) {
  const { version: etag, document } = await distributions.readConfig(options.distributionIdOf(workload));
  const record = await ledger.read(workload);
  const state: DistributionState = {
    view: document.view,
    managed: options.originIdsOf(workload),
    record,
  };
  return { etag, document, state, version: versionOf(etag, record?.route.epoch ?? null) };
}

async function write(parts: Parts, move: Move): Promise<boolean> {
  const { workload, route } = move;
  refuseCanary(move);
  // Read again: only the document itself can be sent back whole.
  const { etag, document, state, version } = await look(parts, workload);
  const { record } = state;
  if (record !== null && record.route.fence > route.fence) throw leaseLost(workload, route, record.route);
  if (version !== move.version) return false;
  const plan = planOf(parts, move, state);
  const epochAsRead = record?.route.epoch ?? null;
  if (!(await parts.ledger.claim({ workload, route, home: plan.home, epochAsRead }))) return false;
  // An earlier update may still be on its way to CloudFront. Even where nothing is left to change, sending the same
  // configuration again makes the version that it names obsolete.
  if (plan.changes.length === 0 && !isUnfinished(state)) return true;
  const id = parts.options.distributionIdOf(workload);
  return parts.distributions.update(id, etag, document.retarget(plan.changes));
}

function refuseCanary({ workload, route }: Move): void {
  if (route.canary === undefined) return;
  throw new UnsafeMove(
    `The route of ${workload} was to send ${route.canary.percent} % of the users to ${route.canary.origin}, and its ` +
      'distribution moves everybody at once. Nothing was changed. Remove policy.canary, or use the key-value strategy.',
  );
}

type Plan = Extract<MovePlan, { kind: 'planned' }>;

function planOf({ options }: Parts, { workload, route }: Move, state: DistributionState): Plan {
  const plan = planMove(state, route.origin);
  const distribution = options.distributionIdOf(workload);
  if (plan.kind === 'refused') {
    throw new UnsafeMove(
      `The distribution ${distribution} of ${workload} cannot be moved to ${route.origin}; nothing was changed:\n` +
        plan.problems.map((problem) => `- ${problem}`).join('\n'),
    );
  }
  const { added, gone, changes } = plan;
  if (added.length > 0 || gone.length > 0) {
    options.log.warn('behaviours of the distribution were added or removed while the route was away', {
      workload,
      distribution,
      added,
      gone,
    });
  }
  options.log.info('the distribution is to be moved', { workload, distribution, to: route.origin, changes });
  return plan;
}

async function confirmSpread({ options, distributions, ledger }: Parts, workload: string): Promise<boolean> {
  const id = options.distributionIdOf(workload);
  const document = await distributions.readDistribution(id);
  const deployed = readStatus(document.status) === 'Deployed';
  const record = await ledger.read(workload);
  // Nothing was ever moved, so nothing of ours has to spread.
  if (record === null) return deployed;
  const { route } = record;
  const state = { view: document.view, managed: options.originIdsOf(workload), record };
  if (!deployed || !isServing(state, route.origin)) return false;
  if (record.settled) return true;
  // The moment keeps references apart even where the ledger was lost and epochs began anew.
  const reference = `pilotlight/${workload}/${route.epoch}/${route.at}`;
  if (!(await distributions.invalidateAll(id, reference))) {
    options.log.warn('too many invalidations are under way; asking again', { workload, distribution: id });
    return false;
  }
  return ledger.settle(workload, route.epoch);
}

function readStatus(status: string | undefined): 'Deployed' | 'InProgress' {
  if (status === 'Deployed' || status === 'InProgress') return status;
  throw new CloudAnswerUnreadable('CloudFront GetDistribution', [
    `Status: got ${shown(status)}, expected InProgress or Deployed`,
  ]);
}
