import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  EventSourceMapping,
  Function as LambdaFn,
  Tracing,
  type IFunction,
  type ILayerVersion,
} from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Config } from '../../../core/config/schema.ts';
import { watchFunctionTable, type WatchFunctionName } from '../../../core/functions.ts';
import { names } from '../../names.ts';
import { delivery, type DeadLetters } from '../alarm/dead-letters.ts';
import type { OnCallTopic } from '../alarm/on-call-topic.ts';
import { functionProps } from '../bundled-function.ts';
import { addFunctionLogs, addFunctionRole } from '../rights/function-role.ts';
import { watchAbilities } from '../rights/permissions.ts';
import { addWatchAlarms } from './watch-alarms.ts';

/** Each call sends the looks of the minute until the next one. */
const TICK = Duration.minutes(1);
/** Longer than a look takes; SQS hands a message out again after it, and the watch then finds it late. */
const VISIBILITY = Duration.seconds(60);
/** A look that nobody took within this is worth nothing. It counts from the sending, 50 s before the last one is due. */
const RETENTION = Duration.minutes(2);

export interface WatchLoopProps {
  readonly config: Config;
  readonly configLayer: ILayerVersion;
  readonly ledger: Table;
  readonly onCall: OnCallTopic;
  readonly onCallKey: IKey;
  readonly deadLetters: DeadLetters;
}

/**
 * The standing look at every workload: a schedule that sends the looks of each minute to a queue, with a delay for each, and a
 * function that looks when one is due. The way was chosen among those of docs/decisions/0014-the-watch-in-a-queue.md.
 */
export class WatchLoop extends Construct {
  /** The function that starts the run which an alarm asks for. */
  readonly startRun: IFunction;

  constructor(scope: Construct, id: string, props: WatchLoopProps) {
    super(scope, id);
    const queue = this.addQueue();
    const schedule = this.addFunction('schedule-looks', props);
    new Rule(this, 'Tick', {
      ruleName: names.lookRule,
      description: 'Has the looks of each minute sent',
      schedule: Schedule.rate(TICK),
      // One that comes late would send looks of a minute that is over: the next tick is better.
      targets: [new LambdaFunction(schedule, { retryAttempts: 0 })],
    });
    schedule.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: TICK });
    const watch = this.addFunction('watch', props);
    const mapping = new EventSourceMapping(this, 'Looks', {
      target: watch,
      eventSourceArn: queue.queueArn,
      // One that fails must not bring another one back.
      batchSize: 1,
    });
    mapping.node.addDependency(watch);
    const { queue: letters } = props.deadLetters;
    // Lambda itself writes there, with the rights of the function.
    const leaveLetters = new PolicyStatement({
      actions: ['sqs:SendMessage'],
      resources: [letters.queueArn],
    });
    this.startRun = this.addFunction('start-run', props, [leaveLetters]);
    // Lambda tries an event three times; what then is left is an alarm that nobody acted on.
    this.startRun.configureAsyncInvoke({
      maxEventAge: delivery.maxEventAge,
      onFailure: new SqsDestination(letters),
    });
    addWatchAlarms(this, { watch, config: props.config, onCall: props.onCall });
  }

  private addQueue(): Queue {
    const queue = new Queue(this, 'Queue', {
      queueName: names.lookQueue,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: VISIBILITY,
      retentionPeriod: RETENTION,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'A look that came to nothing is followed by the next one in ten seconds: nobody wants it back.',
    });
    return queue;
  }

  private addFunction(
    folder: WatchFunctionName,
    props: WatchLoopProps,
    more: readonly PolicyStatement[] = [],
  ): LambdaFn {
    const { config, configLayer, ledger, onCall, onCallKey } = props;
    const { purpose, timeoutSeconds, memoryMb } = watchFunctionTable[folder];
    const functionName = names.function(folder);
    const logGroup = addFunctionLogs(this, `${folder}-logs`, { functionName, config });
    const role = addFunctionRole(this, `${folder}-role`, {
      description: `Pilotlight: ${purpose}`,
      able: [watchAbilities[folder]],
      logGroups: [logGroup],
      more,
      subjects: {
        config,
        ledgerArn: ledger.tableArn,
        topicArn: onCall.topic.topicArn,
        topicKeyArn: onCallKey.keyArn,
      },
    });
    const fn = new LambdaFn(this, folder, {
      ...functionProps({
        ...{ folder, functionName, purpose, timeoutSeconds, memoryMb },
        ...{ configLayer, role, logGroup },
        environment: {
          LEDGER_TABLE: ledger.tableName,
          TOPIC_ARN: onCall.topic.topicArn,
          POWERTOOLS_LOG_LEVEL: 'INFO',
        },
      }),
      tracing: folder === 'start-run' ? Tracing.ACTIVE : Tracing.DISABLED,
    });
    // Its policies too: a function that runs before it may write its logs fails without a word.
    fn.node.addDependency(role);
    return fn;
  }
}
