import { Match } from 'aws-cdk-lib/assertions';
import type { Config } from '../../core/config/schema.ts';
import { configOf, templateOf, templatesOf } from './synthesized.ts';

const templates = templatesOf(configOf());
const global = templateOf(templates, 'PilotlightDetection-us-east-1');
const seoul = templateOf(templates, 'PilotlightDetection-ap-northeast-2');
const dublin = templateOf(templates, 'PilotlightDetection-eu-west-1');

/** By their ids, clinic stands in shard 10 of every Region and shop in 03. */
const globalClinic = templateOf(templates, 'PilotlightDetection-us-east-1-10');
const globalShop = templateOf(templates, 'PilotlightDetection-us-east-1-03');
const seoulAlarms = templateOf(templates, 'PilotlightDetection-ap-northeast-2-10');
const dublinAlarms = templateOf(templates, 'PilotlightDetection-eu-west-1-03');
const homeClinic = templateOf(templates, 'PilotlightDetection-ap-northeast-1-10');
const homeShop = templateOf(templates, 'PilotlightDetection-ap-northeast-1-03');

/** The same with something changed about the clinic. */
function withClinic(change: (clinic: Config['workloads'][string]) => Config['workloads'][string]): Config {
  const base = configOf();
  return { ...base, workloads: { ...base.workloads, clinic: change(base.workloads['clinic']!) } };
}

type Alarms = Record<string, { Properties: { AlarmName: string } }>;
const watching = (template: typeof global): string[] =>
  Object.values(template.findResources('AWS::CloudWatch::Alarm') as Alarms).map(
    ({ Properties }) => Properties.AlarmName,
  );

describe('the alarms of the workloads', () => {
  it('live where their metrics are: those of Route 53 and CloudFront in us-east-1', () => {
    expect(watching(globalClinic).toSorted()).toEqual([
      'pilotlight-clinic-edge-5xx',
      'pilotlight-clinic-primary-health-check',
    ]);
    expect(watching(globalShop).toSorted()).toEqual([
      'pilotlight-shop-edge-5xx',
      'pilotlight-shop-primary-health-check',
    ]);
  });

  it('live where their metrics are: those of a load balancer in its own Region, and only there', () => {
    expect(watching(seoulAlarms).toSorted()).toEqual([
      'pilotlight-clinic-alb-5xx',
      'pilotlight-clinic-alb-unhealthy-hosts',
    ]);
    expect(watching(dublinAlarms).toSorted()).toEqual([
      'pilotlight-shop-alb-5xx',
      'pilotlight-shop-alb-unhealthy-hosts',
    ]);
  });

  it('live in the controller’s Region where they are on what the watch sees, whatever Region the primary is in', () => {
    expect(watching(homeClinic)).toEqual(['pilotlight-clinic-watch']);
    expect(watching(homeShop)).toEqual(['pilotlight-shop-watch']);
  });

  it('ring for the watch within seconds: when so many places as the quorum wants fail in each look of 20 s', () => {
    homeClinic.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'pilotlight-clinic-watch',
      Namespace: 'Pilotlight',
      MetricName: 'PlacesFailing',
      Statistic: 'Maximum',
      Period: 10,
      EvaluationPeriods: 2,
      DatapointsToAlarm: 2,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      Dimensions: [
        { Name: 'service', Value: 'pilotlight-watch' },
        { Name: 'workload', Value: 'clinic' },
      ],
      // It starts a run, and the run tells people.
      AlarmActions: Match.absent(),
    });
  });

  it('ring for the watch later where an outage is one later, and at more places where the quorum wants more', () => {
    const changed = templatesOf(
      withClinic((clinic) => ({
        ...clinic,
        policy: {
          ...clinic.policy,
          outage: { ...clinic.policy.outage, seconds: 45 },
          confirm: { ...clinic.policy.confirm, quorum: { signals: 3, kinds: 2, places: 2 } },
        },
      })),
    );
    templateOf(changed, 'PilotlightDetection-ap-northeast-1-10').hasResourceProperties(
      'AWS::CloudWatch::Alarm',
      { AlarmName: 'pilotlight-clinic-watch', EvaluationPeriods: 5, DatapointsToAlarm: 5, Threshold: 2 },
    );
  });

  it('stand apart from what sends them on', () => {
    expect([global, seoul, dublin].flatMap(watching).toSorted()).toEqual([
      ...Array<string>(3).fill('pilotlight/detection/dead-letters-forgotten'),
      ...Array<string>(3).fill('pilotlight/detection/dead-letters-waiting'),
    ]);
  });

  it('ring for the edge at a share of failed requests', () => {
    globalClinic.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'pilotlight-clinic-edge-5xx',
      Namespace: 'AWS/CloudFront',
      MetricName: '5xxErrorRate',
      Statistic: 'Average',
      Period: 60,
      EvaluationPeriods: 2,
      DatapointsToAlarm: 2,
      Threshold: 25,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      Dimensions: [
        { Name: 'DistributionId', Value: 'E1CLINICEXAMPLE' },
        { Name: 'Region', Value: 'Global' },
      ],
    });
  });

  it('ring for the health check when its checkers disagree with the primary, and when they fall silent', () => {
    globalClinic.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'pilotlight-clinic-primary-health-check',
      Namespace: 'AWS/Route53',
      MetricName: 'HealthCheckStatus',
      Statistic: 'Minimum',
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
      Dimensions: [
        { Name: 'HealthCheckId', Value: { Ref: Match.stringLikeRegexp('primaryhealthcheckcheckers') } },
      ],
    });
  });

  it('ring for the targets by the two dimensions that the metric needs', () => {
    seoulAlarms.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'pilotlight-clinic-alb-unhealthy-hosts',
      MetricName: 'UnHealthyHostCount',
      Dimensions: [
        { Name: 'LoadBalancer', Value: 'app/clinic/50dc6c495c0c9188' },
        { Name: 'TargetGroup', Value: 'targetgroup/clinic/73e2d6bc24d8a067' },
      ],
    });
  });
});

describe('the health checks', () => {
  it('connect to the primary every 30 seconds, from everywhere but its own Region', () => {
    globalShop.hasResourceProperties('AWS::Route53::HealthCheck', {
      HealthCheckConfig: {
        Type: 'TCP',
        FullyQualifiedDomainName: 'alb.shop.example.com',
        ResourcePath: Match.absent(),
        Port: 443,
        EnableSNI: Match.absent(),
        RequestInterval: 30,
        FailureThreshold: 3,
        Regions: [
          'us-east-1',
          'us-west-1',
          'us-west-2',
          'ap-southeast-1',
          'ap-southeast-2',
          'ap-northeast-1',
          'sa-east-1',
        ],
      },
    });
  });

  it.each([
    ['https', 30],
    ['https-fast', 10],
  ] as const)('of the kind %s ask for the health path every %d seconds', (healthCheck, RequestInterval) => {
    const asked = templatesOf(
      withClinic((clinic) => ({ ...clinic, detection: { ...clinic.detection, healthCheck } })),
    );
    const health = templateOf(asked, 'PilotlightDetection-us-east-1-10');
    health.resourceCountIs('AWS::Route53::HealthCheck', 1);
    health.hasResourceProperties('AWS::Route53::HealthCheck', {
      HealthCheckConfig: {
        Type: 'HTTPS',
        FullyQualifiedDomainName: 'alb.clinic.example.com',
        ResourcePath: '/health',
        Port: 443,
        EnableSNI: true,
        RequestInterval,
        FailureThreshold: 3,
      },
    });
  });

  it('exist once a workload, and only where their metric is', () => {
    globalClinic.resourceCountIs('AWS::Route53::HealthCheck', 1);
    globalShop.resourceCountIs('AWS::Route53::HealthCheck', 1);
    seoulAlarms.resourceCountIs('AWS::Route53::HealthCheck', 0);
  });
});

describe('forwarding', () => {
  it('sends the alarms of all workloads from the default bus to the controller’s, for 15 minutes, then keeps them', () => {
    seoul.hasResourceProperties('AWS::Events::Rule', {
      Name: 'pilotlight-forward',
      EventBusName: Match.absent(),
      EventPattern: {
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        detail: { alarmName: [{ prefix: 'pilotlight-' }], state: { value: ['ALARM'] } },
      },
      Targets: [
        {
          Arn: 'arn:aws:events:ap-northeast-1:111122223333:event-bus/pilotlight',
          RetryPolicy: { MaximumEventAgeInSeconds: 900, MaximumRetryAttempts: 185 },
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^DeadLetters'), 'Arn'] } },
        },
      ],
    });
  });

  it('may put events on that bus and do nothing else', () => {
    const policies = seoul.findResources('AWS::IAM::Policy') as Record<
      string,
      { Properties: { PolicyDocument: { Statement: unknown } } }
    >;
    const forward = {
      Action: 'events:PutEvents',
      Effect: 'Allow',
      Resource: 'arn:aws:events:ap-northeast-1:111122223333:event-bus/pilotlight',
    };
    expect(Object.values(policies).map(({ Properties }) => Properties.PolicyDocument.Statement)).toEqual([
      [forward],
    ]);
  });

  it('says by itself when it fails, to a topic of its own Region', () => {
    seoul.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'pilotlight/detection/dead-letters-waiting',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 1,
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^OnCallTopic') }],
    });
    seoul.hasResourceProperties('AWS::SNS::Topic', { TopicName: 'pilotlight-detection-on-call' });
  });

  it('says so without a key of its own: the message holds no more than the name and state of one of our alarms', () => {
    seoul.resourceCountIs('AWS::KMS::Key', 0);
    seoul.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.absent() });
  });

  it('lets alarms of this account alone say so, and nobody without TLS', () => {
    seoul.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Effect: 'Deny',
            Principal: '*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
          }),
        ],
      },
    });
  });
});
