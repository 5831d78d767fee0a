import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DeadLetters } from './dead-letters.ts';
import type { OnCallTopic } from './on-call-topic.ts';
import { OWN_ALARM_PERIOD, addOwnAlarm } from './own-alarm.ts';

/** An event that has lain here for so long was seen by nobody, whatever the first e-mail said. */
const FORGOTTEN_AFTER = Duration.hours(4);

/** Alarms on a queue of dead letters: one when a letter arrives, one when nobody has cleared it away. */
export function addDeadLetterAlarms(
  scope: Construct,
  { deadLetters, onCall }: { deadLetters: DeadLetters; onCall: OnCallTopic },
): void {
  addOwnAlarm(scope, {
    alarm: {
      path: `${deadLetters.part}/dead-letters-waiting`,
      severity: 'critical',
      section: 'Dead letters waiting',
      summary: 'An alarm of a workload could not be delivered; there may be an outage that nobody acts on.',
    },
    trigger: {
      metric: deadLetters.queue.metricApproximateNumberOfMessagesVisible({
        period: OWN_ALARM_PERIOD,
        statistic: 'Maximum',
      }),
      atLeast: 1,
    },
    onCall,
  });
  addOwnAlarm(scope, {
    alarm: {
      path: `${deadLetters.part}/dead-letters-forgotten`,
      severity: 'critical',
      section: 'Dead letters forgotten',
      summary: `An alarm that could not be delivered has been waiting for ${FORGOTTEN_AFTER.toHours()} hours.`,
    },
    trigger: {
      metric: deadLetters.queue.metricApproximateAgeOfOldestMessage({
        period: OWN_ALARM_PERIOD,
        statistic: 'Maximum',
      }),
      atLeast: FORGOTTEN_AFTER.toSeconds(),
    },
    onCall,
  });
}
