import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { CfnRule, Rule } from 'aws-cdk-lib/aws-events';
import { Queue, QueueEncryption, type IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { names, type Part } from '../../names.ts';

/**
 * An alarm that could not be delivered for so long is old news: a person reads it from the queue, it starts nothing.
 * Until then EventBridge tries as often as it may.
 */
export const delivery = { maxEventAge: Duration.minutes(15), retryAttempts: 185 } as const;

/** The same limits for a target whose construct does not know them. */
export function limitDelivery(rule: Rule): void {
  (rule.node.defaultChild as CfnRule).addPropertyOverride('Targets.0.RetryPolicy', {
    MaximumEventAgeInSeconds: delivery.maxEventAge.toSeconds(),
    MaximumRetryAttempts: delivery.retryAttempts,
  });
}

/** Alarm events that EventBridge could not deliver. Whatever is in here may be an outage that nobody acted on. */
export class DeadLetters extends Construct {
  readonly queue: IQueue;

  readonly part: Part;

  constructor(scope: Construct, id: string, props: { readonly part: Part }) {
    super(scope, id);
    this.part = props.part;
    const queue = new Queue(this, 'Queue', {
      queueName: names.deadLetters(props.part),
      // The service's own key: EventBridge may use it as it is.
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason:
        'This is the dead-letter queue, of EventBridge targets; the rule knows those of queues and functions only.',
    });
    this.queue = queue;
  }
}
