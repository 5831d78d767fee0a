import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CfnResource, Stack, Validations, type App } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Config } from '../../core/config/schema.ts';
import { addStacks } from '../../lib/app.ts';
import { configOf, fullConfig, makeApp } from './synthesized.ts';

interface Acknowledged {
  readonly where: string;
  readonly rule: string;
  readonly reason: string;
}

function appOf(outdir: string, config: Config = configOf()): App {
  const app = makeApp(outdir);
  addStacks(app, config);
  return app;
}

const rulesBrokenIn = (app: App): string[] =>
  new AwsSolutionsChecks().validateScope(app).violations.map(({ ruleName }) => ruleName);

function acknowledgedIn(app: App): Acknowledged[] {
  return app.node.findAll().flatMap((construct) =>
    construct.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) =>
        Object.entries(data as Record<string, string>).map(([rule, reason]) => ({
          where: construct.node.path,
          rule: rule.replace(/^annotation::/i, ''),
          reason,
        })),
      ),
  );
}

describe('the AwsSolutions rules', () => {
  const outdir = mkdtempSync(path.join(tmpdir(), 'pilotlight-nag-'));
  const app = appOf(outdir);
  afterAll(() => rmSync(outdir, { recursive: true, force: true }));

  it('find nothing in the stacks', () => {
    expect(rulesBrokenIn(app)).toEqual([]);
  });

  it('find what is wrong where something is', () => {
    const bad = appOf(outdir);
    new Topic(new Stack(bad, 'Bad'), 'PlainTopic');
    expect(rulesBrokenIn(bad)).toEqual(['AwsSolutions-SNS3']);
  });

  it('are part of the app: a synthesis with something wrong in it fails', () => {
    const bad = appOf(outdir);
    new Topic(new Stack(bad, 'Bad'), 'PlainTopic');
    expect(() => bad.synth()).toThrow('AwsSolutions-SNS3');
  });

  it('are silenced on a single resource only, for two rules, with a reason', () => {
    const acknowledged = acknowledgedIn(app);
    expect(rulesOf(acknowledged)).toEqual([
      'AwsSolutions-IAM5[Resource::*]',
      'AwsSolutions-IAM5[Resource::arn:aws:cloudwatch:ap-northeast-1:111122223333:alarm:*]',
      'AwsSolutions-IAM5[Resource::arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:*]',
      'AwsSolutions-IAM5[Resource::arn:aws:cloudwatch:eu-west-1:111122223333:alarm:*]',
      'AwsSolutions-IAM5[Resource::arn:aws:cloudwatch:us-east-1:111122223333:alarm:*]',
      'AwsSolutions-IAM5[Resource::arn:aws:states:ap-northeast-1:111122223333:execution:pilotlight-failback:*]',
      'AwsSolutions-IAM5[Resource::arn:aws:states:ap-northeast-1:111122223333:execution:pilotlight-failover:*]',
      'AwsSolutions-SQS3',
    ]);
    for (const { where, reason } of acknowledged) {
      expect(cfnResourcesAt(app, where)).toBeGreaterThan(0);
      expect(where).toMatch(/\/(?:Unscoped|(?:DeadLetters|Watch)\/Queue)$/);
      expect(reason).toMatch(/^[A-Z].{30,}\.$/);
    }
  });

  it('are silenced on reading alarms for the one function that does it', () => {
    const alarms = acknowledgedIn(app).filter(({ rule }) => rule.includes('cloudwatch'));
    expect([...new Set(alarms.map(({ where }) => where))]).toEqual([
      'PilotlightController/Functions/confirm-outage-role/Unscoped',
    ]);
  });

  it('find nothing with Slack, an approval, a site of ours and the distribution strategy either', () => {
    const full = appOf(outdir, fullConfig());
    expect(rulesBrokenIn(full)).toEqual([]);
    const more = acknowledgedIn(full).filter(
      ({ where }) => where.startsWith('PilotlightController/') && !/\/(?:Unscoped|Queue)$/.test(where),
    );
    expect(more.map(({ where, rule }) => `${where} ${rule}`)).toEqual([
      'PilotlightController/Approvals/Gateway/Api/POST--slack--interactions AwsSolutions-APIG4',
    ]);
  });
});

const rulesOf = (acknowledged: readonly Acknowledged[]): string[] =>
  [...new Set(acknowledged.map(({ rule }) => rule))].toSorted();

/** How many resources of CloudFormation are the construct at this path, or are directly below it. */
function cfnResourcesAt(app: App, where: string): number {
  const construct = app.node.findAll().find(({ node }) => node.path === where);
  const below = construct?.node.findAll().filter((one) => CfnResource.isCfnResource(one)) ?? [];
  return below.filter(({ node }) => node.id === 'Resource').length;
}
