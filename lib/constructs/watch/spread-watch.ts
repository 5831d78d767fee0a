import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Function as LambdaFn, Tracing, type ILayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Config } from '../../../core/config/schema.ts';
import { watchFunctionTable } from '../../../core/functions.ts';
import { SPREAD_TICK_MINUTES } from '../../../core/route/spread.ts';
import { NAMESPACE, serviceOf, SPREAD_SLOW_METRIC } from '../../../core/watch/figures.ts';
import { names } from '../../names.ts';
import { addOwnAlarm, OWN_ALARM_PERIOD } from '../alarm/own-alarm.ts';
import type { OnCallTopic } from '../alarm/on-call-topic.ts';
import { functionProps } from '../bundled-function.ts';
import { addFunctionLogs, addFunctionRole } from '../rights/function-role.ts';
import { watchAbilities, type Subjects } from '../rights/permissions.ts';

const TICK = Duration.minutes(SPREAD_TICK_MINUTES);
const FOLDER = 'measure-spread';

export interface SpreadWatchProps {
  readonly config: Config;
  readonly configLayer: ILayerVersion;
  readonly ledger: Table;
  readonly onCall: OnCallTopic;
  readonly subjects: Subjects;
}

/** The measuring of how changes spread over the edges, all year, and the alarm on what is too slow. */
export class SpreadWatch extends Construct {
  constructor(scope: Construct, id: string, props: SpreadWatchProps) {
    super(scope, id);
    const measure = this.addFunction(props);
    new Rule(this, 'Tick', {
      ruleName: names.spreadRule,
      description: 'Has the spread of changes measured for the workloads whose turn it is',
      // On the full ten minutes: a rate would begin anywhere, and a tick near an edge could miss a turn or take one twice.
      schedule: Schedule.cron({ minute: `0/${TICK.toMinutes()}` }),
      targets: [new LambdaFunction(measure, { retryAttempts: 0 })],
    });
    // One that comes late would be in the way of the next; whoever missed a turn has another one in four hours.
    measure.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    addOwnAlarm(this, {
      alarm: {
        path: 'edge/spread-slow',
        severity: 'critical',
        section: 'Edge learns slowly',
        summary:
          'A change took longer to a place than the shield settles, so a failover could let both sides take writes.',
      },
      trigger: {
        metric: new Metric({
          namespace: NAMESPACE,
          metricName: SPREAD_SLOW_METRIC,
          dimensionsMap: { service: serviceOf(FOLDER) },
          statistic: 'Maximum',
          period: OWN_ALARM_PERIOD,
        }),
        atLeast: 1,
      },
      onCall: props.onCall,
    });
  }

  private addFunction({ config, configLayer, ledger, onCall, subjects }: SpreadWatchProps): LambdaFn {
    const { purpose, timeoutSeconds, memoryMb } = watchFunctionTable[FOLDER];
    const functionName = names.function(FOLDER);
    const logGroup = addFunctionLogs(this, 'logs', { functionName, config });
    const role = addFunctionRole(this, 'role', {
      description: `Pilotlight: ${purpose}`,
      able: [watchAbilities[FOLDER]],
      logGroups: [logGroup],
      subjects,
    });
    const fn = new LambdaFn(this, FOLDER, {
      ...functionProps({
        ...{ folder: FOLDER, functionName, purpose, timeoutSeconds, memoryMb },
        ...{ configLayer, role, logGroup },
        environment: {
          LEDGER_TABLE: ledger.tableName,
          TOPIC_ARN: onCall.topic.topicArn,
          POWERTOOLS_LOG_LEVEL: 'INFO',
        },
      }),
      tracing: Tracing.DISABLED,
    });
    // A function that runs before it may write its logs fails without a word.
    fn.node.addDependency(role);
    return fn;
  }
}
