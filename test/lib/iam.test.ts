import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Template } from 'aws-cdk-lib/assertions';
import { functionNames, type FunctionName } from '../../core/functions.ts';
import { configOf, templateOf, templatesOf } from './synthesized.ts';

const templates = templatesOf(configOf());
const controller = templateOf(templates, 'PilotlightController');

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}
interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}
const resourcesOf = (template: Template): Readonly<Record<string, Resource>> =>
  (template.toJSON() as { Resources: Record<string, Resource> }).Resources;
const resources = resourcesOf(controller);
const listOf = <T>(value: T | readonly T[]): readonly T[] =>
  Array.isArray(value) ? (value as T[]) : [value as T];

/** What an ARN in a policy is of, in words. */
function nameOf(arn: unknown): string {
  if (typeof arn === 'string') return arn;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::ImportValue': imported } = arn as Record<string, unknown>;
  if (imported !== undefined) {
    expect(imported).toMatch(/^PilotlightLedger:.*Ledger.*Arn/);
    return 'the ledger';
  }
  const id = (Ref ?? (attribute as string[])[0]) as string;
  const { Type, Properties } = resources[id]!;
  const name = Properties['LogGroupName'] ?? Properties['FunctionName'] ?? Properties['TopicName'];
  return typeof name === 'string' ? name : Type;
}

function linesOf({ Effect, Action, Resource: on, Condition }: Statement): string[] {
  expect(Effect).toBe('Allow');
  const condition = Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`;
  return listOf(Action).flatMap((action) =>
    listOf(on).map((arn) => `${action} on ${nameOf(arn)}${condition}`),
  );
}

/** Everything that a role may do, sorted. */
function permissionsOf(roleId: string): string[] {
  const role = resources[roleId]!.Properties;
  // Nothing may hide in a managed policy or inside the role.
  expect([role['ManagedPolicyArns'], role['Policies']]).toEqual([undefined, undefined]);
  const policies = Object.values(resources).filter(
    ({ Type, Properties }) =>
      Type === 'AWS::IAM::Policy' &&
      (Properties['Roles'] as { Ref: string }[]).some(({ Ref }) => Ref === roleId),
  );
  return policies
    .flatMap(({ Properties }) => (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement)
    .flatMap(linesOf)
    .toSorted();
}

const functionOf = (name: FunctionName): Resource =>
  Object.values(resources).find(({ Properties }) => Properties['FunctionName'] === `pilotlight-${name}`)!;
const roleIdOf = (name: FunctionName): string =>
  (functionOf(name).Properties['Role'] as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0];

const CLINIC_STORE = 'arn:aws:cloudfront::111122223333:key-value-store/a1b2c3d4-5678-4abc-8def-1234567890ab';
const SHOP_STORE = 'arn:aws:cloudfront::111122223333:key-value-store/b1b2c3d4-5678-4abc-8def-1234567890ab';

/** What every function needs to be seen at all. */
const seen = (...names: readonly FunctionName[]): string[] => [
  ...names.flatMap((name) => [
    `logs:CreateLogStream on /aws/lambda/pilotlight-${name}`,
    `logs:PutLogEvents on /aws/lambda/pilotlight-${name}`,
  ]),
  'xray:PutTelemetryRecords on *',
  'xray:PutTraceSegments on *',
];

/** Asking the probe function in each place. */
const everywhere = [
  'lambda:InvokeFunction on arn:aws:lambda:ca-central-1:111122223333:function:pilotlight-probe',
  'lambda:InvokeFunction on arn:aws:lambda:us-west-2:111122223333:function:pilotlight-probe',
];

/** What each function's adapters call; see the compose.ts of each. Those that speak to Azure share a role, below. */
const expected: Readonly<Partial<Record<FunctionName, readonly string[]>>> = {
  begin: [],
  'take-lease': [
    'dynamodb:ConditionCheckItem on the ledger',
    'dynamodb:GetItem on the ledger',
    'dynamodb:UpdateItem on the ledger',
  ],
  'confirm-outage': [
    ...everywhere,
    'dynamodb:UpdateItem on the ledger',
    'cloudwatch:DescribeAlarms on * if {"StringEquals":{"aws:RequestedRegion":["us-east-1","ap-northeast-2","eu-west-1"]}}',
  ],
  'move-route': [
    'dynamodb:UpdateItem on the ledger',
    ...['DescribeKeyValueStore', 'GetKey', 'PutKey'].flatMap((call) => [
      `cloudfront-keyvaluestore:${call} on ${CLINIC_STORE}`,
      `cloudfront-keyvaluestore:${call} on ${SHOP_STORE}`,
    ]),
  ],
  'verify-route': ['dynamodb:UpdateItem on the ledger', ...everywhere],
  'hold-share': ['dynamodb:UpdateItem on the ledger', ...everywhere],
  record: ['dynamodb:GetItem on the ledger', 'dynamodb:UpdateItem on the ledger'],
  announce: [
    'sns:Publish on pilotlight-controller-on-call',
    'kms:Decrypt on AWS::KMS::Key',
    'kms:GenerateDataKey on AWS::KMS::Key',
  ],
};

const azureSpeakers: readonly FunctionName[] = [
  'start-pipeline',
  'poll-pipeline',
  'cancel-pipeline',
  'scale-standby',
  'poll-standby',
];

describe('a function that does not speak to Azure', () => {
  it.each(Object.entries(expected) as [FunctionName, readonly string[]][])(
    'may, as %s, do what its adapters call, and nothing more',
    (name, permissions) => {
      expect(permissionsOf(roleIdOf(name))).toEqual([...permissions, ...seen(name)].toSorted());
    },
  );

  it('shares its role with no other function', () => {
    const roles = Object.keys(expected).map((name) => roleIdOf(name as FunctionName));
    expect(new Set(roles).size).toBe(8);
  });
});

describe('the role that Entra ID trusts', () => {
  it('has a fixed name, which is the subject of the federated credential', () => {
    controller.hasResourceProperties('AWS::IAM::Role', { RoleName: 'pilotlight-azure' });
  });

  it('is that of the functions that speak to Azure, and of no others', () => {
    const [azureRole] = Object.entries(resources).find(
      ([, { Properties }]) => Properties['RoleName'] === 'pilotlight-azure',
    )!;
    expect(functionNames.filter((name) => roleIdOf(name) === azureRole).toSorted()).toEqual(
      azureSpeakers.toSorted(),
    );
  });

  it('may keep the lease, and prove itself to Entra ID by a token that is good for nothing else', () => {
    expect(permissionsOf(roleIdOf('poll-standby'))).toEqual(
      [
        'dynamodb:UpdateItem on the ledger',
        ...everywhere,
        'sts:GetWebIdentityToken on * if {' +
          '"ForAllValues:StringEquals":{"sts:IdentityTokenAudience":["api://AzureADTokenExchange"]},' +
          '"Null":{"sts:IdentityTokenAudience":"false"},' +
          '"StringEquals":{"sts:SigningAlgorithm":"RS256"},' +
          '"NumericLessThanEquals":{"sts:DurationSeconds":300}}',
        ...seen(...azureSpeakers),
      ].toSorted(),
    );
  });
});

describe('the workflow', () => {
  it('may invoke its functions, write its log and send its traces, and nothing more', () => {
    const machine = Object.values(resources).find(({ Type }) => Type === 'AWS::StepFunctions::StateMachine')!;
    const role = (machine.Properties['RoleArn'] as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0];
    expect(permissionsOf(role)).toEqual(
      [
        ...functionNames.map((name) => `lambda:InvokeFunction on pilotlight-${name}`),
        'logs:CreateLogDelivery on *',
        'logs:DeleteLogDelivery on *',
        'logs:DescribeLogGroups on *',
        'logs:DescribeResourcePolicies on *',
        'logs:GetLogDelivery on *',
        'logs:ListLogDeliveries on *',
        'logs:PutResourcePolicy on *',
        'logs:UpdateLogDelivery on *',
        'xray:GetSamplingRules on *',
        'xray:GetSamplingTargets on *',
        'xray:PutTelemetryRecords on *',
        'xray:PutTraceSegments on *',
      ].toSorted(),
    );
  });

  it('is started by EventBridge with the permission for that alone', () => {
    const rule = Object.values(resources).find(({ Type }) => Type === 'AWS::Events::Rule')!;
    const [target] = rule.Properties['Targets'] as { RoleArn: { 'Fn::GetAtt': [string] } }[];
    expect(permissionsOf(target!.RoleArn['Fn::GetAtt'][0])).toEqual([
      'states:StartExecution on AWS::StepFunctions::StateMachine',
    ]);
  });
});

/* The other direction: from the source to the table above, so that a new call cannot be forgotten. */

const ROOT = path.join(import.meta.dirname, '..', '..');
const sourceOf = (...parts: readonly string[]): string => readFileSync(path.join(ROOT, ...parts), 'utf8');

describe('the adapters', () => {
  it.each([
    ['alarms.ts', ['DescribeAlarms']],
    ['announcer.ts', ['Publish']],
    ['lambda-prober.ts', ['Invoke']],
    ['ledger-table.ts', ['GetItem', 'TransactWriteItems', 'UpdateItem']],
    ['route-store.ts', ['DescribeKeyValueStore', 'GetKey', 'PutKey']],
    ['web-identity.ts', ['GetWebIdentityToken']],
  ])('%s sends the commands that the permissions are for, and no others', (file, commands) => {
    const sent = [...sourceOf('clouds', 'aws', file).matchAll(/new (?<command>\w+)Command\(/g)].map(
      ({ groups }) => groups?.['command'] ?? '',
    );
    expect([...new Set(sent)].toSorted()).toEqual(commands);
  });
});

/** What it takes to use a part of an adapter, by how a function's own code looks when it does. */
const needs: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\balarmsOf\(/, ['cloudwatch:DescribeAlarms']],
  [/\bannouncerOf\(/, ['sns:Publish', 'kms:Decrypt', 'kms:GenerateDataKey']],
  [/\bproberOf\(/, ['lambda:InvokeFunction']],
  [/\b(?:pipelineOf|standbyOf)\(/, ['sts:GetWebIdentityToken']],
  [/\broutes\.read\(/, ['cloudfront-keyvaluestore:DescribeKeyValueStore', 'cloudfront-keyvaluestore:GetKey']],
  [/\broutes\.write\(/, ['cloudfront-keyvaluestore:PutKey']],
  // The operations behind these three are found by making the calls, in ledger-calls.test.ts.
  [/\bledger\.takeLease\(/, ['dynamodb:ConditionCheckItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem']],
  [/\brenewLease\(/, ['dynamodb:UpdateItem']],
  [/\bledger\.finish\(/, ['dynamodb:GetItem', 'dynamodb:UpdateItem']],
];

function neededBy(name: FunctionName): readonly string[] {
  const text = readdirSync(path.join(ROOT, 'lambdas', name))
    .map((file) => sourceOf('lambdas', name, file))
    .join('\n');
  return needs.flatMap(([use, actions]) => (use.test(text) ? actions : []));
}

describe.each(functionNames)('the source of %s', (name) => {
  it('needs exactly what its role may do', () => {
    const granted = permissionsOf(roleIdOf(name)).map((line) => line.split(' ')[0] ?? '');
    // Who shares a role may do what the others of it need.
    const users = azureSpeakers.includes(name) ? azureSpeakers : [name];
    const needed = users.flatMap(neededBy);
    const beyondBeingSeen = granted.filter((action) => !/^(?:logs|xray):/.test(action));
    expect([...new Set(beyondBeingSeen)].toSorted()).toEqual([...new Set(needed)].toSorted());
  });
});

describe('the probe function', () => {
  it('may write its log, and nothing more', () => {
    const policies = templateOf(templates, 'PilotlightProbe-us-west-2').findResources('AWS::IAM::Policy');
    const statements = Object.values(policies).map(
      (policy) =>
        (policy as { Properties: { PolicyDocument: { Statement: unknown } } }).Properties.PolicyDocument
          .Statement,
    );
    expect(statements).toEqual([
      [
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Logs/), 'Arn'] },
        },
      ],
    ]);
  });
});
