import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { endedPatternOf } from '../../../core/run/ending.ts';
import { delivery, type DeadLetters } from '../alarm/dead-letters.ts';

export interface CloseRuleProps {
  readonly machines: readonly IStateMachine[];
  /** The function that closes a run which could not close itself. */
  readonly closeRun: IFunction;
  readonly deadLetters: DeadLetters;
}

/**
 * Closes runs that were stopped from outside: their own last steps never run. Step Functions tells the account's default
 * bus of each end; Lambda tries the function three times, after which its alarm rings.
 */
export class CloseRule extends Construct {
  constructor(scope: Construct, id: string, { machines, closeRun, deadLetters }: CloseRuleProps) {
    super(scope, id);
    const pattern = endedPatternOf(machines.map(({ stateMachineArn }) => stateMachineArn));
    new Rule(this, 'Ended', {
      ruleName: 'pilotlight-close-run',
      description: 'Closes runs that were aborted, timed out or failed',
      eventPattern: {
        source: pattern.source,
        detailType: pattern['detail-type'],
        detail: pattern.detail,
      },
      targets: [new LambdaFunction(closeRun, { deadLetterQueue: deadLetters.queue, ...delivery })],
    });
  }
}
