import { EventBus, Rule, type EventPattern } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Config, Workload } from '../../../core/config/schema.ts';
import { startPatternOf } from '../../../core/watch/detection.ts';
import { names } from '../../names.ts';
import { delivery, type DeadLetters } from '../alarm/dead-letters.ts';

/**
 * The pattern for the alarms of one workload. One rule a workload and not one for all: EventBridge takes no pattern
 * longer than 2048 characters, and a person can disable the start of a single workload in the console.
 */
export function patternOf(id: string, workload: Workload): EventPattern {
  const pattern = startPatternOf({ workloads: { [id]: workload } });
  return {
    source: [...pattern.source],
    detailType: [...pattern['detail-type']],
    detail: pattern.detail,
  };
}

export interface StartRulesProps {
  readonly config: Config;
  readonly machine: IStateMachine;
  readonly deadLetters: DeadLetters;
}

/** The bus that alarms arrive on from every Region, and the rules that start the workflow. */
export class StartRules extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, props: StartRulesProps) {
    super(scope, id);
    // No policy on the bus: senders of this account are allowed by their own role, and others have no business here.
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: names.eventBus,
      description: 'Alarms of the watched workloads, from every Region',
    });
    for (const [workloadId, workload] of Object.entries(props.config.workloads)) {
      new Rule(this, `Start-${workloadId}`, {
        ruleName: `pilotlight-start-${workloadId}`,
        description: `Starts the failover workflow when an alarm of ${workload.displayName} begins to ring`,
        eventBus: this.bus,
        eventPattern: patternOf(workloadId, workload),
        targets: [
          new SfnStateMachine(props.machine, { deadLetterQueue: props.deadLetters.queue, ...delivery }),
        ],
      });
    }
  }
}
