import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { names } from '../../names.ts';
import { addFunctionAlarm } from '../alarm/function-alarm.ts';
import { addStandingFunction, type StandingProps } from '../watch/standing-function.ts';

const TICK = Duration.minutes(1);
const FOLDER = 'watch-runs';

/** What finds runs that have ended without anybody hearing of it: the event of an end is delivered once, or never. */
export class RunWatch extends Construct {
  constructor(scope: Construct, id: string, props: StandingProps) {
    super(scope, id);
    const watch = addStandingFunction(this, FOLDER, { ...props, azureRole: null });
    new Rule(this, 'Tick', {
      ruleName: names.runsRule,
      description: 'Has the runs that hold a lease looked at each minute',
      schedule: Schedule.rate(TICK),
      // The next tick finds what this one has not.
      targets: [new LambdaFunction(watch, { retryAttempts: 0 })],
    });
    watch.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: TICK });
    addFunctionAlarm(this, { name: FOLDER, fn: watch, onCall: props.onCall });
  }
}
