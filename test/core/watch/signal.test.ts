import { signalOfAlarm, type AlarmState } from '../../../core/watch/signal.ts';

const SOURCE = { name: 'pilotlight-petclinic-edge-5xx', region: 'us-east-1', about: 'edge' } as const;
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
      about: 'edge',
      place: 'us-east-1',
      at: '2026-11-22T03:04:05.000Z',
      observation: 'bad',
      detail: '2 datapoints were over 25',
      since: '2026-11-22T03:01:00.000Z',
    });
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
