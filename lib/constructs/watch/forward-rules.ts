import { Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as EventBusTarget } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Config } from '../../../core/config/schema.ts';
import { names } from '../../names.ts';
import { limitDelivery, type DeadLetters } from '../alarm/dead-letters.ts';
import { patternOf } from './start-rules.ts';

export interface ForwardRulesProps {
  readonly config: Config;
  readonly deadLetters: DeadLetters;
}

/** Sends the alarms of this Region to the controller's bus. CloudWatch reports to the default bus of its own Region. */
export class ForwardRules extends Construct {
  constructor(scope: Construct, id: string, props: ForwardRulesProps) {
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
    for (const [workloadId, workload] of Object.entries(config.workloads)) {
      const rule = new Rule(this, `Forward-${workloadId}`, {
        ruleName: `pilotlight-forward-${workloadId}`,
        description: `Sends the alarms of ${workload.displayName} to the controller in ${config.controller.region}`,
        eventPattern: patternOf(workloadId, workload),
        targets: [new EventBusTarget(bus, { deadLetterQueue: deadLetters.queue })],
      });
      limitDelivery(rule);
    }
  }
}
