import { Match } from 'aws-cdk-lib/assertions';
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
  it('ask the primary by HTTPS every 10 seconds, from everywhere but its own Region', () => {
    globalShop.hasResourceProperties('AWS::Route53::HealthCheck', {
      HealthCheckConfig: {
        Type: 'HTTPS',
        FullyQualifiedDomainName: 'alb.shop.example.com',
        ResourcePath: '/health',
        Port: 443,
        EnableSNI: true,
        RequestInterval: 10,
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
});
