import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, type IMetric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ALL_SERVICES, NAMESPACE, STEP_FAILED_METRIC } from '../../../core/watch/figures.ts';
import type { OwnAlarm } from '../../runbook.ts';
import type { ControllerFunctions } from '../run/controller-functions.ts';
import { addDeadLetterAlarms } from './dead-letter-alarms.ts';
import type { DeadLetters } from './dead-letters.ts';
import { addFunctionAlarm, FAILURES } from './function-alarm.ts';
import type { OnCallTopic } from './on-call-topic.ts';
import { OWN_ALARM_PERIOD, addOwnAlarm, type Trigger } from './own-alarm.ts';

export interface ControllerAlarmsProps {
  readonly machines: readonly IStateMachine[];
  readonly functions: ControllerFunctions;
  readonly deadLetters: DeadLetters;
  readonly onCall: OnCallTopic;
}

/** Alarms on the controller itself: who watches the watchman. */
export class ControllerAlarms extends Construct {
  constructor(scope: Construct, id: string, props: ControllerAlarmsProps) {
    super(scope, id);
    const { machines, functions, deadLetters, onCall } = props;
    for (const [alarm, trigger] of executionAlarms(machines)) addOwnAlarm(this, { alarm, trigger, onCall });
    addOwnAlarm(this, { ...stepsFailing(), onCall });
    // No run waits for this one, so none would tell that it fails.
    addFunctionAlarm(this, { name: 'close-run', fn: functions.of('close-run'), onCall });
    addDeadLetterAlarms(this, { deadLetters, onCall });
  }
}

/**
 * One alarm for all functions: each counts its failures under one name. A function that does not even start is told of by the
 * run that waits for it, and by the queue of dead letters; an alarm for each would cost more than everything else here.
 */
const stepsFailing = (): { readonly alarm: OwnAlarm; readonly trigger: Trigger } => ({
  alarm: {
    path: 'controller/steps-failing',
    severity: 'warning',
    section: 'Function failing',
    summary: 'Functions of Pilotlight fail again and again; the log of each says why.',
  },
  trigger: {
    metric: new Metric({
      namespace: NAMESPACE,
      metricName: STEP_FAILED_METRIC,
      dimensionsMap: { service: ALL_SERVICES },
      statistic: 'Sum',
      period: Duration.minutes(5),
    }),
    atLeast: FAILURES,
  },
});

/** Of all workflows together: what people do about it is the same. */
function sumOf(of: readonly Metric[]): IMetric {
  const ids = of.map((_, index) => `m${index}`);
  return new MathExpression({
    expression: ids.join(' + '),
    usingMetrics: Object.fromEntries(of.map((metric, index) => [`m${index}`, metric])),
    period: OWN_ALARM_PERIOD,
    label: 'Executions',
  });
}

function executionAlarms(machines: readonly IStateMachine[]): readonly (readonly [OwnAlarm, Trigger])[] {
  const counted: MetricOptions = { period: OWN_ALARM_PERIOD, statistic: 'Sum' };
  const sum = (metric: (machine: IStateMachine) => Metric): IMetric => sumOf(machines.map(metric));
  return [
    [
      {
        path: 'controller/execution-failed',
        severity: 'critical',
        section: 'Execution failed',
        summary: 'A run ended without doing its work; people must decide.',
      },
      { metric: sum((machine) => machine.metricFailed(counted)), atLeast: 1 },
    ],
    [
      {
        path: 'controller/execution-timed-out',
        severity: 'critical',
        section: 'Execution timed out',
        summary: 'A run was stopped by its time limit, without its last steps.',
      },
      { metric: sum((machine) => machine.metricTimedOut(counted)), atLeast: 1 },
    ],
    [
      {
        path: 'controller/execution-aborted',
        severity: 'critical',
        section: 'Execution aborted',
        summary: 'A run was stopped by a person, without its last steps.',
      },
      { metric: sum((machine) => machine.metricAborted(counted)), atLeast: 1 },
    ],
    [
      {
        path: 'controller/execution-throttled',
        severity: 'warning',
        section: 'Execution throttled',
        summary: 'Step Functions slows the workflows down.',
      },
      { metric: sum((machine) => machine.metricThrottled(counted)), atLeast: 1 },
    ],
  ];
}
