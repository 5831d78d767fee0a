import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Construct } from 'constructs';
import { describeOwnAlarm, type OwnAlarm } from '../../runbook.ts';
import type { OnCallTopic } from './on-call-topic.ts';

/** What is counted, and how much of it is too much, or too little, within one period. */
export type Trigger = { readonly metric: IMetric } & (
  { readonly atLeast: number } | { readonly below: number }
);

/** Short enough to be told in time, long enough that a late metric is not missed. */
export const OWN_ALARM_PERIOD = Duration.minutes(1);

/** Makes one alarm on Pilotlight itself that tells the people on call. */
export function addOwnAlarm(
  scope: Construct,
  made: {
    readonly alarm: OwnAlarm;
    readonly trigger: Trigger;
    readonly onCall: OnCallTopic;
    /** Periods in a row in which it must be so. @default 1 */
    readonly periods?: number;
  },
): void {
  const { alarm, trigger, onCall, periods = 1 } = made;
  const own = new Alarm(scope, alarm.path, {
    alarmName: `pilotlight/${alarm.path}`,
    alarmDescription: describeOwnAlarm(alarm),
    metric: trigger.metric,
    ...thresholdOf(trigger),
    evaluationPeriods: periods,
  });
  own.addAlarmAction(new SnsAction(onCall.topic));
}

function thresholdOf(trigger: Trigger) {
  return 'atLeast' in trigger
    ? {
        threshold: trigger.atLeast,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        // It counts what should not happen: no data is good news.
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }
    : {
        threshold: trigger.below,
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        // It counts what should happen: no data is the very news.
        treatMissingData: TreatMissingData.BREACHING,
      };
}
