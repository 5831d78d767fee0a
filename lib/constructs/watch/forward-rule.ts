import { Stack } from 'aws-cdk-lib';
import { EventBus, Rule, type IEventBus } from 'aws-cdk-lib/aws-events';
import { EventBus as EventBusTarget } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Config } from '../../../core/config/schema.ts';
import { names } from '../../names.ts';
import { limitDelivery, type DeadLetters } from '../alarm/dead-letters.ts';
import { forwardPattern } from '../../../core/watch/detection.ts';
import { patternOf } from './start-rules.ts';

export interface ForwardRuleProps {
  readonly config: Config;
  readonly deadLetters: DeadLetters;
}

/** The controller's bus, by its name: a reference between Regions would tie the deployments of both together. */
export function controllerBus(scope: Construct, { controller }: Pick<Config, 'controller'>): IEventBus {
  const busArn = Stack.of(scope).formatArn({
    service: 'events',
    region: controller.region,
    resource: 'event-bus',
    resourceName: names.eventBus,
  });
  return EventBus.fromEventBusArn(scope, 'ControllerBus', busArn);
}

/** Sends the alarms of this Region to the controller's bus. CloudWatch reports to the default bus of its own Region. */
export class ForwardRule extends Construct {
  constructor(scope: Construct, id: string, props: ForwardRuleProps) {
    super(scope, id);
    const { config, deadLetters } = props;
    const bus = controllerBus(this, config);
    const rule = new Rule(this, 'Rule', {
      ruleName: names.forwardRule,
      description: `Sends the alarms of the workloads to the controller in ${config.controller.region}`,
      eventPattern: patternOf(forwardPattern),
      targets: [new EventBusTarget(bus, { deadLetterQueue: deadLetters.queue })],
    });
    limitDelivery(rule);
  }
}
