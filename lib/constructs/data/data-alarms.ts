import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { DataFault } from '../../../core/data/faults.ts';
import { DATA_FAULT_METRICS, NAMESPACE, serviceOf } from '../../../core/watch/figures.ts';
import type { OwnAlarm } from '../../runbook.ts';
import type { OnCallTopic } from '../alarm/on-call-topic.ts';
import { addOwnAlarm, OWN_ALARM_PERIOD } from '../alarm/own-alarm.ts';

/** One measurement that failed, or one late append, is followed by a better one. */
const MINUTES_IN_A_ROW = 3;
/** Measurements below which the measuring counts as stopped, and the time that they are counted over. */
const MEASURED_MIN = 3;
const SILENCE = Duration.minutes(5);

type FaultAlarm = OwnAlarm & { readonly fault: DataFault; readonly minutes: number };

/** One alarm for all workloads, because each costs by the month: `pilotlight status` says which. */
const faultAlarms: readonly FaultAlarm[] = [
  {
    fault: 'tooOld',
    minutes: MINUTES_IN_A_ROW,
    path: 'data/recovery-point-too-old',
    severity: 'critical',
    section: 'Recovery point too old',
    summary:
      'A failover would lose more than data.maxLossSeconds, so automation asks; pilotlight status names the workload.',
  },
  {
    fault: 'unknown',
    minutes: MINUTES_IN_A_ROW,
    path: 'data/recovery-point-unknown',
    severity: 'critical',
    section: 'Recovery point unknown',
    summary:
      'Nobody knows what a failover of a workload would lose, so automation asks; pilotlight status names it.',
  },
  {
    fault: 'dumpFailed',
    minutes: 1,
    path: 'data/dump-failed',
    severity: 'warning',
    section: 'Dump failed',
    summary: 'The newest dump of a workload was refused or failed; the one before it still stands.',
  },
  {
    fault: 'unproven',
    minutes: 1,
    path: 'data/restore-unproven',
    severity: 'warning',
    section: 'Restore unproven',
    summary: 'The newest restore for proof of a workload was bad, or is older than 36 hours.',
  },
];

/** The alarms on the data of all workloads, and on the measuring itself. */
export function addDataAlarms(
  scope: Construct,
  made: { readonly measure: IFunction; readonly onCall: OnCallTopic },
): void {
  const { measure, onCall } = made;
  for (const { fault, minutes, ...alarm } of faultAlarms) {
    const metric = new Metric({
      namespace: NAMESPACE,
      metricName: DATA_FAULT_METRICS[fault],
      dimensionsMap: { service: serviceOf('measure-data') },
      statistic: 'Maximum',
      period: OWN_ALARM_PERIOD,
    });
    addOwnAlarm(scope, { alarm, trigger: { metric, atLeast: 1 }, onCall, periods: minutes });
  }
  addOwnAlarm(scope, {
    alarm: {
      path: 'data/not-measured',
      severity: 'warning',
      section: 'Data not measured',
      summary: 'The recovery points are not measured any more; runs measure theirs themselves.',
    },
    trigger: {
      metric: measure.metricInvocations({ period: SILENCE, statistic: 'Sum' }),
      below: MEASURED_MIN,
    },
    onCall,
  });
}
