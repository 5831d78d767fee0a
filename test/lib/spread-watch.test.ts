import { Match } from 'aws-cdk-lib/assertions';
import { dataWithWorkload } from '../core/config-fixture.ts';
import { parseConfig } from '../../core/config/parse.ts';
import { configOf, templateOf, templatesOf } from './synthesized.ts';

/*
 * Goal: the spread of changes is measured all year, where there is a store to measure, and one that is too slow is told at once.
 */

const controller = templateOf(templatesOf(configOf()), 'PilotlightController');

describe('the measuring of the spread', () => {
  it('is called on each full ten minutes, and not again where a call failed', () => {
    controller.hasResourceProperties('AWS::Events::Rule', {
      Name: 'pilotlight-spread',
      ScheduleExpression: 'cron(0/10 * * * ? *)',
      Targets: [Match.objectLike({ RetryPolicy: { MaximumRetryAttempts: 0 } })],
    });
    controller.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: Match.stringLikeRegexp('^Spreadmeasurespread') },
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
  });

  it('has time for the longest spread that it waits for, and ends before the next call', () => {
    controller.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'pilotlight-measure-spread',
      Timeout: 240,
      TracingConfig: Match.absent(),
    });
  });

  it('is not there where no edge reads a store', () => {
    const plain = dataWithWorkload({
      'edge.strategy': 'distribution',
      'edge.originIds': { primary: 'alb', standby: 'agw', maintenance: 'page' },
      'edge.stack': undefined,
      'edge.keyValueStoreArn': undefined,
      'limits.convergeSeconds': 600,
    });
    const template = templateOf(templatesOf(parseConfig(plain)), 'PilotlightController');
    template.resourcePropertiesCountIs('AWS::Events::Rule', { Name: 'pilotlight-spread' }, 0);
    template.resourcePropertiesCountIs(
      'AWS::CloudWatch::Alarm',
      { AlarmName: 'pilotlight/edge/spread-slow' },
      0,
    );
  });
});

describe('the alarm on a slow edge', () => {
  it('rings with the first measurement that a shield would not have waited for', () => {
    controller.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...{ AlarmName: 'pilotlight/edge/spread-slow', Namespace: 'Pilotlight', MetricName: 'SpreadSlow' },
      Dimensions: [{ Name: 'service', Value: 'pilotlight-measure-spread' }],
      ...{ Statistic: 'Maximum', Period: 60, EvaluationPeriods: 1, Threshold: 1 },
      ...{ ComparisonOperator: 'GreaterThanOrEqualToThreshold', TreatMissingData: 'notBreaching' },
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^OnCallTopic') }],
    });
  });
});
