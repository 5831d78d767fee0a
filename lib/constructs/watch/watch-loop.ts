import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Function as LambdaFn, Tracing, type IFunction, type ILayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Config } from '../../../core/config/schema.ts';
import { watchFunction } from '../../../core/functions.ts';
import { names } from '../../names.ts';
import { addFunctionAlarm } from '../alarm/function-alarm.ts';
import type { OnCallTopic } from '../alarm/on-call-topic.ts';
import { addOwnAlarm } from '../alarm/own-alarm.ts';
import { functionProps } from '../bundled-function.ts';
import { addFunctionLogs, addFunctionRole } from '../rights/function-role.ts';
import { watchAbilities } from '../rights/permissions.ts';

/** The function looks for a whole minute; the next call takes over from it. */
const TICK = Duration.minutes(1);
/** A tick that was lost is followed by the next one; so many in a row are a watch that has stopped. */
const SILENCE = Duration.minutes(5);

export interface WatchLoopProps {
  readonly config: Config;
  readonly configLayer: ILayerVersion;
  readonly ledger: Table;
  readonly onCall: OnCallTopic;
}

/**
 * The standing look at every workload. Alarms start runs without it; what they miss, because they rang already or too
 * early, only the watch finds. So it is watched itself.
 */
export class WatchLoop extends Construct {
  constructor(scope: Construct, id: string, props: WatchLoopProps) {
    super(scope, id);
    const fn = this.addFunction(props);
    new Rule(this, 'Tick', {
      description: 'Lets the watch look at every workload, all the time',
      schedule: Schedule.rate(TICK),
      // A look that comes late looks at another minute: the next tick is better.
      targets: [new LambdaFunction(fn, { retryAttempts: 0 })],
    });
    addFunctionAlarm(this, { name: watchFunction.folder, fn, onCall: props.onCall });
    addOwnAlarm(this, {
      alarm: {
        path: 'watch/stopped',
        severity: 'critical',
        section: 'Watch stopped',
        summary:
          'The watch looks at nothing: an outage that no alarm begins to ring for would not be noticed.',
      },
      trigger: { metric: fn.metricInvocations({ period: SILENCE, statistic: 'Sum' }), below: 1 },
      onCall: props.onCall,
    });
  }

  private addFunction({ config, configLayer, ledger, onCall }: WatchLoopProps): IFunction {
    const { folder, purpose, timeoutSeconds, memoryMb } = watchFunction;
    const functionName = names.function(folder);
    const logGroup = addFunctionLogs(this, 'Logs', { functionName, config });
    const role = addFunctionRole(this, 'Role', {
      description: `Pilotlight: ${purpose}`,
      able: [watchAbilities],
      logGroups: [logGroup],
      subjects: {
        config,
        ledgerArn: ledger.tableArn,
        topicArn: onCall.topic.topicArn,
        topicKeyArn: onCall.key.keyArn,
      },
    });
    const fn = new LambdaFn(this, 'Function', {
      ...functionProps({
        ...{ folder, functionName, purpose, timeoutSeconds, memoryMb },
        ...{ configLayer, role, logGroup },
        environment: {
          LEDGER_TABLE: ledger.tableName,
          TOPIC_ARN: onCall.topic.topicArn,
          POWERTOOLS_LOG_LEVEL: 'INFO',
        },
      }),
      tracing: Tracing.ACTIVE,
    });
    // Its policies too: a function that runs before it may write its logs fails without a word.
    fn.node.addDependency(role);
    return fn;
  }
}
