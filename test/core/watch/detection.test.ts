import {
  alarmsOf,
  alarmSourcesOf,
  startPattern,
  workloadInAlarmName,
} from '../../../core/watch/detection.ts';
import { matches } from '../../../drill/world/event-bus.ts';
import { parseConfig, workloadOf } from '../../../core/config/parse.ts';
import { dataWithWorkload, shippedWorkload } from '../config-fixture.ts';

describe('the alarms of a workload', () => {
  it('watch the primary from two sides and the edge, each where its metric is', () => {
    expect(alarmSourcesOf('petclinic', shippedWorkload())).toEqual([
      { name: 'pilotlight-petclinic-primary-health-check', region: 'us-east-1', about: 'primary' },
      { name: 'pilotlight-petclinic-edge-5xx', region: 'us-east-1', about: 'edge' },
      { name: 'pilotlight-petclinic-alb-5xx', region: 'ap-northeast-2', about: 'primary' },
      { name: 'pilotlight-petclinic-alb-unhealthy-hosts', region: 'ap-northeast-2', about: 'primary' },
    ]);
  });

  it('take their thresholds from the config', () => {
    const detection = {
      edgeErrorPercent: 40,
      loadBalancerErrors: 99,
      evaluationPeriods: 5,
      datapointsToAlarm: 4,
    };
    const workload = workloadOf(parseConfig(dataWithWorkload({ detection })), 'petclinic');
    const figures = alarmsOf('petclinic', workload).map((alarm) => [
      alarm.metricName,
      alarm.threshold,
      alarm.evaluationPeriods,
      alarm.datapointsToAlarm,
    ]);
    expect(figures).toEqual([
      ['HealthCheckStatus', 1, 1, 1],
      ['5xxErrorRate', 40, 5, 4],
      ['HTTPCode_ELB_5XX_Count', 99, 5, 4],
      ['UnHealthyHostCount', 1, 5, 4],
    ]);
  });

  it('name what they watch as CloudWatch does', () => {
    const loadBalancer = 'app/petclinic-alb/50dc6c495c0c9188';
    expect(alarmsOf('petclinic', shippedWorkload()).map((alarm) => alarm.dimensions)).toEqual([
      'healthCheck',
      { DistributionId: 'E2EXAMPLE1PETC', Region: 'Global' },
      { LoadBalancer: loadBalancer },
      { LoadBalancer: loadBalancer, TargetGroup: 'targetgroup/petclinic-web/73e2d6bc24d8a067' },
    ]);
  });

  it('ring on silence only where silence is the symptom: a count is missing when it is zero', () => {
    expect(alarmsOf('petclinic', shippedWorkload()).map((alarm) => alarm.treatMissingData)).toEqual([
      'breaching',
      'notBreaching',
      'notBreaching',
      'notBreaching',
    ]);
  });
});

describe('the workload in the name of an alarm', () => {
  it('is found in each alarm of it', () => {
    const named = alarmsOf('petclinic', shippedWorkload()).map(({ name }) => workloadInAlarmName(name));
    expect(named).toEqual(['petclinic', 'petclinic', 'petclinic', 'petclinic']);
  });

  it.each([
    'pilotlight/controller/execution-failed',
    'shop-edge-5xx',
    'pilotlight-',
    'pilotlight-shop',
    'pilotlight--x',
  ])('is not found in %s', (name) => {
    expect(workloadInAlarmName(name)).toBeNull();
  });
});

describe('the rule that starts the workflow', () => {
  it('lets our alarms through by the beginning of their names, and only when they begin to ring', () => {
    expect(startPattern).toEqual({
      source: ['aws.cloudwatch'],
      'detail-type': ['CloudWatch Alarm State Change'],
      detail: { alarmName: [{ prefix: 'pilotlight-' }], state: { value: ['ALARM'] } },
    });
  });

  it('lets each alarm of a workload through, and none of those on Pilotlight itself', () => {
    const ringing = (alarmName: string): unknown => ({
      source: 'aws.cloudwatch',
      'detail-type': 'CloudWatch Alarm State Change',
      detail: { alarmName, state: { value: 'ALARM' } },
    });
    for (const { name } of alarmsOf('petclinic', shippedWorkload())) {
      expect([name, matches(startPattern, ringing(name))]).toEqual([name, true]);
    }
    expect(matches(startPattern, ringing('pilotlight/controller/execution-failed'))).toBe(false);
  });
});
