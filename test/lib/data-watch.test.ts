import { Match } from 'aws-cdk-lib/assertions';
import { dataWith } from '../core/config-fixture.ts';
import { parseConfig } from '../../core/config/parse.ts';
import { configOf, templateOf, templatesOf } from './synthesized.ts';

/*
 * Goal: the recovery points are measured every minute, and what is wrong with them is told: after three minutes where one
 * measurement may be luck, at once where it is a fact.
 */

const controller = templateOf(templatesOf(configOf()), 'PilotlightController');
const toPeople = { AlarmActions: [{ Ref: Match.stringLikeRegexp('^OnCallTopic') }] };

describe('the measuring of the data', () => {
  it('is called once a minute, and not again where a call failed', () => {
    controller.hasResourceProperties('AWS::Events::Rule', {
      Name: 'pilotlight-data',
      ScheduleExpression: 'rate(1 minute)',
      Targets: [Match.objectLike({ RetryPolicy: { MaximumRetryAttempts: 0 } })],
    });
    controller.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: Match.stringLikeRegexp('^Datameasuredata') },
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
  });

  it('ends before the next one begins', () => {
    controller.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'pilotlight-measure-data',
      Timeout: 55,
      TracingConfig: Match.absent(),
    });
  });

  it('is not there where there is nothing to measure', () => {
    const silent = dataWith({ 'workloads.petclinic.data': { mode: 'none' } });
    const template = templateOf(templatesOf(parseConfig(silent)), 'PilotlightController');
    template.resourcePropertiesCountIs('AWS::Events::Rule', { Name: 'pilotlight-data' }, 0);
    template.resourcePropertiesCountIs(
      'AWS::CloudWatch::Alarm',
      { AlarmName: Match.stringLikeRegexp('^pilotlight/data/') },
      0,
    );
  });
});

describe('the alarms on the data', () => {
  it.each([
    ['recovery-point-too-old', 'RecoveryPointTooOld', 3],
    ['recovery-point-unknown', 'RecoveryPointUnknown', 3],
    ['dump-failed', 'DumpFailed', 1],
    ['restore-unproven', 'RestoreUnproven', 1],
  ])('%s rings where %s was so for %d minutes in a row', (name, metric, minutes) => {
    controller.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...{ AlarmName: `pilotlight/data/${name}`, Namespace: 'Pilotlight', MetricName: metric },
      Dimensions: [{ Name: 'service', Value: 'pilotlight-measure-data' }],
      ...{ Statistic: 'Maximum', Period: 60, EvaluationPeriods: minutes, Threshold: 1 },
      ...{ ComparisonOperator: 'GreaterThanOrEqualToThreshold', TreatMissingData: 'notBreaching' },
      ...toPeople,
    });
  });

  it('not-measured rings where fewer than three of five measurements were made', () => {
    controller.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...{ AlarmName: 'pilotlight/data/not-measured', Namespace: 'AWS/Lambda', MetricName: 'Invocations' },
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp('^Datameasuredata') } }],
      ...{ Statistic: 'Sum', Period: 300, EvaluationPeriods: 1, Threshold: 3 },
      ...{ ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' },
      ...toPeople,
    });
  });
});
