import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { SPREAD_TICK_MINUTES } from '../../../core/route/spread.ts';
import { NAMESPACE, serviceOf, SPREAD_SLOW_METRIC } from '../../../core/watch/figures.ts';
import { names } from '../../names.ts';
import { addStandingFunction, type StandingProps } from './standing-function.ts';
import { addOwnAlarm, OWN_ALARM_PERIOD } from '../alarm/own-alarm.ts';

const TICK = Duration.minutes(SPREAD_TICK_MINUTES);
const FOLDER = 'measure-spread';

/** The measuring of how changes spread over the edges, all year, and the alarm on what is too slow. */
export class SpreadWatch extends Construct {
  constructor(scope: Construct, id: string, props: StandingProps) {
    super(scope, id);
    const measure = addStandingFunction(this, FOLDER, { ...props, azureRole: null });
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
}
