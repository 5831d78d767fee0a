import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Config } from '../../core/config/schema.ts';
import { DeadLetters } from '../constructs/alarm/dead-letters.ts';
import { DetectionAlarms } from '../constructs/watch/detection-alarms.ts';
import { ForwardRules } from '../constructs/watch/forward-rules.ts';
import { OnCallTopic } from '../constructs/alarm/on-call-topic.ts';
import { WorkloadAlarms } from '../constructs/watch/workload-alarms.ts';

export interface DetectionStackProps extends StackProps {
  readonly config: Config;
}

/** What watches, in one Region: the alarms whose metrics live there, and the rules that send them to the controller. */
export class DetectionStack extends Stack {
  constructor(scope: Construct, id: string, props: DetectionStackProps) {
    super(scope, id, {
      ...props,
      description: 'Pilotlight: the alarms of this Region, sent on to the controller.',
    });
    const { config } = props;
    new WorkloadAlarms(this, 'Alarms', { config });
    const deadLetters = new DeadLetters(this, 'DeadLetters', { part: 'detection' });
    new ForwardRules(this, 'Forward', { config, deadLetters });
    // An alarm reaches only a topic of its own Region; and what tells that forwarding fails must not need forwarding.
    const onCall = new OnCallTopic(this, 'OnCall', { part: 'detection', emails: config.controller.onCall });
    new DetectionAlarms(this, 'OwnAlarms', { deadLetters, onCall });
  }
}
