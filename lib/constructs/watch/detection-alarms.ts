import { Construct } from 'constructs';
import { addDeadLetterAlarms } from '../alarm/dead-letter-alarms.ts';
import type { DeadLetters } from '../alarm/dead-letters.ts';
import type { OnCallTopic } from '../alarm/on-call-topic.ts';

export interface DetectionAlarmsProps {
  readonly deadLetters: DeadLetters;
  readonly onCall: OnCallTopic;
}

/** Alarms on the detection itself, in a watched Region. */
export class DetectionAlarms extends Construct {
  constructor(scope: Construct, id: string, props: DetectionAlarmsProps) {
    super(scope, id);
    addDeadLetterAlarms(this, props);
  }
}
