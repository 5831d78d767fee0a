import { configOf, fullConfig, templatesOf } from './synthesized.ts';

describe('the stacks of a configuration', () => {
  it('are one ledger, one controller, a detection where alarms live, a probe in each place', () => {
    expect([...templatesOf(configOf()).keys()].toSorted()).toEqual([
      'PilotlightController',
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
    expect(stacks).toHaveLength(12);
  });

  it('keep a detection of its own where the controller lives in the Region of the global metrics', () => {
    const templates = templatesOf(configOf('us-east-1'));
    templates.get('PilotlightDetection-us-east-1')?.hasResourceProperties('AWS::Events::Rule', {
      Targets: [{ Arn: 'arn:aws:events:us-east-1:111122223333:event-bus/pilotlight' }],
    });
    expect(templates.has('PilotlightDetection-us-east-1')).toBe(true);
  });
});

describe('names in the stacks of one Region', () => {
  it('do not clash where controller and detection share it', () => {
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
    const all = [...namesOf('PilotlightController'), ...namesOf('PilotlightDetection-us-east-1')];
    expect(all.length).toBeGreaterThan(10);
    expect(all.toSorted()).toEqual([...new Set(all)].toSorted());
  });
});

interface Named {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}
