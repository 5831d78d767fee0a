import { Match } from 'aws-cdk-lib/assertions';
import { configOf, templateOf, templatesOf } from './synthesized.ts';

const controller = templateOf(templatesOf(configOf()), 'PilotlightController');

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}
const { Resources } = controller.toJSON() as { Resources: Readonly<Record<string, Resource>> };
const ofType = (type: string): Resource[] => Object.values(Resources).filter(({ Type }) => Type === type);

const arnOf = (id: string): unknown => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(`^${id}`), 'Arn'] });

describe('the queue of the looks', () => {
  it('is encrypted', () => {
    controller.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'pilotlight-looks',
      SqsManagedSseEnabled: true,
    });
  });

  it('forgets a look that nobody took within two minutes, and keeps none for later', () => {
    controller.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'pilotlight-looks',
      MessageRetentionPeriod: 120,
      RedrivePolicy: Match.absent(),
    });
  });

  it('hands a look out again only when the function that took it must have ended', () => {
    controller.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'pilotlight-looks',
      VisibilityTimeout: 60,
    });
    controller.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'pilotlight-watch',
      Timeout: 30,
    });
  });

  it('refuses whoever comes without TLS, and invites nobody: who uses it does so by its own role', () => {
    const policies = ofType('AWS::SQS::QueuePolicy').filter(({ Properties }) =>
      JSON.stringify(Properties['Queues']).includes('WatchQueue'),
    );
    expect(policies.map(({ Properties }) => Properties['PolicyDocument'])).toEqual([
      {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Action: 'sqs:*',
            Principal: { AWS: '*' },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            Resource: { 'Fn::GetAtt': [expect.stringMatching(/^WatchQueue/), 'Arn'] },
          },
        ],
      },
    ]);
  });

  it('has its looks taken one at a time, so that one that fails brings no other back, and at once', () => {
    controller.resourceCountIs('AWS::Lambda::EventSourceMapping', 1);
    controller.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: arnOf('WatchQueue'),
      FunctionName: { Ref: Match.stringLikeRegexp('^Watchwatch') },
      BatchSize: 1,
      Enabled: Match.absent(),
      MaximumBatchingWindowInSeconds: Match.absent(),
    });
  });
});

describe('the schedule of the looks', () => {
  it('has those of the next minute sent every minute, and never late: they would be of a minute that is over', () => {
    const scheduled = ofType('AWS::Events::Rule').filter(
      ({ Properties }) => 'ScheduleExpression' in Properties,
    );
    // The other three measure the data and the edge, and watch over the runs.
    expect(scheduled.map(({ Properties }) => Properties['Name']).toSorted()).toEqual([
      'pilotlight-data',
      'pilotlight-looks',
      'pilotlight-runs',
      'pilotlight-spread',
    ]);
    controller.hasResourceProperties('AWS::Events::Rule', {
      Name: 'pilotlight-looks',
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Targets: [{ Arn: arnOf('Watchschedulelooks'), RetryPolicy: { MaximumRetryAttempts: 0 } }],
    });
  });

  it('is not repeated by Lambda either: that would be a minute late', () => {
    controller.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: Match.stringLikeRegexp('^Watchschedulelooks') },
      MaximumRetryAttempts: 0,
    });
  });

  it('is no schedule of the watch itself: a look that is not in the queue is none', () => {
    const targets = ofType('AWS::Events::Rule').map(({ Properties }) =>
      JSON.stringify(Properties['Targets']),
    );
    expect(targets.filter((target) => target.includes('Watchwatch'))).toEqual([]);
  });
});

describe('an alarm that no run could be started for', () => {
  it('is left with the dead letters, where it rings for a person', () => {
    controller.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: Match.stringLikeRegexp('^Watchstartrun') },
      DestinationConfig: { OnFailure: { Destination: arnOf('DeadLettersQueue') } },
    });
  });

  it('is left there by a function that has the right to: Lambda writes in its name', () => {
    controller.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arnOf('DeadLettersQueue') },
        ]),
      },
      Roles: [{ Ref: Match.stringLikeRegexp('^Watchstartrunrole') }],
    });
  });

  it('is left there after a quarter of an hour, and starts nothing hours later', () => {
    controller.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: Match.stringLikeRegexp('^Watchstartrun') },
      MaximumEventAgeInSeconds: 900,
    });
  });
});
