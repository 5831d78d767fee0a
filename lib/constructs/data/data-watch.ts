import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { names } from '../../names.ts';
import { addStandingFunction, type StandingProps } from '../watch/standing-function.ts';
import { addDataAlarms } from './data-alarms.ts';

const TICK = Duration.minutes(1);
const FOLDER = 'measure-data';

export interface DataWatchProps extends StandingProps {
  /** The role that Entra ID trusts; null where no data go by way of Azure. */
  readonly azureRole: Role | null;
}

/** The standing look at the data of every workload, once a minute, and the alarms on what it finds. */
export class DataWatch extends Construct {
  constructor(scope: Construct, id: string, props: DataWatchProps) {
    super(scope, id);
    const measure = addStandingFunction(this, FOLDER, props);
    new Rule(this, 'Tick', {
      ruleName: names.dataRule,
      description: 'Has the recovery points measured each minute',
      schedule: Schedule.rate(TICK),
      // The next tick measures what is then, and is a minute away.
      targets: [new LambdaFunction(measure, { retryAttempts: 0 })],
    });
    measure.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: TICK });
    addDataAlarms(this, { measure, onCall: props.onCall });
  }
}
