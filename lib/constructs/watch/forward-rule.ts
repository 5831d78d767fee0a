import { Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as EventBusTarget } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Config } from '../../../core/config/schema.ts';
import { names } from '../../names.ts';
import { limitDelivery, type DeadLetters } from '../alarm/dead-letters.ts';
import { alarmPattern } from './start-rule.ts';

export interface ForwardRuleProps {
  readonly config: Config;
  readonly deadLetters: DeadLetters;
}

/** Sends the alarms of this Region to the controller's bus. CloudWatch reports to the default bus of its own Region. */
export class ForwardRule extends Construct {
  constructor(scope: Construct, id: string, props: ForwardRuleProps) {
    super(scope, id);
    const { config, deadLetters } = props;
    // By its name: a reference between Regions would tie the deployments of both together.
    const busArn = Stack.of(this).formatArn({
      service: 'events',
      region: config.controller.region,
      resource: 'event-bus',
      resourceName: names.eventBus,
    });
    const bus = EventBus.fromEventBusArn(this, 'ControllerBus', busArn);
    const rule = new Rule(this, 'Rule', {
      ruleName: names.forwardRule,
      description: `Sends the alarms of the workloads to the controller in ${config.controller.region}`,
      eventPattern: alarmPattern,
      targets: [new EventBusTarget(bus, { deadLetterQueue: deadLetters.queue })],
    });
    limitDelivery(rule);
  }
}
