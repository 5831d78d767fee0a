import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Config } from '../../../core/config/schema.ts';
import { LOOKS_A_MINUTE, looksAtOnce } from '../../../core/watch/beat.ts';
import {
  ALL_SERVICES,
  LOOK_FAILED_METRIC,
  NAMESPACE,
  REFUSED_METRIC,
  serviceOf,
  SILENT_METRIC,
} from '../../../core/watch/figures.ts';
import type { OnCallTopic } from '../alarm/on-call-topic.ts';
import { addOwnAlarm } from '../alarm/own-alarm.ts';

/** A look that was lost is followed by the next one; this many minutes tell a watch that is lame from one that stumbled. */
const PERIOD = Duration.minutes(5);
/** Share of the looks below which the watch counts as stopped. */
const LOOKS_SHARE_MIN = 0.5;
/** A message now and then comes twice or late: SQS says so. This many in the period are something else. */
const REFUSED_MIN = 5;
const FAILED_MIN = 3;

/** The alarms on the watch: it is what sees an outage first, so it is watched itself. */
export function addWatchAlarms(
  scope: Construct,
  made: { readonly watch: IFunction; readonly config: Config; readonly onCall: OnCallTopic },
): void {
  const { watch, config, onCall } = made;
  const looks = looksAtOnce(Object.keys(config.workloads).length) * LOOKS_A_MINUTE * PERIOD.toMinutes();
  const figure = (metricName: string, statistic: 'Sum' | 'Minimum', service = serviceOf('watch')): Metric =>
    new Metric({
      namespace: NAMESPACE,
      metricName,
      dimensionsMap: { service },
      statistic,
      period: PERIOD,
    });
  addOwnAlarm(scope, {
    alarm: {
      path: 'watch/stopped',
      severity: 'critical',
      section: 'Watch stopped',
      summary:
        'The watch makes less than half of its looks: an outage would be noticed late, or by the slow alarms alone.',
    },
    trigger: {
      metric: watch.metricInvocations({ period: PERIOD, statistic: 'Sum' }),
      below: Math.ceil(looks * LOOKS_SHARE_MIN),
    },
    onCall,
  });
  addOwnAlarm(scope, {
    alarm: {
      path: 'watch/place-silent',
      severity: 'warning',
      section: 'Probe place silent',
      summary: 'A probe Region answers nobody any more; its vote would be missing in an outage.',
    },
    trigger: { metric: figure(SILENT_METRIC, 'Minimum'), atLeast: 1 },
    onCall,
  });
  addOwnAlarm(scope, {
    alarm: {
      path: 'watch/evidence-refused',
      severity: 'warning',
      section: 'Evidence refused',
      summary:
        'Looks, answers or events keep coming that are no evidence: late, twice, by a clock that is off, or of somebody else.',
    },
    trigger: { metric: figure(REFUSED_METRIC, 'Sum', ALL_SERVICES), atLeast: REFUSED_MIN },
    onCall,
  });
  addOwnAlarm(scope, {
    alarm: {
      path: 'watch/looks-failing',
      severity: 'critical',
      section: 'Looks failing',
      summary: 'The watch looks and cannot do anything with what it sees; mostly the ledger does not answer.',
    },
    trigger: { metric: figure(LOOK_FAILED_METRIC, 'Sum'), atLeast: FAILED_MIN },
    onCall,
  });
  addOwnAlarm(scope, {
    alarm: {
      path: 'watch/failing',
      severity: 'critical',
      section: 'Looks failing',
      summary: 'The function of the watch fails again and again.',
    },
    trigger: { metric: watch.metricErrors({ period: PERIOD, statistic: 'Sum' }), atLeast: FAILED_MIN },
    onCall,
  });
}
