import { EventBus, Rule, type EventPattern } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { startPattern } from '../../../core/watch/detection.ts';
import { names } from '../../names.ts';
import { delivery, type DeadLetters } from '../alarm/dead-letters.ts';

/** The pattern of core/watch/detection.ts, in the words of the CDK. */
export const alarmPattern: EventPattern = {
  source: [...startPattern.source],
  detailType: [...startPattern['detail-type']],
  detail: startPattern.detail,
};

export interface StartRuleProps {
  readonly machine: IStateMachine;
  readonly deadLetters: DeadLetters;
}

/** The bus that alarms arrive on from every Region, and the rule that starts the workflow. */
export class StartRule extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, props: StartRuleProps) {
    super(scope, id);
    // No policy on the bus: senders of this account are allowed by their own role, and others have no business here.
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: names.eventBus,
      description: 'Alarms of the watched workloads, from every Region',
    });
    // One rule for all workloads: of each its own, a bus would be full at 300 (100 in some Regions), and the policy of the
    // queue at 10. A single workload is held by its brake.
    new Rule(this, 'Rule', {
      ruleName: names.startRule,
      description: 'Starts the failover workflow when an alarm of a workload begins to ring',
      eventBus: this.bus,
      eventPattern: alarmPattern,
      targets: [
        new SfnStateMachine(props.machine, { deadLetterQueue: props.deadLetters.queue, ...delivery }),
      ],
    });
  }
}
