import { Duration, Stack, Tags } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import {
  HealthCheck,
  HealthCheckType,
  type HealthCheckProps,
  type IHealthCheck,
} from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import type { Config, Workload } from '../../../core/config/schema.ts';
import { alarmsOf, type AlarmDefinition } from '../../../core/watch/detection.ts';

/** Regions that Route 53 has checkers in; at least three must be chosen. Source: Route 53 API, HealthCheckConfig. */
const CHECKER_REGIONS = [
  'us-east-1',
  'us-west-1',
  'us-west-2',
  'eu-west-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-northeast-1',
  'sa-east-1',
] as const;

const FAILURES_TO_UNHEALTHY = 3;

/** What Route 53 does for each kind. Every option beyond connecting every 30 s is a dollar a month more. */
const healthChecks = {
  tcp: { type: HealthCheckType.TCP, port: 443, requestInterval: Duration.seconds(30) },
  https: { type: HealthCheckType.HTTPS, enableSNI: true, requestInterval: Duration.seconds(30) },
  'https-fast': { type: HealthCheckType.HTTPS, enableSNI: true, requestInterval: Duration.seconds(10) },
} as const satisfies Record<Workload['detection']['healthCheck'], HealthCheckProps>;

const comparisons = {
  GreaterThanOrEqualToThreshold: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  LessThanThreshold: ComparisonOperator.LESS_THAN_THRESHOLD,
} as const satisfies Record<AlarmDefinition['comparison'], ComparisonOperator>;

const missingData = {
  breaching: TreatMissingData.BREACHING,
  notBreaching: TreatMissingData.NOT_BREACHING,
} as const satisfies Record<AlarmDefinition['treatMissingData'], TreatMissingData>;

export interface WorkloadAlarmsProps {
  readonly workloads: Config['workloads'];
  /** The Region of the controller. */
  readonly home: string;
}

/** The alarms of these workloads that live in this stack's Region, exactly as core/watch/detection.ts defines them. */
export class WorkloadAlarms extends Construct {
  constructor(scope: Construct, id: string, props: WorkloadAlarmsProps) {
    super(scope, id);
    const here = Stack.of(this).region;
    for (const [workloadId, workload] of Object.entries(props.workloads)) {
      for (const definition of alarmsOf(workloadId, workload, props.home)) {
        if (definition.region === here) this.addAlarm(definition, workload);
      }
    }
  }

  private addAlarm(definition: AlarmDefinition, workload: Workload): void {
    const { dimensions } = definition;
    new Alarm(this, definition.name, {
      // The name is how the controller knows its alarms again, in events and in DescribeAlarms.
      alarmName: definition.name,
      alarmDescription: definition.description,
      metric: new Metric({
        namespace: definition.namespace,
        metricName: definition.metricName,
        statistic: definition.statistic,
        period: Duration.seconds(definition.periodSeconds),
        dimensionsMap:
          dimensions === 'healthCheck'
            ? { HealthCheckId: this.addHealthCheck(definition, workload).healthCheckId }
            : { ...dimensions },
      }),
      threshold: definition.threshold,
      comparisonOperator: comparisons[definition.comparison],
      evaluationPeriods: definition.evaluationPeriods,
      datapointsToAlarm: definition.datapointsToAlarm,
      treatMissingData: missingData[definition.treatMissingData],
    });
  }

  private addHealthCheck(definition: AlarmDefinition, workload: Workload): IHealthCheck {
    const kind = workload.detection.healthCheck;
    const check = new HealthCheck(this, `${definition.name}-checkers`, {
      ...healthChecks[kind],
      fqdn: workload.primary.domainName,
      ...(kind === 'tcp' ? {} : { resourcePath: workload.health.path }),
      failureThreshold: FAILURES_TO_UNHEALTHY,
      // A checker beside the patient sees neither its outage nor that the world cannot reach it.
      regions: CHECKER_REGIONS.filter((region) => region !== workload.primary.region),
    });
    // Route 53 shows its health checks by this tag; they have no name.
    Tags.of(check).add('Name', definition.name);
    return check;
  }
}
