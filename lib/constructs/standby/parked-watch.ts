import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { names } from '../../names.ts';
import { addStandingFunction, type StandingProps } from '../watch/standing-function.ts';

/** An hour is the least that Azure bills of a gateway, so a look every few minutes would find nothing that costs less. */
const TICK = Duration.minutes(15);
const FOLDER = 'look-at-parked';

export interface ParkedWatchProps extends StandingProps {
  /** The role that Entra ID trusts. It may read every route already: look-at-world has it too. */
  readonly azureRole: Role;
}

/** The standing look at every parked standby, four times an hour. */
export class ParkedWatch extends Construct {
  constructor(scope: Construct, id: string, props: ParkedWatchProps) {
    super(scope, id);
    const look = addStandingFunction(this, FOLDER, props);
    new Rule(this, 'Tick', {
      ruleName: names.parkedRule,
      description: 'Has the parked standbys looked at each quarter of an hour',
      schedule: Schedule.rate(TICK),
      targets: [new LambdaFunction(look, { retryAttempts: 0 })],
    });
    look.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: TICK });
  }
}
