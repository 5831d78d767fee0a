import { Stack, type App } from 'aws-cdk-lib';
import { CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { fleetOf } from '../../bench/fleet-config.ts';
import { parseConfig } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import { addStacks } from '../../lib/app.ts';
import { exceededIn } from '../../lib/quotas/quota-checks.ts';
import { quotas, type QuotaName } from '../../lib/quotas/table.ts';
import { usageOf, type Template, type Usage } from '../../lib/quotas/usage.ts';
import { configOf, makeApp, stacksOf } from './synthesized.ts';

interface Edge {
  strategy?: string;
  stack?: unknown;
  keyValueStoreArn?: string;
}
interface Sketch {
  edge: Edge;
  primary: { region: string };
  policy: { confirm: { quorum: Record<string, number> } };
  limits: Record<string, number>;
  detection: Record<string, unknown>;
}

/** A fleet of the example, each workload changed as the case wants it. */
function fleet(count: number, change: (workload: Sketch, n: number) => void = () => undefined): Config {
  const data = fleetOf(count);
  Object.values(data.workloads as Record<string, Sketch>).forEach(change);
  return parseConfig(data);
}

/** Their own distributions: an edge stack more or less changes no other stack, and 500 of them take a minute. */
const withoutStack = ({ edge }: Sketch): void => {
  delete edge.stack;
};

/** As much as can stand in one Region: all alarms of all workloads in us-east-1. */
const allInOneRegion = (workload: Sketch): void => {
  withoutStack(workload);
  workload.primary.region = 'us-east-1';
  workload.policy.confirm.quorum = { signals: 4, kinds: 1, places: 2 };
};

/** Two kinds of resources for the same roles. */
const halfWithoutStore = (workload: Sketch, n: number): void => {
  withoutStack(workload);
  if (n % 2 === 0) return;
  workload.edge.strategy = 'distribution';
  delete workload.edge.keyValueStoreArn;
  workload.limits['convergeSeconds'] = 600;
};

/** Each with three alarms that it has already, under names of 60 characters. */
const withOwnAlarms = (workload: Sketch, n: number): void => {
  withoutStack(workload);
  workload.detection['alarms'] = ['a', 'b', 'c'].map((letter) => ({
    region: 'us-east-1',
    name: `${n}-`.padEnd(60, letter),
  }));
};

const usage = (config: Config): readonly Usage[] => usageOf(stacksOf(config));

/** The most that anything uses of each quota. */
const mostUsed = (usages: readonly Usage[], quota: QuotaName): number =>
  Math.max(...usages.filter((one) => one.quota === quota).map(({ used }) => used));

const largest = usage(fleet(500, allInOneRegion));

describe('the quotas of AWS', () => {
  it.each([
    ['1 workload', usage(fleet(1)), []],
    ['20 workloads with distributions of ours', usage(fleet(20)), ['headersPoliciesOfAccount']],
    ['100 workloads', usage(fleet(100, withoutStack)), []],
    ['100 workloads with three alarms of their own each', usage(fleet(100, withOwnAlarms)), []],
    ['500 workloads in one Region', largest, ['healthChecksOfAccount']],
    ['500 workloads, half without a store', usage(fleet(500, halfWithoutStore)), ['healthChecksOfAccount']],
  ] as const)('hold %s, but for those that AWS must raise for so many', (_, usages, toRaise) => {
    const exceeded = exceededIn(usages).map(({ quota }) => quota);
    expect(exceeded).toEqual(toRaise);
    expect(exceeded.filter((quota) => !quotas[quota].raised)).toEqual([]);
  });
});

describe('what a fleet of 500 uses', () => {
  it.each([
    ['rulesOfBus', 6],
    ['ruleTargets', 1],
    ['rulePatternCharacters', 417],
    ['queuePolicyStatements', 4],
    ['queuePolicyConditions', 4],
    ['roleManagedPolicies', 10],
  ] as const)('of %s is %d, as few as one workload uses or IAM lets a role have', (quota, used) => {
    expect(mostUsed(largest, quota)).toBe(used);
  });

  it.each([
    ['stackResources', 150, 350],
    ['templateBytes', 100_000, 700_000],
    ['managedPolicyCharacters', 4_000, 6_144],
    ['roleInlineCharacters', 1_000, 6_000],
  ] as const)('of %s leaves room', (quota, atLeast, atMost) => {
    expect(mostUsed(largest, quota)).toBeGreaterThan(atLeast);
    expect(mostUsed(largest, quota)).toBeLessThanOrEqual(atMost);
  });

  it('is measured for every quota of the table', () => {
    const measured = new Set(largest.map(({ quota }) => quota));
    expect(Object.keys(quotas).filter((quota) => !measured.has(quota as QuotaName))).toEqual([]);
  });
});

/** A template with one resource in it. */
const holding = (Type: string, Properties: Record<string, unknown>): Template => ({
  Resources: { Some: { Type, Properties } },
});

const exceededBy = (template: Template, region = 'eu-west-1'): string[] =>
  exceededIn(usageOf([{ stack: 'S', region, template, bytes: 1_000 }])).map(
    ({ quota, of, used }) => `${quota} of ${of}: ${used}`,
  );

const times = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));

/** A statement of a queue's policy as the CDK writes one for each rule. */
const ruleMaySend = (n: number): Record<string, unknown> => ({
  Action: 'sqs:SendMessage',
  Effect: 'Allow',
  Principal: { Service: 'events.amazonaws.com' },
  Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [`Rule${n}`, 'Arn'] } } },
  Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] },
  Sid: `AllowEventRule${n}`,
});
const queuePolicy = (statements: number): Template =>
  holding('AWS::SQS::QueuePolicy', { PolicyDocument: { Statement: times(statements, ruleMaySend) } });

const rolePolicy = (characters: number): Template => ({
  Resources: {
    Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
    Policy: {
      Type: 'AWS::IAM::Policy',
      // {"a":""} is 8 characters.
      Properties: { PolicyDocument: { a: 'x'.repeat(characters - 8) }, Roles: [{ Ref: 'Role' }] },
    },
  },
});

const rules = (count: number): Template => ({
  Resources: Object.fromEntries(
    times(count, (n) => [
      `Rule${n}`,
      { Type: 'AWS::Events::Rule', Properties: { EventBusName: { Ref: 'Bus' }, Targets: [{}] } },
    ]),
  ),
});

const topics = (count: number): Template => ({
  Resources: Object.fromEntries(times(count, (n) => [`Topic${n}`, { Type: 'AWS::SNS::Topic' }])),
});

describe('a template', () => {
  it.each([
    ['500 resources', topics(500)],
    ['10 statements with a condition each', queuePolicy(10)],
    ['policies of a role with 10,240 characters', rolePolicy(10_240)],
    ['300 rules on a bus', rules(300)],
    ['5 targets', holding('AWS::Events::Rule', { Targets: times(5, () => ({})) })],
    ['an environment of 4,096 bytes', environment(4_096)],
  ])('may have %s', (_, template) => {
    expect(exceededBy(template)).toEqual([]);
  });

  it.each([
    ['501 resources', topics(501), ['stackResources of S: 501']],
    ['11 conditions', queuePolicy(11), ['queuePolicyConditions of S/Some: 11']],
    [
      '21 statements',
      queuePolicy(21),
      [
        'queuePolicyBytes of S/Some: 9140',
        'queuePolicyStatements of S/Some: 21',
        'queuePolicyConditions of S/Some: 21',
      ],
    ],
    ['a role with 10,241 characters', rolePolicy(10_241), ['roleInlineCharacters of S/Role: 10241']],
    ['301 rules on a bus', rules(301), ['rulesOfBus of S/Bus: 301']],
    [
      '6 targets',
      holding('AWS::Events::Rule', { Targets: times(6, () => ({})) }),
      ['ruleTargets of S/Some: 6'],
    ],
    ['an environment of 4,097 bytes', environment(4_097), ['functionEnvironmentBytes of S/Some: 4097']],
    [
      'a managed policy of 6,145 characters',
      holding('AWS::IAM::ManagedPolicy', { PolicyDocument: { a: 'x'.repeat(6_137) } }),
      ['managedPolicyCharacters of S/Some: 6145'],
    ],
    [
      'a pattern of 2,049 characters',
      holding('AWS::Events::Rule', { EventPattern: { a: 'x'.repeat(2_041) } }),
      ['rulePatternCharacters of S/Some: 2049'],
    ],
  ])('may not have %s', (_, template, exceeded) => {
    expect(exceededBy(template)).toEqual(exceeded);
  });

  it('may have fewer rules on a bus where the Region has fewer', () => {
    expect(exceededBy(rules(101), 'eu-south-1')).toEqual(['rulesOfBus of S/Bus: 101']);
    expect(exceededBy(rules(100), 'eu-south-1')).toEqual([]);
  });
});

function environment(bytes: number): Template {
  // {"A":""} is 8 bytes.
  return holding('AWS::Lambda::Function', { Environment: { Variables: { A: 'x'.repeat(bytes - 8) } } });
}

/** The same with an ARN in the place of each reference. */
const someoneMaySend = (n: number): Record<string, unknown> => ({
  ...ruleMaySend(n),
  Condition: { ArnEquals: { 'aws:SourceArn': `arn:aws:events:eu-west-1:111122223333:rule/rule-${n}` } },
  Resource: 'arn:aws:sqs:eu-west-1:111122223333:queue',
});

describe('the synthesis', () => {
  const appWith = (statements: number): App => {
    const app = makeApp();
    addStacks(app, configOf());
    const stack = new Stack(app, 'More', { env: { account: '111122223333', region: 'eu-west-1' } });
    new CfnQueuePolicy(stack, 'Policy', {
      queues: ['queue'],
      policyDocument: { Statement: times(statements, someoneMaySend) },
    });
    return app;
  };

  it('refuses what AWS would refuse half way through the deployment, and says what is too much', () => {
    expect(() => appWith(11).synth()).toThrow(
      'More/Policy: got 11 conditions of the policy of a queue, expected at most 10. ' +
        'Source: Amazon SQS Developer Guide, "Amazon SQS policy quotas".',
    );
  });

  it('takes what is within the quotas', () => {
    expect(() => appWith(10).synth()).not.toThrow();
  });
});
