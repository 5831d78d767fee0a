import { Match, type Template } from 'aws-cdk-lib/assertions';
import { parseConfig } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import { configOf, templateOf, templatesOf } from './synthesized.ts';

type Named = Partial<Config['workloads'][string]['detection']['alarms'][number]>;

/** The configuration with alarms that the clinic has already. */
function withAlarms(alarms: readonly Named[]): ReadonlyMap<string, Template> {
  const base = configOf();
  const { clinic, shop } = base.workloads;
  const detection = { ...clinic!.detection, alarms };
  return templatesOf(parseConfig({ ...base, workloads: { clinic: { ...clinic!, detection }, shop } }));
}

interface Rule {
  readonly EventPattern: { readonly detail: { readonly alarmName: readonly string[] } };
  readonly Targets: readonly [{ readonly RoleArn: unknown }];
}
const rulesIn = (template: Template): Rule[] =>
  Object.values(template.findResources('AWS::Events::Rule') as Record<string, { Properties: Rule }>).map(
    ({ Properties }) => Properties,
  );

const BUS = 'arn:aws:events:ap-northeast-1:111122223333:event-bus/pilotlight';

describe('alarms that a site has already', () => {
  const templates = withAlarms([
    { region: 'ap-northeast-2', name: 'Clinic: checkout fails' },
    { region: 'ap-northeast-2', name: 'Clinic: slow', use: ['signal'] },
    { region: 'sa-east-1', name: 'clinic-canary' },
    { region: 'ap-northeast-1', name: 'clinic-composite', use: ['trigger'] },
  ]);
  const seoul = templateOf(templates, 'PilotlightDetection-ap-northeast-2-10');

  it('are sent on by their whole names, when they begin to ring', () => {
    seoul.resourceCountIs('AWS::Events::Rule', 1);
    seoul.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: Match.absent(),
      State: 'ENABLED',
      EventPattern: {
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        detail: { alarmName: ['Clinic: checkout fails'], state: { value: ['ALARM'] } },
      },
      Targets: [{ Arn: BUS, RetryPolicy: { MaximumEventAgeInSeconds: 900, MaximumRetryAttempts: 185 } }],
    });
  });

  it('are not sent on where they are signals only', () => {
    const names = JSON.stringify(
      [...templates.values()].map((template) => template.findResources('AWS::Events::Rule')),
    );
    expect(names).not.toContain('Clinic: slow');
    expect(names).toContain('clinic-canary');
  });

  it('may be put on the controller’s bus by their rule, and nothing else may be done', () => {
    const policies = seoul.findResources('AWS::IAM::Policy') as Record<
      string,
      { Properties: { PolicyDocument: { Statement: unknown } } }
    >;
    expect(Object.values(policies).map(({ Properties }) => Properties.PolicyDocument.Statement)).toEqual([
      [{ Action: 'events:PutEvents', Effect: 'Allow', Resource: BUS }],
    ]);
  });

  it('may live in a Region with no other alarm of the workload', () => {
    const saoPaulo = templateOf(templates, 'PilotlightDetection-sa-east-1-10');
    saoPaulo.resourceCountIs('AWS::CloudWatch::Alarm', 0);
    expect(rulesIn(saoPaulo).map(({ EventPattern }) => EventPattern.detail.alarmName)).toEqual([
      ['clinic-canary'],
    ]);
  });

  it('are sent to the controller’s bus in its own Region too, where no other rule knows their names', () => {
    const home = templateOf(templates, 'PilotlightDetection-ap-northeast-1-10');
    home.resourceCountIs('AWS::Events::Rule', 1);
    home.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { detail: { alarmName: ['clinic-composite'] } },
      Targets: [Match.objectLike({ Arn: BUS })],
    });
  });

  it('need no rule where nobody names one', () => {
    for (const stack of ['eu-west-1-03', 'us-east-1-03', 'us-east-1-10', 'ap-northeast-1-03']) {
      templateOf(templates, `PilotlightDetection-${stack}`).resourceCountIs('AWS::Events::Rule', 0);
    }
    const none = templatesOf(configOf());
    for (const stack of ['ap-northeast-2-10', 'ap-northeast-1-10']) {
      templateOf(none, `PilotlightDetection-${stack}`).resourceCountIs('AWS::Events::Rule', 0);
    }
  });
});

describe('many long names of alarms', () => {
  /** 20 names of 255 characters, the most of both that a workload may have. */
  const names = Array.from({ length: 20 }, (_, n) => String(n).padStart(2, '0').padEnd(255, 'x'));
  const templates = withAlarms(names.map((name) => ({ region: 'ap-northeast-2', name })));
  const rules = rulesIn(templateOf(templates, 'PilotlightDetection-ap-northeast-2-10'));

  it('are divided among rules, none of whose patterns has more than the 2,048 characters that EventBridge takes', () => {
    expect(rules.map(({ EventPattern }) => EventPattern.detail.alarmName.length)).toEqual([6, 6, 6, 2]);
    const longest = Math.max(...rules.map(({ EventPattern }) => JSON.stringify(EventPattern).length));
    expect(longest).toBeLessThanOrEqual(2_048);
  });

  it('are all there, once and in their order', () => {
    expect(rules.flatMap(({ EventPattern }) => EventPattern.detail.alarmName)).toEqual(names);
  });
});
