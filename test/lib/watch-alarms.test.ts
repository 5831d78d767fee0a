import { Match, type Template } from 'aws-cdk-lib/assertions';
import { fleetOf } from '../../bench/fleet-config.ts';
import { parseConfig } from '../../core/config/parse.ts';
import { configOf, templateOf, templatesOf } from './synthesized.ts';

/** The controller of so many workloads, which bring their own distributions. */
function controllerOf(count: number): Template {
  const data = fleetOf(count);
  for (const workload of Object.values(data.workloads)) {
    Reflect.deleteProperty((workload as { edge: object }).edge, 'stack');
  }
  return templateOf(templatesOf(parseConfig(data)), 'PilotlightController');
}

const controller = templateOf(templatesOf(configOf()), 'PilotlightController');

const ofWatch = [{ Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp('^Watchwatch') } }];
const toPeople = { AlarmActions: [{ Ref: Match.stringLikeRegexp('^OnCallTopic') }] };

describe('the alarm on a watch that has stopped', () => {
  // A look every ten seconds for each 25 workloads is 30 in five minutes.
  it.each([
    [1, 15],
    [25, 15],
    [26, 30],
    [30, 30],
  ])(
    'rings, for %d workloads, at fewer than %d looks in five minutes, which is half of them',
    (count, looks) => {
      controllerOf(count).hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmName: 'pilotlight/watch/stopped',
        Namespace: 'AWS/Lambda',
        MetricName: 'Invocations',
        Dimensions: ofWatch,
        Statistic: 'Sum',
        Period: 300,
        EvaluationPeriods: 1,
        Threshold: looks,
        ComparisonOperator: 'LessThanThreshold',
      });
    },
  );

  it('rings where there is no sign of the watch at all', () => {
    controller.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'pilotlight/watch/stopped',
      TreatMissingData: 'breaching',
      ...toPeople,
    });
  });
});

describe('the alarms on what the watch says of itself', () => {
  it.each([
    ['place-silent', 'PlacesSilent', 'Minimum', 1, 'pilotlight-watch'],
    // Whoever refuses counts under one name for all: the watch, what starts runs, and the steps that look.
    ['evidence-refused', 'EvidenceRefused', 'Sum', 5, 'pilotlight'],
    ['looks-failing', 'LookFailed', 'Sum', 3, 'pilotlight-watch'],
  ])(
    '%s rings by the %s of five minutes, as %s, from %d on',
    (name, MetricName, Statistic, Threshold, service) => {
      controller.hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmName: `pilotlight/watch/${name}`,
        Namespace: 'Pilotlight',
        MetricName,
        Dimensions: [{ Name: 'service', Value: service }],
        Statistic,
        Period: 300,
        EvaluationPeriods: 1,
        Threshold,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
        ...toPeople,
      });
    },
  );

  it('failing rings at three failures of its function in five minutes, of which it can say nothing itself', () => {
    controller.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'pilotlight/watch/failing',
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: ofWatch,
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 3,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      ...toPeople,
    });
  });
});

describe('the alarm on the functions of the workflow', () => {
  it('is one for all of them, by the name that all count their failures under', () => {
    controller.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'pilotlight/controller/steps-failing',
      Namespace: 'Pilotlight',
      MetricName: 'StepFailed',
      Dimensions: [{ Name: 'service', Value: 'pilotlight' }],
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 3,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      ...toPeople,
    });
  });

  it('has two beside it, of what finds the runs that nobody closed and of what closes them: no run waits for either, so none would tell', () => {
    const alarms = controller.findResources('AWS::CloudWatch::Alarm') as Record<
      string,
      { Properties: { AlarmName: string; Threshold: number } }
    >;
    const ofFunctions = Object.values(alarms).filter(({ Properties }) =>
      Properties.AlarmName.includes('/function/'),
    );
    expect(ofFunctions.map(({ Properties }) => [Properties.AlarmName, Properties.Threshold])).toEqual([
      ['pilotlight/controller/function/watch-runs/failing', 3],
      ['pilotlight/controller/function/close-run/failing', 3],
    ]);
  });
});
