import { Match } from 'aws-cdk-lib/assertions';
import { parseConfig } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import { functionNames } from '../../core/functions.ts';
import { actionsIn } from './needs-of.ts';
import { everywhere, Permissions, seen } from './permissions-of.ts';
import { azureWordsIn, configOf, templateOf, templatesOf } from './synthesized.ts';

/*
 * Goal: of Azure nothing is in the stacks of a configuration whose standbys are all somebody else's: no right, no role that
 * Entra ID trusts, no function that only it needs; and a workload in Azure beside them brings all of that back.
 */

const mixed = configOf();
const { clinic, shop } = mixed.workloads;
const outside = (workload: typeof clinic): NonNullable<typeof clinic> => {
  const { loadBalancer, targetGroup, ...primary } = workload!.primary;
  expect([loadBalancer, targetGroup]).not.toContain(undefined);
  return {
    ...workload!,
    primary,
    standby: { domainName: 'nginx.elsewhere.net', tier: 'external' },
    data: { mode: 'none' },
  };
};
const configWith = (workloads: Config['workloads']): Config => parseConfig({ ...mixed, workloads });

/** The functions that are only there for what is in Azure. */
const FOR_AZURE = [
  'apply-last-data',
  'park-standby',
  'poll-pipeline',
  'put-away-standby',
  'scale-standby',
  'start-pipeline',
  'wake-standby',
  'watch-growth',
];

describe('the stacks of a configuration with external standbys alone', () => {
  const templates = templatesOf(configWith({ clinic: outside(clinic), shop: outside(shop) }));
  const controller = templateOf(templates, 'PilotlightController');
  const permissions = new Permissions(controller);
  const deployed = Object.values(permissions.resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => Properties['FunctionName']);

  it('have nobody who may ask for a token of Entra ID, and no role that it trusts', () => {
    expect(azureWordsIn(templates)).toEqual([]);
    expect(controller.findOutputs('AzureRoleArn')).toEqual({});
  });

  it('say nothing of Azure in any function, and nothing in any environment', () => {
    const functions = controller.findResources('AWS::Lambda::Function');
    const words = Object.values(functions).map(({ Properties }) => {
      const { Description, Environment } = Properties as Record<string, unknown>;
      return JSON.stringify([Description, Environment]);
    });
    for (const text of words) expect(text).not.toMatch(/azure|entra|tenant|subscription/i);
  });

  it('have every function that a run can come to, and none that only Azure needs', () => {
    const there = functionNames.filter((name) => deployed.includes(`pilotlight-${name}`));
    expect(functionNames.filter((name) => !there.includes(name)).toSorted()).toEqual(FOR_AZURE);
    expect(deployed).not.toContain('pilotlight-measure-data');
  });

  it('let the two workflows together call those that are there, and no other', () => {
    const roles = Object.entries(permissions.resources).filter(
      ([, { Type, Properties }]) =>
        Type === 'AWS::IAM::Role' && /^Pilotlight: the \w+ workflow$/.test(String(Properties['Description'])),
    );
    const called = roles
      .flatMap(([role]) => permissions.of(role))
      .filter((line) => line.startsWith('lambda:InvokeFunction on '))
      .map((line) => line.replace('lambda:InvokeFunction on pilotlight-', ''));
    expect(roles).toHaveLength(2);
    expect([...new Set(called)].toSorted()).toEqual(
      functionNames.filter((name) => !FOR_AZURE.includes(name)).toSorted(),
    );
  });

  it('give each function a role of its own, with no more than it does', () => {
    expect(permissions.ofFunction('poll-standby')).toEqual(
      ['dynamodb:UpdateItem on the ledger', ...everywhere, ...seen('poll-standby')].toSorted(),
    );
    expect(permissions.ofFunction('cancel-pipeline')).toEqual(seen('cancel-pipeline').toSorted());
    expect(actionsIn(permissions.ofFunction('look-at-world'))).toEqual([
      'cloudfront-keyvaluestore:DescribeKeyValueStore',
      'cloudfront-keyvaluestore:GetKey',
      'dynamodb:GetItem',
    ]);
  });

  it('have no alarm on a load balancer, and none in the Region of the primary', () => {
    expect([...templates.keys()].filter((name) => name.startsWith('PilotlightDetection'))).toEqual(
      expect.arrayContaining([expect.stringContaining('us-east-1')]),
    );
    for (const template of templates.values()) {
      template.resourcePropertiesCountIs(
        'AWS::CloudWatch::Alarm',
        { AlarmName: Match.stringLikeRegexp('-alb-') },
        0,
      );
    }
    expect([...templates.keys()].filter((name) => /ap-northeast-2|eu-west-1/.test(name))).toEqual([]);
  });

  it('measure the lag of an own replication without a word to Azure', () => {
    const data = { mode: 'none' as const, probe: { url: 'https://nginx.elsewhere.net/lag' } };
    const own = templatesOf(configWith({ shop: { ...outside(shop), data } }));
    const template = templateOf(own, 'PilotlightController');
    const measure = new Permissions(template).ofFunction('measure-data');
    expect(actionsIn(measure)).toEqual(['dynamodb:GetItem', 'dynamodb:UpdateItem']);
    expect(azureWordsIn(own)).toEqual([]);
  });

  it('check an external primary of no Region from every place that Route 53 has', () => {
    const { region, ...nowhere } = outside(shop).primary;
    expect(region).toBe('eu-west-1');
    const template = templatesOf(configWith({ shop: { ...outside(shop), primary: nowhere } }));
    const checks = [...template.values()].flatMap((one) =>
      Object.values(one.findResources('AWS::Route53::HealthCheck')),
    );
    expect(checks).toHaveLength(1);
    expect(
      (checks[0] as { Properties: { HealthCheckConfig: { Regions: string[] } } }).Properties.HealthCheckConfig
        .Regions,
    ).toHaveLength(8);
  });
});

describe('the stacks of a configuration with one standby in Azure beside them', () => {
  const templates = templatesOf(configWith({ clinic: clinic!, shop: outside(shop) }));
  const controller = templateOf(templates, 'PilotlightController');
  const permissions = new Permissions(controller);

  it('have the role that Entra ID trusts, and all functions', () => {
    controller.hasResourceProperties('AWS::IAM::Role', { RoleName: 'pilotlight-azure' });
    expect(azureWordsIn(templates)).not.toEqual([]);
    expect(actionsIn(permissions.ofFunction('poll-standby'))).toContain('sts:GetWebIdentityToken');
    expect(actionsIn(permissions.ofFunction('carry-home'))).toContain('sts:GetWebIdentityToken');
    for (const name of FOR_AZURE)
      expect(actionsIn(permissions.ofFunction(name))).toContain('sts:GetWebIdentityToken');
    expect(Object.keys(controller.findOutputs('AzureRoleArn'))).toEqual(['AzureRoleArn']);
  });

  it('have the alarms of the load balancer that there is', () => {
    const named = [...templates.values()].flatMap((template) =>
      Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
        ({ Properties }) => (Properties as { AlarmName: string }).AlarmName,
      ),
    );
    expect(named.filter((name) => name.includes('-alb-')).toSorted()).toEqual([
      'pilotlight-clinic-alb-5xx',
      'pilotlight-clinic-alb-unhealthy-hosts',
    ]);
  });
});
