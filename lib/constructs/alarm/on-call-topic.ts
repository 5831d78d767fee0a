import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key, type IKey } from 'aws-cdk-lib/aws-kms';
import { Topic, type ITopic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { names, type Part } from '../../names.ts';

export interface OnCallTopicProps {
  readonly part: Part;
  /** Each address must confirm its subscription once, in every Region that has this topic. */
  readonly emails: readonly string[];
}

/** Where people are told: announcements of the workflow, and the alarms on Pilotlight itself. */
export class OnCallTopic extends Construct {
  readonly topic: ITopic;
  readonly key: IKey;

  constructor(scope: Construct, id: string, props: OnCallTopicProps) {
    super(scope, id);
    // A key of our own, because CloudWatch may not use the one that AWS manages for SNS: its alarms would be lost.
    // Source: Amazon SNS Developer Guide, "Enable compatibility between event sources and encrypted topics".
    this.key = new Key(this, 'Key', {
      description: 'Messages of Pilotlight to the people on call',
      enableKeyRotation: true,
      // Messages are read from the mailbox, never from here: nothing needs the key when the topic is gone.
      removalPolicy: RemovalPolicy.DESTROY,
      pendingWindow: Duration.days(7),
    });
    const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com');
    // No condition on the account here: it is not documented that CloudWatch passes it on to KMS, and the topic below
    // checks it before anything is encrypted.
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsEncrypt',
        principals: [cloudWatch],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
      }),
    );
    const topic = new Topic(this, 'Topic', {
      topicName: names.onCallTopic(props.part),
      displayName: 'Pilotlight',
      masterKey: this.key,
      enforceSSL: true,
    });
    // The policy that enforces TLS replaces the default one, by which alarms of the account could publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsPublish',
        principals: [cloudWatch],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    for (const email of props.emails) topic.addSubscription(new EmailSubscription(email));
    this.topic = topic;
  }
}
