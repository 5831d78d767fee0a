import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Config } from '../../../core/config/schema.ts';
import { probeFunction } from '../../../core/functions.ts';
import { edgeTarget } from '../../../core/watch/targets.ts';
import type { OnCallTopic } from '../alarm/on-call-topic.ts';
import { addOwnAlarm } from '../alarm/own-alarm.ts';

/** Three beats fit into what the alarm looks back: one that was lost is not a silent place. */
const BEAT = Duration.minutes(5);
const LOOK_BACK = Duration.minutes(15);

export interface ProbeHeartbeatProps {
  readonly probe: IFunction;
  readonly config: Config;
  readonly onCall: OnCallTopic;
}

/**
 * Asks the probe function something every few minutes, and rings when it stops answering. Between two outages nobody else
 * asks it: a place that has become silent would be found out on the day, when its vote is missing.
 */
export class ProbeHeartbeat extends Construct {
  constructor(scope: Construct, id: string, props: ProbeHeartbeatProps) {
    super(scope, id);
    const { probe, config, onCall } = props;
    // Any site will do: what it answers is not looked at, only that the function could ask.
    const [workload] = Object.values(config.workloads);
    if (workload === undefined) throw new Error('There is no workload; expected at least one to probe.');
    new Rule(this, 'Beat', {
      description: 'Asks the probe function, so that a silent place is noticed before the day',
      schedule: Schedule.rate(BEAT),
      targets: [
        new LambdaFunction(probe, {
          event: RuleTargetInput.fromObject({ targets: [edgeTarget(workload, 'primary')] }),
          // The next beat comes soon enough.
          retryAttempts: 0,
        }),
      ],
    });
    addOwnAlarm(this, {
      alarm: {
        path: 'probe/place-silent',
        severity: 'warning',
        section: 'Probe place silent',
        summary: `The function ${probeFunction.functionName} of this Region answers nobody; its vote would be missing in an outage.`,
      },
      trigger: { metric: answersOf(probe), below: 1 },
      onCall,
    });
  }
}

function answersOf(probe: IFunction): MathExpression {
  const counted = { period: LOOK_BACK, statistic: 'Sum' } as const;
  return new MathExpression({
    // Not one invocation gives no data at all, which rings too.
    expression: 'invocations - FILL(errors, 0)',
    usingMetrics: {
      invocations: probe.metricInvocations(counted),
      errors: probe.metricErrors(counted),
    },
    label: 'answers',
    period: LOOK_BACK,
  });
}
