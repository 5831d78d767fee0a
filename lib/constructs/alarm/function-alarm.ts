import { Duration } from 'aws-cdk-lib';
import { MathExpression, type IMetric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { FunctionName, SlackFunctionName, WatchFunctionName } from '../../../core/functions.ts';
import { names } from '../../names.ts';
import type { OnCallTopic } from './on-call-topic.ts';
import { addOwnAlarm } from './own-alarm.ts';

/** Whoever calls a function repeats a failed call by itself; more than two failures in the period are no hiccup. */
export const FAILURES = 3;
const PERIOD = Duration.minutes(5);

/** An alarm on a function of the controller that fails again and again. */
export function addFunctionAlarm(
  scope: Construct,
  made: {
    name: FunctionName | SlackFunctionName | WatchFunctionName;
    fn: IFunction;
    onCall: OnCallTopic;
  },
): void {
  const { name, fn, onCall } = made;
  addOwnAlarm(scope, {
    alarm: {
      path: `controller/function/${name}/failing`,
      severity: 'warning',
      section: 'Function failing',
      summary: `The function ${names.function(name)} fails or is throttled again and again.`,
    },
    trigger: { metric: failuresOf(fn), atLeast: FAILURES },
    onCall,
  });
}

function failuresOf(fn: IFunction): IMetric {
  const counted: MetricOptions = { period: PERIOD, statistic: 'Sum' };
  return new MathExpression({
    expression: 'FILL(errors, 0) + FILL(throttles, 0)',
    usingMetrics: { errors: fn.metricErrors(counted), throttles: fn.metricThrottles(counted) },
    label: 'errors and throttles',
    period: PERIOD,
  });
}
