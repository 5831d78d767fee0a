import { sourceOf } from './needs-of.ts';
import { configOf, templateOf, templatesOf } from './synthesized.ts';

/* What the adapters send to AWS, so that a new call cannot be forgotten in the tables of iam.test.ts. */

describe('the adapters', () => {
  it.each([
    ['watch/alarms.ts', ['DescribeAlarms']],
    ['run/announcer.ts', ['Publish']],
    ['approval/approval-table.ts', ['GetItem', 'PutItem', 'Query']],
    ['run/background-invoker.ts', ['Invoke']],
    ['run/starter.ts', ['StartExecution']],
    ['run/run-ends.ts', ['DescribeExecution']],
    [
      'route/distribution-client.ts',
      ['CreateInvalidation', 'GetDistribution', 'GetDistributionConfig', 'UpdateDistribution'],
    ],
    ['watch/lambda-prober.ts', ['Invoke']],
    ['watch/look-queue.ts', ['SendMessageBatch']],
    ['ledger/versioned-text.ts', ['GetItem', 'UpdateItem']],
    ['ledger/ledger-table.ts', ['GetItem', 'TransactWriteItems', 'UpdateItem']],
    ['route/route-ledger.ts', ['GetItem', 'UpdateItem']],
    ['route/route-store.ts', ['DescribeKeyValueStore', 'GetKey', 'PutKey']],
    // It asks for the version by the code of the route's store.
    ['route/beacon-store.ts', ['PutKey']],
    ['route/targets-client.ts', ['DescribeTargetHealth']],
    ['secrets.ts', ['GetSecretValue']],
    ['approval/task-callback.ts', ['SendTaskSuccess']],
    ['slack/thread-ledger.ts', ['GetItem', 'Query', 'UpdateItem']],
    ['web-identity.ts', ['GetWebIdentityToken']],
  ])('%s sends the commands that the permissions are for, and no others', (file, commands) => {
    const sent = [...sourceOf('clouds', 'aws', file).matchAll(/new (?<command>\w+)Command\(/g)].map(
      ({ groups }) => groups?.['command'] ?? '',
    );
    expect([...new Set(sent)].toSorted()).toEqual(commands);
  });
});

describe('the probe function', () => {
  it('may write its log, and nothing more', () => {
    const policies = templateOf(templatesOf(configOf()), 'PilotlightProbe-us-west-2').findResources(
      'AWS::IAM::Policy',
    );
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
