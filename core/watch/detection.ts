import type { Workload } from '../config/schema.ts';
import { FAILING_METRIC, NAMESPACE, serviceOf } from './figures.ts';
import type { AlarmSource } from './signal.ts';

/**
 * The alarms that watch a workload: one definition that the detection stack deploys, the drill evaluates and the
 * confirmation asks about.
 */
export interface AlarmDefinition extends Omit<AlarmSource, 'label'> {
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

/** AWS publishes its own metrics once a minute. */
const PERIOD_SECONDS = 60;
/** The shortest period of an alarm, for metrics of high resolution only. Source: CloudWatch API, PutMetricAlarm. */
const WATCH_PERIOD_SECONDS = 10;

/** What the name of every alarm of a workload begins with, and of no other alarm of ours. */
const ALARM_PREFIX = 'pilotlight-';

/** The parts of a workload that its alarms follow from. */
export type WatchedParts = Pick<Workload, 'primary' | 'edge' | 'detection' | 'policy'>;

/**
 * The alarm on what the watch sees. It lives where the controller does, so it rings for a primary in any Region; and by the
 * minute of an outage it has rung six times over. Where nobody looks there is no data, which is no news about the primary.
 */
function alarmOfWatch(id: string, { policy }: WatchedParts, home: string): AlarmDefinition {
  const periods = Math.max(2, Math.ceil(policy.outage.seconds / WATCH_PERIOD_SECONDS));
  return {
    name: `${ALARM_PREFIX}${id}-watch`,
    region: home,
    about: 'primary',
    eyes: 'watch',
    description: `The watch sees the primary of ${id} fail from enough places`,
    namespace: NAMESPACE,
    metricName: FAILING_METRIC,
    // A figure that comes twice is the same figure.
    statistic: 'Maximum',
    periodSeconds: WATCH_PERIOD_SECONDS,
    evaluationPeriods: periods,
    datapointsToAlarm: periods,
    threshold: policy.confirm.quorum.places,
    comparison: 'GreaterThanOrEqualToThreshold',
    treatMissingData: 'notBreaching',
    dimensions: { service: serviceOf('watch'), workload: id },
  };
}

/** What the alarms on AWS's own metrics have in common. */
const everyMinute = ({ detection }: WatchedParts) =>
  ({
    eyes: 'others',
    periodSeconds: PERIOD_SECONDS,
    evaluationPeriods: detection.evaluationPeriods,
    datapointsToAlarm: detection.datapointsToAlarm,
  }) as const;

/** The two alarms beside the load balancer: they know why, and die with its Region. Another primary has none. */
function alarmsOfLoadBalancer(id: string, workload: WatchedParts): readonly AlarmDefinition[] {
  const { primary, detection } = workload;
  const { region, loadBalancer, targetGroup } = primary;
  // The configuration has all three or none of them.
  if (region === undefined || loadBalancer === undefined || targetGroup === undefined) return [];
  const every = {
    ...everyMinute(workload),
    region,
    about: 'primary',
    namespace: 'AWS/ApplicationELB',
    comparison: 'GreaterThanOrEqualToThreshold',
    treatMissingData: 'notBreaching',
  } as const;
  return [
    {
      ...every,
      name: `${ALARM_PREFIX}${id}-alb-5xx`,
      description: `The load balancer of ${id} answers with errors of its own`,
      metricName: 'HTTPCode_ELB_5XX_Count',
      statistic: 'Sum',
      threshold: detection.loadBalancerErrors,
      dimensions: { LoadBalancer: loadBalancer },
    },
    {
      ...every,
      name: `${ALARM_PREFIX}${id}-alb-unhealthy-hosts`,
      description: `Targets behind the load balancer of ${id} fail their health checks`,
      metricName: 'UnHealthyHostCount',
      statistic: 'Maximum',
      threshold: 1,
      dimensions: { LoadBalancer: loadBalancer, TargetGroup: targetGroup },
    },
  ];
}

/** The two alarms on what AWS sees of the site from outside: Route 53's checkers, and CloudFront. */
function alarmsFromOutside(id: string, workload: WatchedParts): readonly AlarmDefinition[] {
  const { edge, detection } = workload;
  const every = { ...everyMinute(workload), region: GLOBAL_METRICS_REGION } as const;
  return [
    {
      ...every,
      name: `${ALARM_PREFIX}${id}-primary-health-check`,
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
  ];
}

/** @param home the Region of the controller. @returns the alarms of one workload that are ours, in a fixed order. */
export const alarmsOf = (id: string, workload: WatchedParts, home: string): readonly AlarmDefinition[] => [
  alarmOfWatch(id, workload, home),
  ...alarmsFromOutside(id, workload),
  ...alarmsOfLoadBalancer(id, workload),
];

/** The id in the name of an alarm of ours: an id has no hyphen. Null where the name is not ours. */
export function workloadInAlarmName(name: string): string | null {
  if (!name.startsWith(ALARM_PREFIX)) return null;
  const [id = '', ...rest] = name.slice(ALARM_PREFIX.length).split('-');
  return id === '' || rest.length === 0 ? null : id;
}

/** An alarm of the site's own that the configuration names. */
export type NamedAlarm = Workload['detection']['alarms'][number];

/** What the confirmation asks CloudWatch about: our alarms, and those of the site's own that are signals. */
export function alarmSourcesOf(id: string, workload: WatchedParts, home: string): readonly AlarmSource[] {
  const named = workload.detection.alarms.filter(({ use }) => use.includes('signal'));
  return [
    ...alarmsOf(id, workload, home).map(({ name, region, about, eyes }) => ({
      ...{ name, region, about, eyes },
      label: name,
    })),
    // Two Regions may each have an alarm of that name.
    ...named.map(({ name, region, about }) => ({
      ...{ name, region, about, eyes: 'others' as const },
      label: `${region}/${name}`,
    })),
  ];
}

/** The alarms of the site's own that start a run. */
export const ownTriggersOf = ({ detection }: Pick<Workload, 'detection'>): readonly NamedAlarm[] =>
  detection.alarms.filter(({ use }) => use.includes('trigger'));

/** The pattern of the rule on the controller's own bus: what was sent there was chosen where it was sent from. */
export const startPattern = {
  source: ['aws.cloudwatch'],
  'detail-type': ['CloudWatch Alarm State Change'],
  detail: { state: { value: ['ALARM'] } },
} as const;

function ringing(alarmName: EventPattern['detail']['alarmName']): EventPattern {
  return { ...startPattern, detail: { ...startPattern.detail, alarmName } };
}

/**
 * The pattern of the rules that send our alarms on to the controller: ours by the beginning of their names, because a pattern
 * of all names outgrows EventBridge's 2,048 characters at a dozen workloads, and only when they begin to ring. Somebody
 * else's alarm whose name begins the same is refused where runs are started, by those who know ours. The alarms on
 * Pilotlight itself begin with `pilotlight/` and start nothing.
 */
export const forwardPattern: EventPattern = ringing([{ prefix: ALARM_PREFIX }]);

/** The same for alarms of the sites' own, by their whole names. */
export const ownForwardPattern = (alarms: readonly string[]): EventPattern => ringing(alarms);

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
