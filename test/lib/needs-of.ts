import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '..', '..');
export const sourceOf = (...parts: readonly string[]): string =>
  readFileSync(path.join(ROOT, ...parts), 'utf8');

/** What it takes to use a part of an adapter, by how a function's own code looks when it does. */
type Needs = readonly (readonly [RegExp, readonly string[]])[];

const always: Needs = [
  [/\balarmsOf\(/, ['cloudwatch:DescribeAlarms']],
  [/\bannouncerOf\(/, ['sns:Publish', 'kms:Decrypt', 'kms:GenerateDataKey']],
  [/\btargetsOf\(/, ['elasticloadbalancing:DescribeTargetHealth']],
  [/\bproberOf\(/, ['lambda:InvokeFunction']],
  [/\bmakeBackgroundInvoker\(/, ['lambda:InvokeFunction']],
  [/\b(?:pipelineOf|demolitionOf|standbyOf|powerOf|dataStoreOf|homeStoreOf)\(/, ['sts:GetWebIdentityToken']],
  [/\broutes\.read\(/, ['cloudfront-keyvaluestore:DescribeKeyValueStore', 'cloudfront-keyvaluestore:GetKey']],
  [/\blookAtWorld\(/, ['cloudfront-keyvaluestore:DescribeKeyValueStore', 'cloudfront-keyvaluestore:GetKey']],
  [/\broutes\.write\(/, ['cloudfront-keyvaluestore:PutKey']],
  // The operations behind these are found by making the calls, in ledger-calls.test.ts.
  [/\bledger\.takeLease\(/, ['dynamodb:ConditionCheckItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem']],
  [/\brenew(?:Lease|UnlessOrdered)\(/, ['dynamodb:UpdateItem']],
  [/\borderBookOf\(/, ['dynamodb:GetItem']],
  [/\b(?:book\.write|giveOrder)\(/, ['dynamodb:UpdateItem']],
  [/\bmemoriesOf\(/, ['dynamodb:GetItem']],
  [/\b(?:changeMemory|memories\.write)\(/, ['dynamodb:GetItem', 'dynamodb:UpdateItem']],
  [/\b(?:turnsOf|changeTurns|endTurn)\(/, ['dynamodb:GetItem', 'dynamodb:UpdateItem']],
  [/\bdataReportsOf\(/, ['dynamodb:GetItem']],
  [/\breports\.write\(/, ['dynamodb:GetItem', 'dynamodb:UpdateItem']],
  [/\bparkedRecordsOf\(/, ['dynamodb:GetItem', 'dynamodb:UpdateItem']],
  [/\bspreadLedgerOf\(/, ['dynamodb:GetItem']],
  [/\bspreads\.write\(/, ['dynamodb:GetItem', 'dynamodb:UpdateItem']],
  [
    /\bbeacons\.write\(/,
    ['cloudfront-keyvaluestore:DescribeKeyValueStore', 'cloudfront-keyvaluestore:PutKey'],
  ],
  [/\bmakeLookQueue\(/, ['sqs:SendMessage']],
  // What a queue hands over: Lambda takes it from there with the rights of the function.
  [/\bRecords\b/, ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage']],
  [/\bledger\.isRecorded\(/, ['dynamodb:GetItem']],
  [/\bledger\.finish\(/, ['dynamodb:GetItem', 'dynamodb:UpdateItem']],
  [/\bapprovals\.(?:open|answer)\(/, ['dynamodb:GetItem', 'dynamodb:PutItem', 'states:SendTaskSuccess']],
  [/\bapprovals\.(?:close|noteMessage)\(/, ['dynamodb:GetItem', 'dynamodb:PutItem']],
  [/\bapprovals\.find\(/, ['dynamodb:GetItem']],
  [/\bapprovals\.pending\(/, ['dynamodb:Query']],
  [/\bthreads\.(?:isAbout|message|isTold)\(/, ['dynamodb:GetItem']],
  [/\bthreads\.(?:claim|noteMessage)\(/, ['dynamodb:UpdateItem']],
  [/\bthreads\.record\(/, ['dynamodb:Query']],
  [/\.read(?:Brake|Lease)\b|\bstandingOf\(/, ['dynamodb:GetItem']],
  [/\bmakeStarter\(/, ['states:StartExecution']],
  [/\bmakeRunEnds\(/, ['states:DescribeExecution']],
];

/** What comes with Slack and with a workload of the distribution strategy. */
const withEverything: Needs = [
  ...always,
  [/\b(?:messengerOf|makeSlackSecret)\(/, ['secretsmanager:GetSecretValue']],
  [/\bfenceOf\(/, ['elasticloadbalancing:ModifyRule']],
  [/\b(?:routes\.read|lookAtWorld)\(/, ['cloudfront:GetDistributionConfig', 'dynamodb:GetItem']],
  [/\broutes\.write\(/, ['cloudfront:UpdateDistribution', 'dynamodb:GetItem', 'dynamodb:UpdateItem']],
  [
    /\broutes\.confirmSpread\(/,
    [
      'cloudfront:CreateInvalidation',
      'cloudfront:GetDistribution',
      'dynamodb:GetItem',
      'dynamodb:UpdateItem',
    ],
  ],
];

/** The actions that the source of these functions needs, each once, sorted. */
export function neededBy(
  names: readonly string[],
  { withEverything: all = false }: { readonly withEverything?: boolean } = {},
): readonly string[] {
  const needs = all ? withEverything : always;
  const texts = names.map((name) =>
    readdirSync(path.join(ROOT, 'lambdas', name))
      .map((file) => sourceOf('lambdas', name, file))
      .join('\n'),
  );
  const actions = texts.flatMap((text) => needs.flatMap(([use, needed]) => (use.test(text) ? needed : [])));
  return [...new Set(actions)].toSorted();
}

/** The actions of permissions in words, without what every function needs to be seen. */
export const actionsIn = (permissions: readonly string[]): readonly string[] => {
  const actions = permissions.map((line) => line.split(' ')[0] ?? '');
  return [...new Set(actions.filter((action) => !/^(?:logs|xray):/.test(action)))].toSorted();
};
