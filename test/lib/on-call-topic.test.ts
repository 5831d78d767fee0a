import { Match } from 'aws-cdk-lib/assertions';
import { configOf, templateOf, templatesOf } from './synthesized.ts';

const controller = templateOf(templatesOf(configOf()), 'PilotlightController');

describe('the topic of the people on call', () => {
  it('has a subscription for every address', () => {
    const subscriptions = controller.findResources('AWS::SNS::Subscription') as Record<
      string,
      { Properties: { Endpoint: string } }
    >;
    const endpoints = Object.values(subscriptions).map(({ Properties }) => Properties.Endpoint);
    expect(endpoints).toEqual(['on-call@example.com', 'second@example.com']);
  });

  it('is encrypted by a key that CloudWatch may use: with the key of AWS no alarm would arrive', () => {
    controller.hasResourceProperties('AWS::SNS::Topic', {
      KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OnCallKey'), 'Arn'] },
    });
    controller.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Principal: { Service: 'cloudwatch.amazonaws.com' },
          }),
        ]),
      },
    });
  });

  it('takes messages from alarms of this account only, and from nobody without TLS', () => {
    controller.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Effect: 'Deny',
            Principal: '*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
          }),
        ],
      },
    });
  });
});
