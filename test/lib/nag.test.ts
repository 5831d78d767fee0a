import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CfnResource, Stack, Validations, type App } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { addStacks } from '../../lib/app.ts';
import { configOf, makeApp } from './synthesized.ts';

interface Acknowledged {
  readonly where: string;
  readonly rule: string;
  readonly reason: string;
}

function appOf(outdir: string): App {
  const app = makeApp(outdir);
  addStacks(app, configOf());
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
    expect([...new Set(acknowledged.map(({ rule }) => rule))].toSorted()).toEqual([
      'AwsSolutions-IAM5[Resource::*]',
      'AwsSolutions-SQS3',
    ]);
    for (const { where, reason } of acknowledged) {
      const construct = app.node.findAll().find(({ node }) => node.path === where);
      const covered = construct?.node.findAll().filter((below) => CfnResource.isCfnResource(below)) ?? [];
      expect(covered.filter(({ node }) => node.id === 'Resource').length).toBeGreaterThan(0);
      expect(where).toMatch(/\/(?:Unscoped|DeadLetters\/Queue)$/);
      expect(reason).toMatch(/^[A-Z].{30,}\.$/);
    }
  });
});
