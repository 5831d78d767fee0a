import { Match } from 'aws-cdk-lib/assertions';
import { Permissions, seen } from './permissions-of.ts';
import { configOf, templateOf, templatesOf } from './synthesized.ts';

/* Goal: the runs are watched over once a minute, by a function that may look and have a run closed, and nothing more. */

const controller = templateOf(templatesOf(configOf()), 'PilotlightController');

describe('the watch over the runs', () => {
  it('is called once a minute, and not again where a call failed', () => {
    controller.hasResourceProperties('AWS::Events::Rule', {
      Name: 'pilotlight-runs',
      ScheduleExpression: 'rate(1 minute)',
      Targets: [Match.objectLike({ RetryPolicy: { MaximumRetryAttempts: 0 } })],
    });
    controller.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: Match.stringLikeRegexp('^Runswatchruns') },
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
  });

  it('ends before the next call, and its failures ring', () => {
    controller.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'pilotlight-watch-runs',
      Timeout: 55,
      TracingConfig: Match.absent(),
    });
    controller.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'pilotlight/controller/function/watch-runs/failing',
    });
  });

  it('may read the lease, ask how a run of either workflow stands, and hand it to the function that closes runs', () => {
    expect(new Permissions(controller).ofFunction('watch-runs')).toEqual(
      [
        'dynamodb:GetItem on the ledger',
        'lambda:InvokeFunction on arn:aws:lambda:ap-northeast-1:111122223333:function:pilotlight-close-run',
        'states:DescribeExecution on arn:aws:states:ap-northeast-1:111122223333:execution:pilotlight-failback:*',
        'states:DescribeExecution on arn:aws:states:ap-northeast-1:111122223333:execution:pilotlight-failover:*',
        ...seen('watch-runs').filter((line) => line.startsWith('logs:')),
      ].toSorted(),
    );
  });
});
