import type { Workload } from '../config/schema.ts';
import type { AlarmSource } from './signal.ts';

/**
 * The alarms that watch a workload: one definition that the detection stack deploys, the drill evaluates and the
 * confirmation asks about.
 */
export interface AlarmDefinition extends AlarmSource {
  readonly description: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly statistic: 'Sum' | 'Average' | 'Minimum' | 'Maximum';
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: 'GreaterThanOrEqualToThreshold' | 'LessThanThreshold';
  readonly treatMissingData: 'breaching' | 'notBreaching';
  /** `healthCheck` stands for the id of the Route 53 health check, which exists only after the deployment. */
  readonly dimensions: Readonly<Record<string, string>> | 'healthCheck';
}

/** CloudFront and Route 53 publish their metrics in this Region only. Source: their developer guides. */
export const GLOBAL_METRICS_REGION = 'us-east-1';

/** All of them are standard-resolution metrics: AWS publishes them once a minute. */
const PERIOD_SECONDS = 60;

/** What the name of every alarm of a workload begins with, and of no other alarm of ours. */
const ALARM_PREFIX = 'pilotlight-';

/** The parts of a workload that its alarms follow from. */
type WatchedParts = Pick<Workload, 'primary' | 'edge' | 'detection'>;

/** The alarms of one workload, in a fixed order. */
export function alarmsOf(id: string, workload: WatchedParts): readonly AlarmDefinition[] {
  const { primary, edge, detection } = workload;
  const every = {
    periodSeconds: PERIOD_SECONDS,
    evaluationPeriods: detection.evaluationPeriods,
    datapointsToAlarm: detection.datapointsToAlarm,
  };
  const loadBalancer = { LoadBalancer: primary.loadBalancer };
  return [
    {
      ...every,
      name: `${ALARM_PREFIX}${id}-primary-health-check`,
      region: GLOBAL_METRICS_REGION,
      about: 'primary',
      description: `Route 53 checkers around the world cannot reach the primary of ${id}`,
      namespace: 'AWS/Route53',
      metricName: 'HealthCheckStatus',
      statistic: 'Minimum',
      // One period is enough: the health check itself has already failed three times in a row from several places.
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      threshold: 1,
      comparison: 'LessThanThreshold',
      treatMissingData: 'breaching',
      dimensions: 'healthCheck',
    },
    {
      ...every,
      name: `${ALARM_PREFIX}${id}-edge-5xx`,
      region: GLOBAL_METRICS_REGION,
      about: 'edge',
      description: `Users of ${id} get server errors from CloudFront`,
      namespace: 'AWS/CloudFront',
      metricName: '5xxErrorRate',
      statistic: 'Average',
      threshold: detection.edgeErrorPercent,
      comparison: 'GreaterThanOrEqualToThreshold',
      treatMissingData: 'notBreaching',
      dimensions: { DistributionId: edge.distributionId, Region: 'Global' },
    },
    {
      ...every,
      name: `${ALARM_PREFIX}${id}-alb-5xx`,
      region: primary.region,
      about: 'primary',
      description: `The load balancer of ${id} answers with errors of its own`,
      namespace: 'AWS/ApplicationELB',
      metricName: 'HTTPCode_ELB_5XX_Count',
      statistic: 'Sum',
      threshold: detection.loadBalancerErrors,
      comparison: 'GreaterThanOrEqualToThreshold',
      treatMissingData: 'notBreaching',
      dimensions: loadBalancer,
    },
    {
      ...every,
      name: `${ALARM_PREFIX}${id}-alb-unhealthy-hosts`,
      region: primary.region,
      about: 'primary',
      description: `Targets behind the load balancer of ${id} fail their health checks`,
      namespace: 'AWS/ApplicationELB',
      metricName: 'UnHealthyHostCount',
      statistic: 'Maximum',
      threshold: 1,
      comparison: 'GreaterThanOrEqualToThreshold',
      treatMissingData: 'notBreaching',
      dimensions: { ...loadBalancer, TargetGroup: primary.targetGroup },
    },
  ];
}

/** The id in the name of an alarm of ours: an id has no hyphen. Null where the name is not ours. */
export function workloadInAlarmName(name: string): string | null {
  if (!name.startsWith(ALARM_PREFIX)) return null;
  const [id = '', ...rest] = name.slice(ALARM_PREFIX.length).split('-');
  return id === '' || rest.length === 0 ? null : id;
}

/** What the confirmation asks CloudWatch about. */
export function alarmSourcesOf(id: string, workload: WatchedParts): readonly AlarmSource[] {
  return alarmsOf(id, workload).map(({ name, region, about }) => ({ name, region, about }));
}

/**
 * The pattern of the EventBridge rules that send on an alarm and start the workflow: our alarms, and only when they begin
 * to ring. By the beginning of their names, because a pattern of all names outgrows EventBridge's 2,048 characters at a
 * dozen workloads. Somebody else's alarm whose name begins the same is refused by the workflow's first step, which knows
 * its own. The alarms on Pilotlight itself begin with `pilotlight/` and start nothing.
 */
export const startPattern: EventPattern = {
  source: ['aws.cloudwatch'],
  'detail-type': ['CloudWatch Alarm State Change'],
  detail: { alarmName: [{ prefix: ALARM_PREFIX }], state: { value: ['ALARM'] } },
};

/**
 * The part of EventBridge's pattern language that we use: equality with one of several values, or a beginning that one of
 * them has. Source: Amazon EventBridge User Guide, "Comparison operators".
 */
export interface EventPattern {
  readonly source: readonly string[];
  readonly 'detail-type': readonly string[];
  readonly detail: {
    readonly alarmName: readonly (string | { readonly prefix: string })[];
    readonly state: { readonly value: readonly string[] };
  };
}
