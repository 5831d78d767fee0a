import {
  signalOfAlarm,
  signalOfLooks,
  whereUsersAreElsewhere,
  type AlarmState,
} from '../../../core/watch/signal.ts';

const SOURCE = {
  name: 'pilotlight-petclinic-edge-5xx',
  label: 'pilotlight-petclinic-edge-5xx',
  region: 'us-east-1',
  about: 'edge',
  eyes: 'others',
} as const;
const AT = '2026-11-22T03:04:05.000Z';
const state = (change: Partial<AlarmState>): AlarmState => ({
  name: SOURCE.name,
  state: 'ALARM',
  since: '2026-11-22T03:01:00.000Z',
  reason: '2 datapoints were over 25',
  ...change,
});

describe('the signal of an alarm', () => {
  it('is bad while the alarm rings, and keeps since when', () => {
    expect(signalOfAlarm(SOURCE, state({}), AT)).toEqual({
      source: 'alarm:pilotlight-petclinic-edge-5xx',
      kind: 'alarm',
      eyes: 'others',
      about: 'edge',
      place: 'us-east-1',
      at: '2026-11-22T03:04:05.000Z',
      observation: 'bad',
      detail: '2 datapoints were over 25',
      since: '2026-11-22T03:01:00.000Z',
    });
  });

  it('is called by its label, which no other alarm of the workload has', () => {
    const own = { ...SOURCE, name: 'site-down', label: 'eu-west-1/site-down' };
    expect(signalOfAlarm(own, state({}), AT).source).toBe('alarm:eu-west-1/site-down');
  });

  it('names no beginning where CloudWatch named none', () => {
    expect(signalOfAlarm(SOURCE, state({ since: null }), AT)).not.toHaveProperty('since');
  });

  it.each([
    ['OK', 'good'],
    ['INSUFFICIENT_DATA', 'unknown'],
  ] as const)('of state %s is %s', (name, observation) => {
    const signal = signalOfAlarm(SOURCE, state({ state: name, reason: 'because' }), AT);
    expect(signal).toMatchObject({ observation, detail: 'because' });
    expect(signal).not.toHaveProperty('since');
  });

  it('is unknown where the alarm could not be read', () => {
    expect(signalOfAlarm(SOURCE, null, AT)).toMatchObject({
      observation: 'unknown',
      detail: 'the alarm could not be read',
    });
  });
});

describe('the alarms while users are answered by another origin', () => {
  const ringing = signalOfAlarm(SOURCE, state({}), AT);
  const door = { ...ringing, source: 'alarm:pilotlight-petclinic-alb-5xx', about: 'primary' } as const;

  it('say nothing where they count what that origin answers', () => {
    expect(whereUsersAreElsewhere([ringing, door], ['maintenance'])).toEqual([
      {
        ...ringing,
        observation: 'unknown',
        detail: 'it counts what the maintenance answers; 2 datapoints were over 25',
      },
      door,
    ]);
  });

  it('are believed while the primary answers everybody', () => {
    expect(whereUsersAreElsewhere([ringing, door], [])).toEqual([ringing, door]);
  });
});

describe('the signal of the looks of a place', () => {
  const SEEN = { place: 'ap-northeast-1', about: 'primary', at: AT } as const;
  const of = (bad: number, all: number) =>
    signalOfLooks(SEEN, { bad, all }, { badPercent: 50, detail: 'answered 502' });

  it('names place, subject and the count', () => {
    expect(of(2, 3)).toEqual({
      source: 'probe:primary:ap-northeast-1',
      kind: 'probe',
      eyes: 'watch',
      about: 'primary',
      place: 'ap-northeast-1',
      observation: 'bad',
      at: '2026-11-22T03:04:05.000Z',
      detail: '2 of 3 looks bad; answered 502',
    });
  });

  it.each([
    [0, 0, 'unknown'],
    [0, 3, 'good'],
    [1, 3, 'degraded'],
    [1, 2, 'bad'],
    [3, 3, 'bad'],
  ] as const)('with %i of %i looks bad is %s', (bad, all, observation) => {
    expect(of(bad, all).observation).toBe(observation);
  });
});
