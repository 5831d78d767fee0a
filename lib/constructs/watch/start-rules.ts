import { EventBus, Rule, type EventPattern } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { forwardPattern, startPattern, type EventPattern as Pattern } from '../../../core/watch/detection.ts';
import { names } from '../../names.ts';
import { delivery, type DeadLetters } from '../alarm/dead-letters.ts';

/** A pattern of core/watch/detection.ts, in the words of the CDK. */
export const patternOf = (pattern: Pattern): EventPattern => ({
  source: [...pattern.source],
  detailType: [...pattern['detail-type']],
  detail: pattern.detail,
});

export interface StartRulesProps {
  /** The function that starts the run which an alarm asks for. */
  readonly startRun: IFunction;
  readonly deadLetters: DeadLetters;
}

/** The bus that alarms arrive on from every Region, and the rules that have runs started. */
export class StartRules extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, props: StartRulesProps) {
    super(scope, id);
    const target = (): LambdaFunction =>
      new LambdaFunction(props.startRun, { deadLetterQueue: props.deadLetters.queue, ...delivery });
    // No policy on the bus: senders of this account are allowed by their own role, and others have no business here.
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: names.eventBus,
      description: 'Alarms of the watched workloads, from every Region',
    });
    // One rule for all workloads: of each its own, a bus would be full at 300 (100 in some Regions), and the policy of the
    // queue at 10. A single workload is held by its brake. What is on the bus was chosen where it was sent from.
    new Rule(this, 'Rule', {
      ruleName: names.startRule,
      description: 'Has a failover started when an alarm of a workload begins to ring',
      eventBus: this.bus,
      eventPattern: {
        source: [...startPattern.source],
        detailType: [...startPattern['detail-type']],
        detail: startPattern.detail,
      },
      targets: [target()],
    });
    // The alarms of the watch ring here, on the default bus: no way to another bus that could fail.
    new Rule(this, 'Here', {
      ruleName: names.startHereRule,
      description: 'The same for the alarms of the watch, which live in this Region',
      eventPattern: patternOf(forwardPattern),
      targets: [target()],
    });
  }
}
