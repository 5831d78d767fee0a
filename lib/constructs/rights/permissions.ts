import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Config } from '../../../core/config/schema.ts';
import {
  probeFunction,
  type FunctionName,
  type SlackFunctionName,
  type WatchFunctionName,
} from '../../../core/functions.ts';
import { CLOSE_FUNCTION, machineArnOf, workflowNames } from '../../../core/names.ts';
import { placesOf } from '../../../core/watch/places.ts';
import { names } from '../../names.ts';
import { routeGrants, routeMemoryStatements, type RouteUse } from './route-permissions.ts';
import type { WorkloadGrant } from './spread.ts';

/**
 * What a function does to AWS, by the adapters that its compose.ts wires up. A function without a row does not compile; a
 * row that says too much or too little fails in test/lib/iam.test.ts.
 */
export interface Abilities {
  /** The calls that it makes to the ledger. */
  readonly ledger?: keyof typeof ledgerActions;
  /** What it does with approvals, which are items of the ledger too: who decides tells the waiting workflow. */
  readonly approvals?: 'decide' | 'close' | 'read';
  /** What it keeps in the ledger about the thread of a run in Slack. */
  readonly threads?: 'keep';
  readonly reads?: 'alarms';
  /** What is remembered of each workload between two looks: kept, or only read. */
  readonly remembers?: 'looks' | 'reads';
  /** The reports on the data of each workload: kept, or only read. */
  readonly data?: 'keeps' | 'reads';
  /** What is remembered of each parked standby: read, and written back. */
  readonly parked?: 'keeps';
  /** How changes of each edge were measured to spread: kept, or only read. */
  readonly spread?: 'keeps' | 'reads';
  /** The turns of the fleet. */
  readonly turns?: 'take';
  /** The queue of the looks that are due. */
  readonly looks?: 'sends' | 'takes';
  readonly starts?: 'runs';
  /** It looks whether runs still go, and has those closed that do not. */
  readonly closes?: 'runs';
  readonly routes?: RouteUse;
  /** It shuts or opens the fences of the primaries that have one. */
  readonly fences?: true;
  /** The servers behind the load balancers of the primaries. */
  readonly targets?: 'reads';
  /** @default true: it sends traces */
  readonly traced?: false;
  readonly tells?: 'people';
  readonly chats?: 'slack';
  readonly speaksTo?: 'azure';
  readonly asks?: 'places';
}

/** A transaction needs the permissions of the operations in it; it has none of its own. */
const ledgerActions = {
  take: ['dynamodb:ConditionCheckItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem'],
  renew: ['dynamodb:UpdateItem'],
  finish: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
  look: ['dynamodb:GetItem'],
} as const;

/**
 * An approval is read, decided on and put back whole. It stands under the key of its workload as the lease does, so no
 * condition of IAM can tell the two apart.
 */
const approvalActions = ['dynamodb:GetItem', 'dynamodb:PutItem'] as const;

/** What was seen is read, and written back on the condition that nobody wrote since. */
const memoryActions = {
  looks: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
  reads: ['dynamodb:GetItem'],
} as const;

const dataActions = { keeps: memoryActions.looks, reads: memoryActions.reads } as const;

/** What Lambda needs to take messages for a function. Source: AWS Lambda Developer Guide, "Using Lambda with Amazon SQS". */
const queueActions = {
  sends: ['sqs:SendMessage'],
  takes: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
} as const;

/** Who has said what in a thread, and the record of the run that it is about. */
const threadActions = ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'] as const;

export const abilities: Readonly<Record<FunctionName, Abilities>> = {
  begin: {},
  'take-lease': { ledger: 'take', routes: 'read', spread: 'reads' },
  'confirm-outage': { ledger: 'renew', reads: 'alarms', remembers: 'looks', asks: 'places' },
  'look-at-fleet': { ledger: 'renew', turns: 'take', remembers: 'reads' },
  'move-route': { ledger: 'renew', routes: 'move', fences: true },
  'verify-route': { ledger: 'renew', routes: 'confirm', asks: 'places' },
  'shut-fence': { ledger: 'renew', fences: true, asks: 'places' },
  'request-approval': { ledger: 'renew', data: 'reads', approvals: 'decide', chats: 'slack' },
  'find-approval': { ledger: 'renew', approvals: 'read' },
  'hold-share': { ledger: 'renew', asks: 'places' },
  'start-pipeline': { ledger: 'renew', speaksTo: 'azure' },
  'poll-pipeline': { ledger: 'renew', speaksTo: 'azure', tells: 'people' },
  'cancel-pipeline': { speaksTo: 'azure' },
  'scale-standby': { ledger: 'renew', speaksTo: 'azure' },
  'wake-standby': { ledger: 'renew', parked: 'keeps', speaksTo: 'azure', tells: 'people' },
  'park-standby': { ledger: 'renew', parked: 'keeps', speaksTo: 'azure' },
  'poll-standby': { ledger: 'renew', speaksTo: 'azure', asks: 'places' },
  'watch-growth': { speaksTo: 'azure', tells: 'people' },
  'measure-loss': { ledger: 'renew', data: 'reads', speaksTo: 'azure' },
  'apply-last-data': { ledger: 'renew', speaksTo: 'azure' },
  'see-primary-well': { ledger: 'renew', remembers: 'looks', asks: 'places', targets: 'reads' },
  'carry-home': { ledger: 'renew', speaksTo: 'azure' },
  'promise-page': { ledger: 'renew' },
  'put-away-standby': { ledger: 'renew', parked: 'keeps', speaksTo: 'azure' },
  'hear-orders': { ledger: 'finish', tells: 'people' },
  'look-at-world': { ledger: 'look', speaksTo: 'azure', routes: 'read' },
  'close-run': {
    ...{ ledger: 'finish', turns: 'take', routes: 'read' },
    ...{ parked: 'keeps', speaksTo: 'azure', tells: 'people' },
  },
  record: { ledger: 'finish', turns: 'take', approvals: 'close' },
  announce: { tells: 'people' },
};

/** The same for what stands between Slack and the workflow. The gateway may call the worker too: see approvals.ts. */
export const slackAbilities: Readonly<Record<SlackFunctionName, Abilities>> = {
  'slack-gateway': { chats: 'slack' },
  'slack-worker': { ledger: 'finish', approvals: 'decide', chats: 'slack' },
  'follow-execution': { approvals: 'read', threads: 'keep', chats: 'slack' },
};

/** The same for the functions of the watch. They may start runs and do nothing that a run does. */
export const watchAbilities: Readonly<Record<WatchFunctionName, Abilities>> = {
  'schedule-looks': { looks: 'sends', traced: false },
  watch: {
    // A trace of each look would cost as much as the looks.
    traced: false,
    ledger: 'look',
    remembers: 'looks',
    looks: 'takes',
    starts: 'runs',
    tells: 'people',
    asks: 'places',
  },
  'measure-data': { data: 'keeps', speaksTo: 'azure', traced: false },
  'look-at-parked': {
    ...{ ledger: 'look', parked: 'keeps', routes: 'read', speaksTo: 'azure', tells: 'people' },
    traced: false,
  },
  'measure-spread': { ledger: 'look', spread: 'keeps', routes: 'beacon', asks: 'places', traced: false },
  'watch-runs': { ledger: 'look', closes: 'runs', traced: false },
  'start-run': { remembers: 'reads', starts: 'runs' },
};

/** What the statements are about. */
export interface Subjects {
  readonly config: Config;
  readonly ledgerArn: string;
  readonly topicArn: string;
  readonly topicKeyArn: string;
}

const allow = (actions: readonly string[], resources: readonly string[]): PolicyStatement =>
  new PolicyStatement({ effect: Effect.ALLOW, actions: [...actions], resources: [...resources] });

/** What grows with the workloads: one grant for each of them. */
export const workloadGrants = ({ routes, fences }: Abilities, config: Config): readonly WorkloadGrant[] => [
  ...(routes === undefined ? [] : routeGrants(routes, config)),
  ...(fences === undefined ? [] : fenceGrants(config)),
];

/** The one rule of each primary that has a fence. Source: Service Authorization Reference, Elastic Load Balancing V2, ModifyRule. */
const fenceGrants = (config: Config): readonly WorkloadGrant[] =>
  Object.entries(config.workloads).flatMap(
    ([
      workloadId,
      {
        primary: { fence },
      },
    ]) =>
      fence === undefined
        ? []
        : [{ workloadId, actions: ['elasticloadbalancing:ModifyRule'], resource: fence.listenerRuleArn }],
  );

/** The other statements on resources of ours, each named by its ARN. */
export function scopedStatements(able: Abilities, subjects: Subjects): PolicyStatement[] {
  const { ledger, remembers, data, parked, spread, looks, turns, starts, closes } = able;
  const { approvals, threads, routes, tells, chats, asks } = able;
  const { config, ledgerArn, topicArn, topicKeyArn } = subjects;
  return [
    ...(ledger === undefined ? [] : [allow(ledgerActions[ledger], [ledgerArn])]),
    ...(remembers === undefined ? [] : [allow(memoryActions[remembers], [ledgerArn])]),
    ...(data === undefined ? [] : [allow(dataActions[data], [ledgerArn])]),
    ...(parked === undefined ? [] : [allow(memoryActions.looks, [ledgerArn])]),
    ...(spread === undefined ? [] : [allow(dataActions[spread], [ledgerArn])]),
    ...(turns === undefined ? [] : [allow(memoryActions.looks, [ledgerArn])]),
    ...(looks === undefined ? [] : [allow(queueActions[looks], [lookQueueArn(config)])]),
    ...(starts === undefined ? [] : [allow(['states:StartExecution'], [machineArnOf(config.controller)])]),
    ...(closes === undefined ? [] : [allow(['lambda:InvokeFunction'], [closeRunArn(config)])]),
    ...(approvals === undefined ? [] : approvalStatements(approvals, subjects)),
    ...(threads === undefined ? [] : [allow(threadActions, [ledgerArn])]),
    ...(routes === undefined ? [] : routeMemoryStatements(routes, { config, ledgerArn })),
    ...(asks === undefined ? [] : [askPlaces(config)]),
    ...(chats === undefined ? [] : readSlackSecret(config)),
    ...(tells === undefined
      ? []
      : [
          allow(['sns:Publish'], [topicArn]),
          // SNS encrypts with the rights of the publisher.
          allow(['kms:Decrypt', 'kms:GenerateDataKey'], [topicKeyArn]),
        ]),
  ];
}

function approvalStatements(
  use: NonNullable<Abilities['approvals']>,
  { config, ledgerArn }: Subjects,
): PolicyStatement[] {
  if (use === 'read') return [allow(['dynamodb:GetItem'], [ledgerArn])];
  const keep = allow(approvalActions, [ledgerArn]);
  if (use === 'close') return [keep];
  return [keep, allow(['states:SendTaskSuccess'], machineArns(config))];
}

/** By their names: the workflows refer to their functions, so these cannot refer to them. */
const machineArns = ({ controller }: Config): readonly string[] =>
  workflowNames.map((workflow) => machineArnOf(controller, workflow));

/** By its name too: whoever watches over the runs is no part of the workflow. */
const closeRunArn = ({ controller: { account, region } }: Config): string =>
  `arn:aws:lambda:${region}:${account}:function:${CLOSE_FUNCTION}`;

const lookQueueArn = ({ controller: { account, region } }: Config): string =>
  `arn:aws:sqs:${region}:${account}:${names.lookQueue}`;

/**
 * The one secret of the Slack app, where there is one. Secrets Manager ends the ARN of a secret with six characters of its
 * own; so many question marks match them and no longer name. Source: Secrets Manager User Guide, "Secrets in IAM policies".
 */
function readSlackSecret({ controller: { account, region, slack } }: Config): PolicyStatement[] {
  if (slack === undefined) return [];
  const secret = `arn:aws:secretsmanager:${region}:${account}:secret:${slack.secretName}-??????`;
  return [allow(['secretsmanager:GetSecretValue'], [secret])];
}

/** The same function in every place; by its name, because its stacks are in other Regions. */
function askPlaces(config: Config): PolicyStatement {
  const { account } = config.controller;
  const arnIn = (region: string): string =>
    `arn:aws:lambda:${region}:${account}:function:${probeFunction.functionName}`;
  return allow(['lambda:InvokeFunction'], placesOf(config).map(arnIn));
}
