import type { Template } from 'aws-cdk-lib/assertions';
import { parseConfig } from '../../core/config/parse.ts';
import { configOf, fullConfig, templateOf, templatesOf } from './synthesized.ts';

describe('the stacks of a configuration', () => {
  it('are one ledger, one controller, a detection where alarms live, a probe in each place', () => {
    expect([...templatesOf(configOf()).keys()].toSorted()).toEqual([
      'PilotlightController',
      'PilotlightDetection-ap-northeast-1-03',
      'PilotlightDetection-ap-northeast-1-10',
      'PilotlightDetection-ap-northeast-2',
      'PilotlightDetection-ap-northeast-2-10',
      'PilotlightDetection-eu-west-1',
      'PilotlightDetection-eu-west-1-03',
      'PilotlightDetection-us-east-1',
      'PilotlightDetection-us-east-1-03',
      'PilotlightDetection-us-east-1-10',
      'PilotlightLedger',
      'PilotlightProbe-ca-central-1',
      'PilotlightProbe-us-west-2',
    ]);
  });

  it('have one more for each site that we make the distribution of, and none for the others', () => {
    const stacks = [...templatesOf(fullConfig()).keys()];
    expect(stacks.filter((name) => name.startsWith('PilotlightEdge'))).toEqual(['PilotlightEdge-clinic']);
    expect(stacks).toHaveLength(14);
  });

  it('send nothing on in the controller’s own Region: there it hears the alarms of the global metrics itself', () => {
    const templates = templatesOf(configOf('us-east-1'));
    expect([...templates.keys()].filter((name) => name.includes('us-east-1')).toSorted()).toEqual([
      'PilotlightDetection-us-east-1-03',
      'PilotlightDetection-us-east-1-10',
    ]);
    expect(alarmsIn(templateOf(templates, 'PilotlightDetection-us-east-1-10'))).toEqual([
      'pilotlight-clinic-edge-5xx',
      'pilotlight-clinic-primary-health-check',
      'pilotlight-clinic-watch',
    ]);
    templateOf(templates, 'PilotlightController').hasResourceProperties('AWS::Events::Rule', {
      Name: 'pilotlight-start-here',
      State: 'ENABLED',
    });
    // The load balancers are elsewhere, and theirs are sent on.
    expect(templates.has('PilotlightDetection-eu-west-1')).toBe(true);
  });

  it('protect a primary in the Region of the global metrics from another Region, as any other', () => {
    const base = configOf();
    const { clinic } = base.workloads;
    const primary = { ...clinic!.primary, region: 'us-east-1' };
    const templates = templatesOf(parseConfig({ ...base, workloads: { clinic: { ...clinic!, primary } } }));
    expect([...templates.keys()].toSorted()).toEqual([
      'PilotlightController',
      'PilotlightDetection-ap-northeast-1-10',
      'PilotlightDetection-us-east-1',
      'PilotlightDetection-us-east-1-10',
      'PilotlightLedger',
      'PilotlightProbe-ca-central-1',
      'PilotlightProbe-us-west-2',
    ]);
    expect(alarmsIn(templateOf(templates, 'PilotlightDetection-ap-northeast-1-10'))).toEqual([
      'pilotlight-clinic-watch',
    ]);
    expect(alarmsIn(templateOf(templates, 'PilotlightDetection-us-east-1-10'))).toEqual([
      'pilotlight-clinic-alb-5xx',
      'pilotlight-clinic-alb-unhealthy-hosts',
      'pilotlight-clinic-edge-5xx',
      'pilotlight-clinic-primary-health-check',
    ]);
  });
});

const alarmsIn = (template: Template): string[] =>
  Object.values(
    template.findResources('AWS::CloudWatch::Alarm') as Record<string, { Properties: { AlarmName: string } }>,
  )
    .map(({ Properties }) => Properties.AlarmName)
    .toSorted();

describe('names in the stacks of one Region', () => {
  it('do not clash where the controller and the alarms of workloads share it', () => {
    const templates = templatesOf(configOf('us-east-1'));
    const namesOf = (stack: string): string[] =>
      Object.values(
        (templates.get(stack)?.toJSON() as { Resources: Record<string, Named> }).Resources,
      ).flatMap(({ Type, Properties }) =>
        ['QueueName', 'TopicName', 'AlarmName', 'Name'].flatMap((key) => {
          const name = Properties?.[key];
          return typeof name === 'string' ? [`${Type} ${name}`] : [];
        }),
      );
    const all = [
      ...namesOf('PilotlightController'),
      ...namesOf('PilotlightDetection-us-east-1-03'),
      ...namesOf('PilotlightDetection-us-east-1-10'),
    ];
    expect(all.length).toBeGreaterThan(10);
    expect(all.toSorted()).toEqual([...new Set(all)].toSorted());
  });
});

interface Named {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}
