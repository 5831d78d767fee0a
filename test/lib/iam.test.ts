import { functionNames, type FunctionName } from '../../core/functions.ts';
import { actionsIn, neededBy } from './needs-of.ts';
import { everywhere, Permissions, seen } from './permissions-of.ts';
import { configOf, templateOf, templatesOf } from './synthesized.ts';

const templates = templatesOf(configOf());
const controller = templateOf(templates, 'PilotlightController');
const permissions = new Permissions(controller);
const resources = Object.values(permissions.resources);

const CLINIC_STORE = 'arn:aws:cloudfront::111122223333:key-value-store/a1b2c3d4-5678-4abc-8def-1234567890ab';
const SHOP_STORE = 'arn:aws:cloudfront::111122223333:key-value-store/b1b2c3d4-5678-4abc-8def-1234567890ab';

const MACHINE = 'arn:aws:states:ap-northeast-1:111122223333:stateMachine:pilotlight-failover';
const MACHINE_HOME = 'arn:aws:states:ap-northeast-1:111122223333:stateMachine:pilotlight-failback';

const LOOKS = 'arn:aws:sqs:ap-northeast-1:111122223333:pilotlight-looks';

const storeCalls = (...calls: readonly string[]): string[] =>
  calls.flatMap((call) => [
    `cloudfront-keyvaluestore:${call} on ${CLINIC_STORE}`,
    `cloudfront-keyvaluestore:${call} on ${SHOP_STORE}`,
  ]);

/** What telling people takes: the topic, and its key. */
const TELLING = [
  'sns:Publish on pilotlight-controller-on-call',
  'kms:Decrypt on AWS::KMS::Key',
  'kms:GenerateDataKey on AWS::KMS::Key',
];

/** What each function's adapters call; see the compose.ts of each. Those that speak to Azure share a role, below. */
const expected: Readonly<Partial<Record<FunctionName, readonly string[]>>> = {
  begin: [],
  'take-lease': [
    'dynamodb:ConditionCheckItem on the ledger',
    'dynamodb:GetItem on the ledger',
    'dynamodb:UpdateItem on the ledger',
    ...storeCalls('DescribeKeyValueStore', 'GetKey'),
  ],
  'confirm-outage': [
    ...everywhere,
    'dynamodb:GetItem on the ledger',
    'dynamodb:UpdateItem on the ledger',
    ...['ap-northeast-1', 'us-east-1', 'ap-northeast-2', 'eu-west-1'].map(
      (region) => `cloudwatch:DescribeAlarms on arn:aws:cloudwatch:${region}:111122223333:alarm:*`,
    ),
  ],
  'look-at-fleet': ['dynamodb:GetItem on the ledger', 'dynamodb:UpdateItem on the ledger'],
  'move-route': [
    'dynamodb:UpdateItem on the ledger',
    ...storeCalls('DescribeKeyValueStore', 'GetKey', 'PutKey'),
  ],
  'verify-route': ['dynamodb:UpdateItem on the ledger', ...everywhere],
  'shut-fence': ['dynamodb:UpdateItem on the ledger', ...everywhere],
  'request-approval': [
    'dynamodb:GetItem on the ledger',
    'dynamodb:PutItem on the ledger',
    'dynamodb:UpdateItem on the ledger',
    `states:SendTaskSuccess on ${MACHINE}`,
    `states:SendTaskSuccess on ${MACHINE_HOME}`,
  ],
  'find-approval': ['dynamodb:GetItem on the ledger', 'dynamodb:UpdateItem on the ledger'],
  'hold-share': ['dynamodb:UpdateItem on the ledger', ...everywhere],
  'see-primary-well': [
    ...everywhere,
    'dynamodb:GetItem on the ledger',
    'dynamodb:UpdateItem on the ledger',
    'elasticloadbalancing:DescribeTargetHealth on * if {"StringEquals":{"aws:RequestedRegion":["ap-northeast-2","eu-west-1"]}}',
  ],
  'promise-page': ['dynamodb:UpdateItem on the ledger'],
  'hear-orders': ['dynamodb:GetItem on the ledger', 'dynamodb:UpdateItem on the ledger', ...TELLING],
  record: [
    'dynamodb:GetItem on the ledger',
    'dynamodb:PutItem on the ledger',
    'dynamodb:UpdateItem on the ledger',
  ],
  announce: TELLING,
};

const azureSpeakers: readonly FunctionName[] = [
  'start-pipeline',
  'poll-pipeline',
  'cancel-pipeline',
  'scale-standby',
  'wake-standby',
  'park-standby',
  'poll-standby',
  'watch-growth',
  'measure-loss',
  'apply-last-data',
  'carry-home',
  'put-away-standby',
  'look-at-world',
  'close-run',
];

describe('a function that does not speak to Azure', () => {
  it.each(Object.entries(expected) as [FunctionName, readonly string[]][])(
    'may, as %s, do what its adapters call, and nothing more',
    (name, allowed) => {
      expect(permissions.ofFunction(name)).toEqual([...allowed, ...seen(name)].toSorted());
    },
  );

  it('shares its role with no other function', () => {
    const roles = Object.keys(expected).map((name) => permissions.roleIdOf(name as FunctionName));
    expect(new Set(roles).size).toBe(15);
  });
});

describe('the role that Entra ID trusts', () => {
  it('has a fixed name, which is the subject of the federated credential', () => {
    controller.hasResourceProperties('AWS::IAM::Role', { RoleName: 'pilotlight-azure' });
  });

  it('is that of the functions that speak to Azure, and of no others', () => {
    const [azureRole] = Object.entries(permissions.resources).find(
      ([, { Properties }]) => Properties['RoleName'] === 'pilotlight-azure',
    )!;
    expect(functionNames.filter((name) => permissions.roleIdOf(name) === azureRole).toSorted()).toEqual(
      azureSpeakers.toSorted(),
    );
  });

  it('may keep the lease, close a run, and prove itself to Entra ID by a token that is good for nothing else', () => {
    expect(permissions.ofFunction('poll-standby')).toEqual(
      [
        'dynamodb:GetItem on the ledger',
        'dynamodb:UpdateItem on the ledger',
        ...everywhere,
        // One of them closes runs: it looks at the route, and tells people.
        ...storeCalls('DescribeKeyValueStore', 'GetKey'),
        ...TELLING,
        'sts:GetWebIdentityToken on * if {' +
          '"ForAllValues:StringEquals":{"sts:IdentityTokenAudience":["api://AzureADTokenExchange"]},' +
          '"Null":{"sts:IdentityTokenAudience":"false"},' +
          '"StringEquals":{"sts:SigningAlgorithm":"RS256"},' +
          '"NumericLessThanEquals":{"sts:DurationSeconds":300}}',
        ...seen(...azureSpeakers),
        // The standing look at the data has no role of its own, because Entra ID trusts this one.
        ...seen('measure-data').filter((line) => line.startsWith('logs:')),
      ].toSorted(),
    );
  });
});

describe('the standing look at the data', () => {
  it('has the role that Entra ID trusts, and adds no action to it', () => {
    expect(permissions.roleIdOf('measure-data')).toBe(permissions.roleIdOf('poll-standby'));
    expect(actionsIn(permissions.ofFunction('measure-data'))).toEqual(neededBy(azureSpeakers));
  });
});

/** Called by schedules and the queue, and not traced. */
const standing = ['watch', 'schedule-looks', 'measure-spread', 'watch-runs'];

describe('the watch', () => {
  /** Without the traces; see below. */
  const allowed = (name: string): string[] =>
    permissions.ofFunction(name).filter((line) => !line.startsWith('xray:'));
  const logs = (name: string): string[] => seen(name).filter((line) => line.startsWith('logs:'));

  it('may take looks from the queue, look, remember, ask for a run and tell people, and nothing that a run does', () => {
    expect(allowed('watch')).toEqual(
      [
        ...everywhere,
        `sqs:DeleteMessage on ${LOOKS}`,
        `sqs:GetQueueAttributes on ${LOOKS}`,
        `sqs:ReceiveMessage on ${LOOKS}`,
        'dynamodb:GetItem on the ledger',
        'dynamodb:UpdateItem on the ledger',
        `states:StartExecution on ${MACHINE}`,
        ...TELLING,
        ...logs('watch'),
      ].toSorted(),
    );
  });

  it('has the spread of changes measured by a function that may write to the stores, ask, and keep what it saw', () => {
    expect(allowed('measure-spread')).toEqual(
      [
        ...everywhere,
        'dynamodb:GetItem on the ledger',
        'dynamodb:UpdateItem on the ledger',
        ...storeCalls('DescribeKeyValueStore', 'PutKey'),
        ...logs('measure-spread'),
      ].toSorted(),
    );
  });

  it('has its looks sent by a function that may do nothing else', () => {
    expect(allowed('schedule-looks')).toEqual(
      [`sqs:SendMessage on ${LOOKS}`, ...logs('schedule-looks')].toSorted(),
    );
  });

  it('has alarms answered by a function that may read what is remembered, start a run, and leave what it could not do', () => {
    expect(permissions.ofFunction('start-run')).toEqual(
      [
        'dynamodb:GetItem on the ledger',
        `states:StartExecution on ${MACHINE}`,
        'sqs:SendMessage on pilotlight-controller-dead-letters',
        ...seen('start-run'),
      ].toSorted(),
    );
  });

  it.each(standing)('lets %s, which is not traced, send no traces', (name) => {
    expect(permissions.ofFunction(name)).toEqual(allowed(name));
  });

  it('shares no role, neither with a step of the workflow nor within itself', () => {
    const roles = [...functionNames, 'watch', 'schedule-looks', 'start-run'].map((name) =>
      permissions.roleIdOf(name),
    );
    const own = roles.slice(functionNames.length);
    expect(roles.filter((role) => own.includes(role))).toEqual(own);
    expect(new Set(own).size).toBe(3);
  });
});

describe('the queue of the looks', () => {
  const whoMay = (action: string): string[] =>
    Object.entries(permissions.resources)
      .filter(
        ([id, { Type }]) => Type === 'AWS::IAM::Role' && permissions.of(id).includes(`${action} on ${LOOKS}`),
      )
      .map(([id]) => id);

  it('takes looks from the schedule alone', () => {
    expect(whoMay('sqs:SendMessage')).toEqual([permissions.roleIdOf('schedule-looks')]);
  });

  it.each(['sqs:ReceiveMessage', 'sqs:DeleteMessage'])('lets the watch alone use %s', (action) => {
    expect(whoMay(action)).toEqual([permissions.roleIdOf('watch')]);
  });
});

/** Functions that one of the workflows never calls. */
const onlyFailover: readonly FunctionName[] = [
  ...(['confirm-outage', 'look-at-fleet', 'shut-fence', 'find-approval'] as const),
  ...(['start-pipeline', 'poll-pipeline', 'cancel-pipeline', 'scale-standby'] as const),
  ...(['wake-standby', 'park-standby', 'poll-standby', 'watch-growth'] as const),
  ...(['measure-loss', 'apply-last-data'] as const),
];
const onlyFailback: readonly FunctionName[] = [
  ...(['see-primary-well', 'carry-home', 'promise-page', 'put-away-standby'] as const),
];

describe('the workflow', () => {
  it.each([
    ['failover', onlyFailback],
    ['failback', onlyFailover],
  ])(
    'of the %s may invoke its functions, write its log and send its traces, and nothing more',
    (workflow, others) => {
      const machine = resources.find(
        ({ Type, Properties }) =>
          Type === 'AWS::StepFunctions::StateMachine' &&
          Properties['StateMachineName'] === `pilotlight-${workflow}`,
      )!;
      const role = (machine.Properties['RoleArn'] as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0];
      const called = functionNames.filter((name) => !others.includes(name));
      expect(permissions.of(role)).toEqual(
        [
          ...called.map((name) => `lambda:InvokeFunction on pilotlight-${name}`),
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
    },
  );

  it('is started by the watch and by the function that alarms go to, and by nobody else', () => {
    const starters = Object.entries(permissions.resources).filter(
      ([id, { Type }]) =>
        Type === 'AWS::IAM::Role' &&
        permissions.of(id).some((line) => line.startsWith('states:StartExecution')),
    );
    expect(starters.map(([id]) => id).toSorted()).toEqual(
      [permissions.roleIdOf('start-run'), permissions.roleIdOf('watch')].toSorted(),
    );
  });
});

/* The other direction: from the source to the tables above; test/lib/iam-adapters.test.ts has what the adapters send. */

describe.each([...functionNames, ...standing])('the source of %s', (name) => {
  it('needs exactly what its role may do', () => {
    // Who shares a role may do what the others of it need.
    const shared: readonly string[] = azureSpeakers;
    const users = shared.includes(name) ? [...shared, 'measure-data'] : [name];
    expect(actionsIn(permissions.ofFunction(name))).toEqual(neededBy(users));
  });
});

describe('the source of start-run', () => {
  it('needs what its role may do, but for the letters that Lambda leaves with its rights', () => {
    const needed = [...neededBy(['start-run']), 'sqs:SendMessage'].toSorted();
    expect(actionsIn(permissions.ofFunction('start-run'))).toEqual(needed);
  });
});
