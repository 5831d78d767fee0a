import { SeededRandom } from '../../../drill/random.ts';
import { EventBus, matches } from '../../../drill/world/event-bus.ts';
import { useVirtualTime } from '../clouds/fixture.ts';

const pattern = {
  source: ['aws.cloudwatch'],
  'detail-type': ['CloudWatch Alarm State Change'],
  detail: { alarmName: ['a', 'b'], state: { value: ['ALARM'] } },
};

const event = (alarmName: string, value: string): Record<string, unknown> => ({
  source: 'aws.cloudwatch',
  'detail-type': 'CloudWatch Alarm State Change',
  region: 'us-east-1',
  detail: { alarmName, state: { value, reason: 'Threshold Crossed' } },
});

describe('matches', () => {
  it.each(['a', 'b'])('takes alarm %s that begins to ring, whatever else the event says', (name) => {
    expect(matches(pattern, event(name, 'ALARM'))).toBe(true);
  });

  it.each([
    ['an alarm that is not listed', event('c', 'ALARM')],
    ['an alarm whose name only begins the same', event('ab', 'ALARM')],
    ['an alarm that goes to OK', event('a', 'OK')],
    ['an alarm without data', event('a', 'INSUFFICIENT_DATA')],
    ['another source', { ...event('a', 'ALARM'), source: 'aws.ec2' }],
    [
      'another kind of event',
      { ...event('a', 'ALARM'), 'detail-type': 'CloudWatch Alarm Configuration Change' },
    ],
    ['an event without a detail', { ...event('a', 'ALARM'), detail: null }],
    ['a detail without a state', { ...event('a', 'ALARM'), detail: { alarmName: 'a' } }],
    ['a state that is text', { ...event('a', 'ALARM'), detail: { alarmName: 'a', state: 'ALARM' } }],
    ['an empty event', {}],
    ['no event', null],
    ['text', 'aws.cloudwatch'],
  ])('refuses %s', (_, got) => {
    expect(matches(pattern, got)).toBe(false);
  });
});

describe('matches, by the beginning of a text', () => {
  const prefixed = { detail: { alarmName: ['a', { prefix: 'pilotlight-' }] } };
  const named = (alarmName: unknown): unknown => ({ detail: { alarmName } });

  it.each(['pilotlight-shop-edge-5xx', 'pilotlight-', 'a'])('takes %s', (name) => {
    expect(matches(prefixed, named(name))).toBe(true);
  });

  it.each([
    ['another beginning', 'pilotlight/controller/execution-failed'],
    ['the beginning elsewhere', 'x-pilotlight-shop'],
    ['other letters', 'Pilotlight-shop'],
    ['a value that is no text', 7],
    ['no value', undefined],
  ])('refuses %s', (_, name) => {
    expect(matches(prefixed, named(name))).toBe(false);
  });

  it('says so where it does not know a comparison, instead of matching nothing', () => {
    expect(() => matches({ detail: { alarmName: [{ suffix: '-5xx' }] } }, named('a-5xx'))).toThrow(
      'The event bus got the pattern {"suffix":"-5xx"}, expected a value or a {"prefix": text}; teach it here.',
    );
  });
});

describe('EventBus', () => {
  useVirtualTime();

  const busTo = (delivered: Record<string, unknown>[]): EventBus =>
    new EventBus({ pattern, random: new SeededRandom(1), deliver: (got) => delivered.push(got) });

  it('delivers a matching event between 0.4 and 2 seconds later, each time that it was put', async () => {
    const delivered: Record<string, unknown>[] = [];
    const bus = busTo(delivered);
    bus.put(event('a', 'ALARM'));
    bus.put(event('a', 'ALARM'));
    await jest.advanceTimersByTimeAsync(399);
    expect(delivered).toEqual([]);
    await jest.advanceTimersByTimeAsync(1_601);
    expect(delivered).toEqual([event('a', 'ALARM'), event('a', 'ALARM')]);
  });

  it('never delivers what does not match', async () => {
    const delivered: Record<string, unknown>[] = [];
    busTo(delivered).put(event('a', 'OK'));
    await jest.advanceTimersByTimeAsync(60_000);
    expect(delivered).toEqual([]);
  });
});
