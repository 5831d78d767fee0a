import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Config } from '../../core/config/schema.ts';
import { DeadLetters } from '../constructs/alarm/dead-letters.ts';
import { DetectionAlarms } from '../constructs/watch/detection-alarms.ts';
import { ForwardRule } from '../constructs/watch/forward-rule.ts';
import { OnCallTopic } from '../constructs/alarm/on-call-topic.ts';

export interface DetectionStackProps extends StackProps {
  readonly config: Config;
}

/** What sends the alarms of one Region to the controller, and tells when that fails. The alarms stand in stacks of their own. */
export class DetectionStack extends Stack {
  constructor(scope: Construct, id: string, props: DetectionStackProps) {
    super(scope, id, {
      ...props,
      description: 'Pilotlight: sends the alarms of this Region to the controller.',
    });
    const { config } = props;
    const deadLetters = new DeadLetters(this, 'DeadLetters', { part: 'detection' });
    new ForwardRule(this, 'Forward', { config, deadLetters });
    // An alarm reaches only a topic of its own Region; and what tells that forwarding fails must not need forwarding.
    const onCall = new OnCallTopic(this, 'OnCall', { part: 'detection', emails: config.controller.onCall });
    new DetectionAlarms(this, 'OwnAlarms', { deadLetters, onCall });
  }
}
