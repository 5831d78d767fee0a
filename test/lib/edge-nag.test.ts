import { Stack, Validations, type App } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { edgeApp, edgeConfig, inDirectory, type Changes } from './edge-fixture.ts';

const checked = <Result>(changes: Changes, look: (app: App) => Result): Result =>
  inDirectory((directory) => look(edgeApp(edgeConfig(changes), directory)));

const broken = (app: App): string[] =>
  new AwsSolutionsChecks().validateScope(app).violations.map(({ ruleName }) => ruleName);

const acknowledged = (app: App): string[] =>
  app.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) =>
        Object.entries(data as Record<string, string>).map(([rule, reason]) => {
          expect(reason).toMatch(/^[A-Z].{30,}\.$/);
          return `${node.path} ${rule.replace(/^annotation::/i, '')}`;
        }),
      ),
  );

describe('the AwsSolutions rules', () => {
  it.each([true, false])('find nothing in the edge stack, with a firewall: %p', (webAcl) => {
    expect(checked({ stack: { webAcl } }, broken)).toEqual([]);
  });

  it('find what is wrong where something is', () => {
    const rules = checked({}, (app) => {
      new Topic(new Stack(app, 'Bad'), 'PlainTopic');
      return broken(app);
    });
    expect(rules).toEqual(['AwsSolutions-SNS3']);
  });

  it('are silenced on single resources only, each with a reason, and about the firewall only where there is none', () => {
    const site = 'PilotlightEdge-clinic/Site/Distribution';
    const always = [
      `${site} AwsSolutions-CFR1`,
      `${site} AwsSolutions-CFR3`,
      'PilotlightEdge-clinic/Logs/Bucket AwsSolutions-S1',
    ];
    expect(checked({ stack: { webAcl: true } }, acknowledged).toSorted()).toEqual(always.toSorted());
    expect(checked({ stack: { webAcl: false } }, acknowledged).toSorted()).toEqual(
      [...always, `${site} AwsSolutions-CFR2`].toSorted(),
    );
  });
});
