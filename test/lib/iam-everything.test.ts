import { functionNames, slackFunctionTable } from '../../core/functions.ts';
import { actionsIn, neededBy } from './needs-of.ts';
import { everywhere, Permissions, seen } from './permissions-of.ts';
import { fullConfig, templateOf, templatesOf } from './synthesized.ts';

/* What a role may do more where Slack is configured, a primary has a fence, or a workload is moved by its distribution. */

const permissions = new Permissions(templateOf(templatesOf(fullConfig()), 'PilotlightController'));

const SECRET = 'arn:aws:secretsmanager:ap-northeast-1:111122223333:secret:pilotlight/slack-??????';
const MACHINE = 'arn:aws:states:ap-northeast-1:111122223333:stateMachine:pilotlight-failover';
const MACHINE_HOME = 'arn:aws:states:ap-northeast-1:111122223333:stateMachine:pilotlight-failback';
const STORE = 'arn:aws:cloudfront::111122223333:key-value-store/a1b2c3d4-5678-4abc-8def-1234567890ab';
const FENCE =
  'arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:listener-rule/app/clinic/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee';
const DISTRIBUTION = 'arn:aws:cloudfront::111122223333:distribution/E2SHOPEXAMPLE';

const expected: Readonly<Record<string, readonly string[]>> = {
  'take-lease': [
    'dynamodb:ConditionCheckItem on the ledger',
    'dynamodb:GetItem on the ledger',
    'dynamodb:UpdateItem on the ledger',
    `cloudfront-keyvaluestore:DescribeKeyValueStore on ${STORE}`,
    `cloudfront-keyvaluestore:GetKey on ${STORE}`,
    `cloudfront:GetDistributionConfig on ${DISTRIBUTION}`,
  ],
  'move-route': [
    'dynamodb:GetItem on the ledger',
    'dynamodb:UpdateItem on the ledger',
    `cloudfront-keyvaluestore:DescribeKeyValueStore on ${STORE}`,
    `cloudfront-keyvaluestore:GetKey on ${STORE}`,
    `cloudfront-keyvaluestore:PutKey on ${STORE}`,
    `cloudfront:GetDistributionConfig on ${DISTRIBUTION}`,
    `cloudfront:UpdateDistribution on ${DISTRIBUTION}`,
    `elasticloadbalancing:ModifyRule on ${FENCE}`,
  ],
  'shut-fence': [
    'dynamodb:UpdateItem on the ledger',
    ...everywhere,
    `elasticloadbalancing:ModifyRule on ${FENCE}`,
  ],
  'verify-route': [
    'dynamodb:GetItem on the ledger',
    'dynamodb:UpdateItem on the ledger',
    ...everywhere,
    `cloudfront:CreateInvalidation on ${DISTRIBUTION}`,
    `cloudfront:GetDistribution on ${DISTRIBUTION}`,
  ],
  'request-approval': [
    'dynamodb:GetItem on the ledger',
    'dynamodb:PutItem on the ledger',
    'dynamodb:UpdateItem on the ledger',
    `secretsmanager:GetSecretValue on ${SECRET}`,
    `states:SendTaskSuccess on ${MACHINE_HOME}`,
    `states:SendTaskSuccess on ${MACHINE}`,
  ],
  'slack-gateway': [
    'lambda:InvokeFunction on pilotlight-slack-worker',
    `secretsmanager:GetSecretValue on ${SECRET}`,
  ],
  'slack-worker': [
    'dynamodb:GetItem on the ledger',
    'dynamodb:PutItem on the ledger',
    'dynamodb:UpdateItem on the ledger',
    `secretsmanager:GetSecretValue on ${SECRET}`,
    `states:SendTaskSuccess on ${MACHINE_HOME}`,
    `states:SendTaskSuccess on ${MACHINE}`,
  ],
  'follow-execution': [
    'dynamodb:GetItem on the ledger',
    'dynamodb:Query on the ledger',
    'dynamodb:UpdateItem on the ledger',
    `secretsmanager:GetSecretValue on ${SECRET}`,
  ],
};

describe('with Slack and the distribution strategy', () => {
  it.each(Object.entries(expected))('%s may do what its adapters call, and nothing more', (name, allowed) => {
    expect(permissions.ofFunction(name)).toEqual([...allowed, ...seen(name)].toSorted());
  });

  it('nobody else may read the secret, wake the workflow or touch a distribution', () => {
    const others = functionNames.filter((name) => !Object.hasOwn(expected, name));
    const allowed = others.flatMap((name) => actionsIn(permissions.ofFunction(name)));
    const found = allowed.filter((action) => /^(?:secretsmanager|states|cloudfront):/.test(action));
    // Who looks where users are at the end of a run reads the distribution, and shares its role with all that ask Azure.
    expect([...new Set(found)]).toEqual(['cloudfront:GetDistributionConfig']);
    expect(others).toHaveLength(functionNames.length - 5);
  });

  it.each([...Object.keys(expected)])('the source of %s needs exactly what its role may do', (name) => {
    expect(actionsIn(permissions.ofFunction(name))).toEqual(neededBy([name], { withEverything: true }));
  });

  it('covers every function between Slack and the workflow', () => {
    expect(Object.keys(expected)).toEqual(expect.arrayContaining(Object.keys(slackFunctionTable)));
  });
});
