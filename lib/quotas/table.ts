/**
 * The quotas of AWS that something of ours grows towards, in one table. `lib/quotas/usage.ts` measures what our templates use
 * of them; the synthesis refuses what is too much. The numbers are the defaults of the commercial Regions, as the
 * documentation named in `source` gave them in November 2026.
 */
export interface Quota {
  /** What is counted, in words: "resources of a stack". */
  readonly counts: string;
  readonly most: number;
  /** Regions with another number. */
  readonly mostIn?: Readonly<Record<string, number>>;
  /** Whether AWS raises it on request. One that it raises is never a reason to refuse a configuration. */
  readonly raised: boolean;
  readonly source: string;
}

const cloudFormation = 'AWS CloudFormation User Guide, "Understand CloudFormation quotas"';
const iam = 'IAM User Guide, "IAM and AWS STS quotas"';
const sqs = 'Amazon SQS Developer Guide, "Amazon SQS policy quotas"';
const sns = 'Amazon SNS Developer Guide, "Amazon SNS API permissions: Policy quotas"';
const lambda = 'AWS Lambda Developer Guide, "Lambda quotas"';
const events = 'Amazon EventBridge User Guide, "Amazon EventBridge quotas"';
const cloudFront = 'Amazon CloudFront Developer Guide, "Quotas"';

const fixed = (most: number, counts: string, source: string): Quota => ({
  counts,
  most,
  raised: false,
  source,
});
const raised = (most: number, counts: string, source: string): Quota => ({
  counts,
  most,
  raised: true,
  source,
});

export const quotas = {
  stackResources: fixed(500, 'resources of a stack', cloudFormation),
  stackOutputs: fixed(200, 'outputs of a stack', cloudFormation),
  stackParameters: fixed(200, 'parameters of a stack', cloudFormation),
  stackMappings: fixed(200, 'mappings of a stack', cloudFormation),
  // "1 MB" for a template in S3, where the CDK puts each; read as the smaller of its two meanings.
  templateBytes: fixed(1_000_000, 'bytes of a template', cloudFormation),
  roleInlineCharacters: fixed(10_240, "characters of a role's own policies together", iam),
  managedPolicyCharacters: fixed(6_144, 'characters of a managed policy', iam),
  trustPolicyCharacters: raised(2_048, 'characters of what a role trusts', iam),
  roleManagedPolicies: raised(10, 'managed policies of a role', iam),
  queuePolicyBytes: fixed(8_192, 'bytes of the policy of a queue', sqs),
  queuePolicyStatements: fixed(20, 'statements of the policy of a queue', sqs),
  queuePolicyConditions: fixed(10, 'conditions of the policy of a queue', sqs),
  queuePolicyPrincipals: fixed(50, 'principals of the policy of a queue', sqs),
  queueStatementActions: fixed(7, 'actions of a statement in the policy of a queue', sqs),
  topicPolicyBytes: fixed(30_000, 'bytes of the policy of a topic', sns),
  topicPolicyStatements: fixed(100, 'statements of the policy of a topic', sns),
  keyPolicyBytes: fixed(32_768, 'bytes of the policy of a key', 'AWS KMS Developer Guide, "Resource quotas"'),
  functionPolicyBytes: fixed(20_480, 'bytes of the policy of a function', lambda),
  functionEnvironmentBytes: fixed(4_096, 'bytes of the environment of a function', lambda),
  functionLayers: fixed(5, 'layers of a function', lambda),
  rulesOfBus: {
    ...raised(300, 'rules of an event bus', events),
    mostIn: { 'af-south-1': 100, 'eu-south-1': 100 },
  },
  rulePatternCharacters: raised(2_048, 'characters of the pattern of a rule', events),
  ruleTargets: raised(5, 'targets of a rule', events),
  workflowBytes: fixed(
    1_000_000,
    'bytes of the definition of a workflow',
    'AWS Step Functions Developer Guide, "Step Functions service quotas"',
  ),
  stacksOfRegion: raised(2_000, 'stacks of a Region', cloudFormation),
  alarmsOfRegion: raised(
    5_000,
    'alarms of a Region',
    'Amazon CloudWatch User Guide, "CloudWatch service quotas"',
  ),
  logGroupsOfRegion: raised(
    1_000_000,
    'log groups of a Region',
    'Amazon CloudWatch Logs User Guide, "CloudWatch Logs quotas"',
  ),
  healthChecksOfAccount: raised(
    200,
    'health checks of the account',
    'Amazon Route 53 Developer Guide, "Quotas"',
  ),
  rolesOfAccount: raised(1_000, 'roles of the account', iam),
  managedPoliciesOfAccount: raised(1_500, 'managed policies of the account', iam),
  distributionsOfAccount: raised(500, 'distributions of the account', cloudFront),
  edgeFunctionsOfAccount: raised(100, 'CloudFront functions of the account', cloudFront),
  storesOfAccount: raised(50, 'key value stores of the account', cloudFront),
  cachePoliciesOfAccount: raised(20, 'cache policies of the account', cloudFront),
  requestPoliciesOfAccount: raised(20, 'origin request policies of the account', cloudFront),
  headersPoliciesOfAccount: raised(20, 'response headers policies of the account', cloudFront),
} as const satisfies Record<string, Quota>;
export type QuotaName = keyof typeof quotas;

/** How much of a quota there is in a Region, unless AWS has raised it. */
export function mostOf(name: QuotaName, region: string): number {
  const { most, mostIn }: Quota = quotas[name];
  return mostIn?.[region] ?? most;
}
