import { Match } from 'aws-cdk-lib/assertions';
import { configOf, templateOf, templatesOf } from './synthesized.ts';

const probe = templateOf(templatesOf(configOf()), 'PilotlightProbe-us-west-2');

describe('a place that probes are sent from', () => {
  it('is asked something every five minutes, as the workflow would ask it', () => {
    probe.resourceCountIs('AWS::Events::Rule', 1);
    probe.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(5 minutes)',
      State: 'ENABLED',
      Targets: [
        {
          Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Probe'), 'Arn'] },
          Input: JSON.stringify({
            targets: [
              {
                about: 'edge',
                url: 'https://clinic.example.com/deep',
                timeoutMs: 3000,
                status: 200,
                contains: 'Owners',
                identifies: 'primary',
                page: 'Back soon',
              },
            ],
          }),
        },
      ],
    });
  });

  it('rings when it has not answered once in a quarter of an hour, also when there is no sign of it at all', () => {
    probe.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'pilotlight/probe/place-silent',
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      EvaluationPeriods: 1,
      TreatMissingData: 'breaching',
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: 'invocations - FILL(errors, 0)' }),
        Match.objectLike({
          Id: 'invocations',
          MetricStat: Match.objectLike({
            Period: 900,
            Stat: 'Sum',
            Metric: Match.objectLike({ MetricName: 'Invocations', Namespace: 'AWS/Lambda' }),
          }),
        }),
      ]),
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^OnCallTopic') }],
    });
  });

  it('has a topic of its own, as an alarm reaches none of another Region', () => {
    probe.hasResourceProperties('AWS::SNS::Topic', { TopicName: 'pilotlight-probe-on-call' });
  });
});
