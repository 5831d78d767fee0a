import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Config, Workload } from '../../../core/config/schema.ts';

/** What a function does with routes: look, move, or ask whether a move has spread. */
export type RouteUse = 'read' | 'move' | 'confirm';

/** The key-value strategy: the whole route is one value in the workload's store. */
const storeCalls = {
  read: ['DescribeKeyValueStore', 'GetKey'],
  move: ['DescribeKeyValueStore', 'GetKey', 'PutKey'],
  // A store has no say in when a change is everywhere: only the probes decide.
  confirm: [],
} as const satisfies Record<RouteUse, readonly string[]>;

/** The distribution strategy: the route is the distribution itself, and the ledger remembers what was moved. */
const distributionCalls = {
  read: { cloudFront: ['GetDistributionConfig'], ledger: ['GetItem'] },
  move: { cloudFront: ['GetDistributionConfig', 'UpdateDistribution'], ledger: ['GetItem', 'UpdateItem'] },
  confirm: { cloudFront: ['CreateInvalidation', 'GetDistribution'], ledger: ['GetItem', 'UpdateItem'] },
} as const satisfies Record<
  RouteUse,
  { readonly cloudFront: readonly string[]; readonly ledger: readonly string[] }
>;

/** The statements on the stores and distributions of the configured workloads, each by the strategy of its workload. */
export function routeStatements(
  use: RouteUse,
  { config, ledgerArn }: { readonly config: Config; readonly ledgerArn: string },
): PolicyStatement[] {
  const workloads = Object.values(config.workloads);
  const stores = workloads.flatMap(({ edge }) =>
    edge.strategy === 'key-value' ? (edge.keyValueStoreArn ?? []) : [],
  );
  const distributions = workloads.flatMap(({ edge }) =>
    edge.strategy === 'distribution' ? distributionArn(config, edge) : [],
  );
  const { cloudFront, ledger } = distributionCalls[use];
  return [
    ...statement('cloudfront-keyvaluestore', storeCalls[use], stores),
    ...statement('cloudfront', cloudFront, distributions),
    ...statement('dynamodb', ledger, distributions.length === 0 ? [] : [ledgerArn]),
  ];
}

const distributionArn = (config: Config, edge: Workload['edge']): string =>
  `arn:aws:cloudfront::${config.controller.account}:distribution/${edge.distributionId}`;

/** A statement about nothing would not be valid, so there is none then. */
function statement(
  service: string,
  calls: readonly string[],
  resources: readonly string[],
): PolicyStatement[] {
  if (calls.length === 0 || resources.length === 0) return [];
  return [
    new PolicyStatement({
      effect: Effect.ALLOW,
      actions: calls.map((call) => `${service}:${call}`),
      resources: [...new Set(resources)],
    }),
  ];
}
