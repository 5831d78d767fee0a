import {
  alarmsOf,
  alarmSourcesOf,
  forwardPattern,
  ownForwardPattern,
  ownTriggersOf,
  startPattern,
  workloadInAlarmName,
} from '../../../core/watch/detection.ts';
import { matches } from '../../../drill/world/event-bus.ts';
import { parseConfig, workloadOf } from '../../../core/config/parse.ts';
import type { Workload } from '../../../core/config/schema.ts';
import { dataWithWorkload, shippedWorkload } from '../config-fixture.ts';

const HOME = 'ap-northeast-1';
const alarms = (workload = shippedWorkload()) => alarmsOf('petclinic', workload, HOME);
const changed = (changes: Record<string, unknown>): Workload =>
  workloadOf(parseConfig(dataWithWorkload(changes)), 'petclinic');

describe('the alarms of a workload', () => {
  it('watch the primary from three sides and the edge, each where its metric is', () => {
    const sources = alarmSourcesOf('petclinic', shippedWorkload(), HOME);
    expect(sources.map(({ name, region, about, eyes }) => [name, region, about, eyes])).toEqual([
      ['pilotlight-petclinic-watch', 'ap-northeast-1', 'primary', 'watch'],
      ['pilotlight-petclinic-primary-health-check', 'us-east-1', 'primary', 'others'],
      ['pilotlight-petclinic-edge-5xx', 'us-east-1', 'edge', 'others'],
      ['pilotlight-petclinic-alb-5xx', 'ap-northeast-2', 'primary', 'others'],
      ['pilotlight-petclinic-alb-unhealthy-hosts', 'ap-northeast-2', 'primary', 'others'],
    ]);
    expect(sources.map(({ label }) => label)).toEqual(sources.map(({ name }) => name));
  });

  it('have that of the watch where the controller lives, wherever the primary does', () => {
    const [watch] = alarmsOf('petclinic', changed({ 'primary.region': 'us-east-1' }), 'eu-west-1');
    expect(watch).toMatchObject({ name: 'pilotlight-petclinic-watch', region: 'eu-west-1' });
  });

  it('take their thresholds from the config', () => {
    const detection = {
      edgeErrorPercent: 40,
      loadBalancerErrors: 99,
      evaluationPeriods: 5,
      datapointsToAlarm: 4,
    };
    const workload = changed({
      detection,
      'policy.confirm.quorum.places': 3,
      'policy.outage.seconds': 45,
      'limits.confirmSeconds': 90,
    });
    const figures = alarms(workload).map((alarm) => [
      alarm.metricName,
      alarm.threshold,
      alarm.evaluationPeriods,
      alarm.datapointsToAlarm,
    ]);
    expect(figures).toEqual([
      // 45 s in periods of ten.
      ['PlacesFailing', 3, 5, 5],
      ['HealthCheckStatus', 1, 1, 1],
      ['5xxErrorRate', 40, 5, 4],
      ['HTTPCode_ELB_5XX_Count', 99, 5, 4],
      ['UnHealthyHostCount', 1, 5, 4],
    ]);
  });

  it('look at what the watch sees every ten seconds, and at the figures of AWS every minute', () => {
    expect(alarms().map(({ periodSeconds }) => periodSeconds)).toEqual([10, 60, 60, 60, 60]);
  });

  it('need two bad looks of the watch, however soon an outage is believed', () => {
    const [watch] = alarms(changed({ 'policy.outage.seconds': 10 }));
    expect([watch?.evaluationPeriods, watch?.datapointsToAlarm]).toEqual([2, 2]);
  });

  it('name what they watch as CloudWatch does', () => {
    const loadBalancer = 'app/petclinic-alb/50dc6c495c0c9188';
    expect(alarms().map((alarm) => alarm.dimensions)).toEqual([
      { service: 'pilotlight-watch', workload: 'petclinic' },
      'healthCheck',
      { DistributionId: 'E2EXAMPLE1PETC', Region: 'Global' },
      { LoadBalancer: loadBalancer },
      { LoadBalancer: loadBalancer, TargetGroup: 'targetgroup/petclinic-web/73e2d6bc24d8a067' },
    ]);
  });

  it('ring on silence only where silence is the symptom: a watch that is dead says nothing of the primary', () => {
    expect(alarms().map((alarm) => alarm.treatMissingData)).toEqual([
      'notBreaching',
      'breaching',
      'notBreaching',
      'notBreaching',
      'notBreaching',
    ]);
  });
});

describe('the alarms of a site’s own', () => {
  const own = (use: readonly string[]) => ({ region: 'eu-west-1', name: `own-${use.join('-')}`, use });
  const workload = changed({
    'detection.alarms': [
      own(['trigger']),
      { ...own(['signal']), about: 'edge' },
      { region: 'eu-west-1', name: 'both' },
    ],
  });

  const others = (name: string) => ({ eyes: 'others', label: `eu-west-1/${name}` });

  it('are asked about where they are signals, with eyes of their own', () => {
    expect(alarmSourcesOf('petclinic', workload, HOME).slice(5)).toEqual([
      { ...{ name: 'own-signal', region: 'eu-west-1', about: 'edge' }, ...others('own-signal') },
      { ...{ name: 'both', region: 'eu-west-1', about: 'primary' }, ...others('both') },
    ]);
  });

  it('are called by their Regions too: two may have one name', () => {
    const twins = ['eu-west-1', 'us-west-2'].map((region) => ({ region, name: 'site-down' }));
    const sources = alarmSourcesOf('petclinic', changed({ 'detection.alarms': twins }), HOME);
    expect(sources.slice(5).map(({ label }) => label)).toEqual([
      'eu-west-1/site-down',
      'us-west-2/site-down',
    ]);
  });

  it('start a run where they are triggers', () => {
    expect(ownTriggersOf(workload).map(({ name }) => name)).toEqual(['own-trigger', 'both']);
  });

  it('are none of ours', () => {
    expect(alarms(workload)).toEqual(alarms());
  });
});

describe('the workload in the name of an alarm', () => {
  it('is found in each alarm of it', () => {
    const named = alarms().map(({ name }) => workloadInAlarmName(name));
    expect(named).toEqual(['petclinic', 'petclinic', 'petclinic', 'petclinic', 'petclinic']);
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

const changeOf = (alarmName: string, value = 'ALARM'): unknown => ({
  source: 'aws.cloudwatch',
  'detail-type': 'CloudWatch Alarm State Change',
  detail: { alarmName, state: { value } },
});

describe('the rules that send alarms to the controller', () => {
  it('let ours through by the beginning of their names, and only when they begin to ring', () => {
    expect(forwardPattern).toEqual({
      source: ['aws.cloudwatch'],
      'detail-type': ['CloudWatch Alarm State Change'],
      detail: { alarmName: [{ prefix: 'pilotlight-' }], state: { value: ['ALARM'] } },
    });
  });

  it('let each alarm of a workload through, and none of those on Pilotlight itself', () => {
    for (const { name } of alarms()) {
      expect([name, matches(forwardPattern, changeOf(name))]).toEqual([name, true]);
    }
    expect(matches(forwardPattern, changeOf('pilotlight/controller/execution-failed'))).toBe(false);
  });

  it('let a site’s own alarms through by their whole names alone', () => {
    const pattern = ownForwardPattern(['site-down', 'db-down']);
    const told = ['site-down', 'db-down', 'site-down-2', 'pilotlight-petclinic-watch'].map((name) =>
      matches(pattern, changeOf(name)),
    );
    expect(told).toEqual([true, true, false, false]);
    expect(matches(pattern, changeOf('site-down', 'OK'))).toBe(false);
  });
});

describe('the rule on the bus of the controller', () => {
  it('takes every alarm that was sent there and rings, and none that does not', () => {
    expect(matches(startPattern, changeOf('site-down'))).toBe(true);
    expect(matches(startPattern, changeOf('site-down', 'OK'))).toBe(false);
  });
});
