import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Config } from '../../../core/config/schema.ts';
import { machineNameOf, workflowNames } from '../../../core/names.ts';
import { alarmSourcesOf } from '../../../core/watch/detection.ts';
import type { Abilities } from './permissions.ts';

const allow = (actions: readonly string[], resources: readonly string[]): PolicyStatement =>
  new PolicyStatement({ effect: Effect.ALLOW, actions: [...actions], resources: [...resources] });

/** A statement with a wildcard in its resources, and why it is harmless all the same. */
export interface UnscopedStatement {
  readonly statement: PolicyStatement;
  readonly reason: string;
}

/** Sending traces. Source: Service Authorization Reference, AWS X-Ray (no resource types for these actions). */
const sendTraces = (): UnscopedStatement => ({
  statement: allow(['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], ['*']),
  reason: 'X-Ray takes no ARN for sending traces.',
});

/** The statements that need a wildcard, narrowed as far as the service lets us. */
export function unscopedStatements(
  { reads, targets, speaksTo, traced, closes }: Abilities,
  config: Config,
): UnscopedStatement[] {
  return [
    ...(traced === false ? [] : [sendTraces()]),
    ...(reads === undefined ? [] : [readAlarms(config)]),
    ...(closes === undefined ? [] : [lookAtRuns(config)]),
    ...(targets === undefined ? [] : readTargets(config)),
    ...(speaksTo === undefined ? [] : [proveIdentity()]),
  ];
}

/** Which run it is, the ledger says at that moment. Source: Service Authorization Reference, AWS Step Functions. */
const lookAtRuns = ({ controller: { account, region } }: Config): UnscopedStatement => ({
  statement: allow(
    ['states:DescribeExecution'],
    workflowNames.map(
      (workflow) => `arn:aws:states:${region}:${account}:execution:${machineNameOf(workflow)}:*`,
    ),
  ),
  reason: 'Every run has a name of its own; it reads, and runs of these workflows only.',
});

/**
 * The alarms of the account in the watched Regions. Narrower would be a gamble: the call is checked against `alarm:*` of
 * its Region, whatever is asked for, and a role that may read only some names was refused (issue 1 of
 * aws-samples/amazon-cloudwatch-auto-alarms). Refused alarms would count as unknown, and an outage would go unconfirmed.
 */
function readAlarms(config: Config): UnscopedStatement {
  const regions = Object.entries(config.workloads).flatMap(([id, workload]) =>
    alarmSourcesOf(id, workload, config.controller.region).map(({ region }) => region),
  );
  const { account } = config.controller;
  return {
    statement: allow(
      ['cloudwatch:DescribeAlarms'],
      [...new Set(regions)].map((region) => `arn:aws:cloudwatch:${region}:${account}:alarm:*`),
    ),
    reason:
      'DescribeAlarms is checked against all alarms of a Region; it reads, and in the watched Regions only.',
  };
}

/**
 * The health of the servers in the Regions of primaries that name a target group. Source: Service Authorization Reference, Elastic Load
 * Balancing V2, DescribeTargetHealth (no resource types).
 */
function readTargets({ workloads }: Config): UnscopedStatement[] {
  const regions = Object.values(workloads).flatMap(({ primary: { targetGroup, region } }) =>
    targetGroup === undefined || region === undefined ? [] : [region],
  );
  if (regions.length === 0) return [];
  const statement = allow(['elasticloadbalancing:DescribeTargetHealth'], ['*']);
  statement.addConditions({ StringEquals: { 'aws:RequestedRegion': [...new Set(regions)].sort() } });
  return [
    {
      statement,
      reason: 'Elastic Load Balancing takes no ARN for DescribeTargetHealth; the Regions are bound instead.',
    },
  ];
}

/** What Entra ID expects: this audience, this algorithm; and what the adapter asks for: five minutes. */
const TOKEN = { audience: 'api://AzureADTokenExchange', algorithm: 'RS256', secondsMax: 300 } as const;

/** Source: IAM User Guide, "Controlling access with IAM policies" of outbound identity federation. */
function proveIdentity(): UnscopedStatement {
  const statement = allow(['sts:GetWebIdentityToken'], ['*']);
  statement.addConditions({
    'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': [TOKEN.audience] },
    // ForAllValues holds for a request without any audience too.
    Null: { 'sts:IdentityTokenAudience': 'false' },
    StringEquals: { 'sts:SigningAlgorithm': TOKEN.algorithm },
    NumericLessThanEquals: { 'sts:DurationSeconds': TOKEN.secondsMax },
  });
  return {
    statement,
    reason: 'STS takes no ARN for GetWebIdentityToken; audience, algorithm and duration are bound instead.',
  };
}
