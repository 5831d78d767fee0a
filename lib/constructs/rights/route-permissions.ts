import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Config, Workload } from '../../../core/config/schema.ts';
import type { WorkloadGrant } from './spread.ts';

/** What a function does with routes: look, move, or ask whether a move has spread; or write the beacon beside them. */
export type RouteUse = 'read' | 'move' | 'confirm' | 'beacon';

/** The key-value strategy: the whole route is one value in the workload's store. */
const storeCalls = {
  read: ['DescribeKeyValueStore', 'GetKey'],
  move: ['DescribeKeyValueStore', 'GetKey', 'PutKey'],
  // A store has no say in when a change is everywhere: only the probes decide.
  confirm: [],
  // A key cannot be named in a policy: who may write the beacon may write the store.
  beacon: ['DescribeKeyValueStore', 'PutKey'],
} as const satisfies Record<RouteUse, readonly string[]>;

/** The distribution strategy: the route is the distribution itself, and the ledger remembers what was moved. */
const distributionCalls = {
  read: { cloudFront: ['GetDistributionConfig'], ledger: ['GetItem'] },
  move: { cloudFront: ['GetDistributionConfig', 'UpdateDistribution'], ledger: ['GetItem', 'UpdateItem'] },
  confirm: { cloudFront: ['CreateInvalidation', 'GetDistribution'], ledger: ['GetItem', 'UpdateItem'] },
  // It has no store, so it is not measured.
  beacon: { cloudFront: [], ledger: [] },
} as const satisfies Record<
  RouteUse,
  { readonly cloudFront: readonly string[]; readonly ledger: readonly string[] }
>;

/** What a function may do to the stores and distributions of the configured workloads, each by its workload's strategy. */
export function routeGrants(use: RouteUse, config: Config): readonly WorkloadGrant[] {
  return Object.entries(config.workloads).flatMap(([workloadId, { edge }]) => {
    const { service, calls, resource } =
      edge.strategy === 'key-value'
        ? {
            service: 'cloudfront-keyvaluestore',
            calls: storeCalls[use],
            resource: edge.keyValueStoreArn,
          }
        : {
            service: 'cloudfront',
            calls: distributionCalls[use].cloudFront,
            resource: distributionArn(config, edge),
          };
    if (resource === undefined || calls.length === 0) return [];
    return [{ workloadId, actions: calls.map((call) => `${service}:${call}`), resource }];
  });
}

/** The statements on what the distribution strategy keeps in the ledger, where some workload is moved by it. */
export function routeMemoryStatements(
  use: RouteUse,
  { config, ledgerArn }: { readonly config: Config; readonly ledgerArn: string },
): PolicyStatement[] {
  const calls = distributionCalls[use].ledger;
  const remembers = Object.values(config.workloads).some(({ edge }) => edge.strategy === 'distribution');
  if (!remembers || calls.length === 0) return [];
  return [
    new PolicyStatement({
      effect: Effect.ALLOW,
      actions: calls.map((call) => `dynamodb:${call}`),
      resources: [ledgerArn],
    }),
  ];
}

const distributionArn = (config: Config, edge: Workload['edge']): string =>
  `arn:aws:cloudfront::${config.controller.account}:distribution/${edge.distributionId}`;

/** The grants as statements: one for all resources that the same may be done to. */
export function statementsOf(grants: readonly WorkloadGrant[]): PolicyStatement[] {
  const byActions = Map.groupBy(grants, ({ actions }) => actions.join(' '));
  return [...byActions.values()].map(
    (alike) =>
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: [...(alike[0]?.actions ?? [])],
        resources: alike.map(({ resource }) => resource),
      }),
  );
}
