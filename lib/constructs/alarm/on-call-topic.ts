import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key, type IKey } from 'aws-cdk-lib/aws-kms';
import { Topic, type ITopic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { names, type Part } from '../../names.ts';

/**
 * The key of a topic: one of our own, because CloudWatch may not use the one that AWS manages for SNS, and its alarms would be
 * lost. Source: Amazon SNS Developer Guide, "Enable compatibility between event sources and encrypted topics".
 */
export class OnCallKey extends Construct {
  readonly key: IKey;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: 'Messages of Pilotlight to the people on call',
      enableKeyRotation: true,
      // Messages are read from the mailbox, never from here: nothing needs the key when the topic is gone.
      removalPolicy: RemovalPolicy.DESTROY,
      pendingWindow: Duration.days(7),
    });
    // No condition on the account here: it is not documented that CloudWatch passes it on to KMS, and the topic
    // checks it before anything is encrypted.
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsEncrypt',
        principals: [cloudWatch],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
      }),
    );
  }
}

const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com');

export interface OnCallTopicProps {
  readonly part: Part;
  /** Each address must confirm its subscription once, in every Region that has this topic. */
  readonly emails: readonly string[];
  /**
   * What messages are encrypted with. Left out where they say no more than the names and states of our own alarms: a key
   * costs a dollar a month in each Region, and is one more thing that can keep an alarm from people.
   */
  readonly key?: IKey;
}

/** Where people are told: announcements of the workflow, and the alarms on Pilotlight itself. */
export class OnCallTopic extends Construct {
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, props: OnCallTopicProps) {
    super(scope, id);
    const topic = new Topic(this, 'Topic', {
      topicName: names.onCallTopic(props.part),
      displayName: 'Pilotlight',
      ...(props.key === undefined ? {} : { masterKey: props.key }),
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
