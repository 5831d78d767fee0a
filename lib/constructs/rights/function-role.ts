import { RemovalPolicy } from 'aws-cdk-lib';
import { ManagedPolicy, Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Config } from '../../../core/config/schema.ts';
import { retentionOf } from '../log-retention.ts';
import { scopedStatements, workloadGrants, type Abilities, type Subjects } from './permissions.ts';
import { unscopedStatements } from './unscoped-statements.ts';
import { statementsOf } from './route-permissions.ts';
import { spreadGrants, type WorkloadGrant } from './spread.ts';
import { addUnscopedPolicy } from './unscoped-policy.ts';

/** The log group of a function, by the name that Lambda gives it. */
export const addFunctionLogs = (
  scope: Construct,
  id: string,
  { functionName, config }: { readonly functionName: string; readonly config: Config },
): LogGroup =>
  new LogGroup(scope, id, {
    logGroupName: `/aws/lambda/${functionName}`,
    retention: retentionOf(config),
    // What a run did stays in the ledger; a group that outlives its stack would block the next deployment by its name.
    removalPolicy: RemovalPolicy.DESTROY,
  });

/** Writing to log groups that are there already. */
export const writeLogs = (groups: readonly ILogGroup[]): PolicyStatement =>
  new PolicyStatement({
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: groups.map(({ logGroupArn }) => logGroupArn),
  });

export interface FunctionRole {
  /** Only for a role that something outside knows by its name. */
  readonly roleName?: string;
  readonly description: string;
  /** One for each function that uses the role. */
  readonly able: readonly Abilities[];
  readonly logGroups: readonly ILogGroup[];
  readonly subjects: Subjects;
  /** What only this role needs, on resources of its own stack. */
  readonly more?: readonly PolicyStatement[];
}

/** Functions that share a role may want the same of a workload: it is granted once, or a fleet would fill the role twice. */
const distinct = (grants: readonly WorkloadGrant[]): readonly WorkloadGrant[] => [
  ...new Map(
    grants.map((grant) => [`${grant.resource} ${grant.actions.join(' ')}`, grant] as const),
  ).values(),
];

/** The role of one function, or of several that must share one: their rows of abilities, and nothing else. */
export function addFunctionRole(scope: Construct, id: string, made: FunctionRole): Role {
  const { roleName, description, able, logGroups, subjects, more = [] } = made;
  const role = new Role(scope, id, {
    ...(roleName === undefined ? {} : { roleName }),
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description,
  });
  const { inline, managed } = spreadGrants(
    distinct(able.flatMap((row) => workloadGrants(row, subjects.config))),
  );
  const scoped = new Policy(role, 'Scoped', {
    roles: [role],
    statements: [
      writeLogs(logGroups),
      ...able.flatMap((row) => scopedStatements(row, subjects)),
      ...statementsOf(inline),
      ...more,
    ],
  });
  for (const [number, grants] of managed) {
    const policy = new ManagedPolicy(role, `Workloads${number}`, {
      description: 'Pilotlight: the routes of some workloads',
      roles: [role],
      statements: statementsOf(grants),
    });
    // A fleet that outgrows the role must not be without its rights while it moves into these.
    scoped.node.addDependency(policy);
  }
  const unscoped = able.flatMap((row) => unscopedStatements(row, subjects.config));
  if (unscoped.length > 0) addUnscopedPolicy(role, role, unscoped);
  return role;
}
