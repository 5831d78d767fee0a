import fc from 'fast-check';
import type { Signal } from '../../../core/watch/signal.ts';
import {
  decideVerdict,
  isWorthAnotherLook,
  type Evidence,
  type Quorum,
} from '../../../core/watch/verdict.ts';
import { nextHealth } from '../../../core/watch/health.ts';
import { at, DEAD, live, POLICY, type Stretch } from './history.ts';

/*
 * Goal: an outage is only what the quorum says in all three counts and the looks over time bear out; silence never votes;
 * a contradiction is never health. Method: a table of the cases that a person would ask about, then properties.
 */

const QUORUM: Quorum = { signals: 4, kinds: 2, places: 2 };
let serial = 0;
const signal = (change: Partial<Signal>): Signal => ({
  source: `source-${(serial += 1)}`,
  kind: 'probe',
  eyes: 'watch',
  about: 'primary',
  place: 'a',
  observation: 'bad',
  at: '2026-03-01T03:00:00.000Z',
  detail: '',
  ...change,
});
const alarm = (observation: Signal['observation'], since?: string): Signal =>
  signal({
    kind: 'alarm',
    eyes: 'others',
    about: 'edge',
    observation,
    ...(since === undefined ? {} : { since }),
  });
/** What three places see: of the primary, and of the site. */
const probes = (primary: Signal['observation'], edge: Signal['observation']): Signal[] =>
  ['a', 'b', 'c'].flatMap((place) => [
    signal({ place, observation: primary }),
    signal({ place, observation: edge, about: 'edge' }),
  ]);

const evidence = (
  signals: readonly Signal[],
  stretches: readonly Stretch[],
  change: Partial<Evidence> = {},
): Evidence => {
  const { memory, now } = live(stretches);
  const patience = { patient: true, alarmSeconds: 360, runFrom: at(0) };
  return { signals, memory, policy: POLICY, quorum: QUORUM, unrest: 0, ...patience, now, ...change };
};

const dying = [[60, DEAD]] as const;
const living = [[300, '']] as const;
const third = (round: number): string => ['aA', 'bB', 'cC'][round % 3]!;

describe('the verdict', () => {
  it.each<[string, Evidence, string]>([
    [
      'alarm and looks say so, for long enough',
      evidence([alarm('bad'), ...probes('bad', 'bad')], dying),
      'outage',
    ],
    [
      'only looks say so: one kind is not enough',
      evidence([alarm('good'), ...probes('bad', 'bad')], dying),
      'inconclusive',
    ],
    [
      'only alarms say so',
      evidence([alarm('bad'), alarm('bad'), ...probes('good', 'good')], living),
      'inconclusive',
    ],
    [
      'it has not lasted yet',
      evidence([alarm('bad'), ...probes('bad', 'bad')], [[20, DEAD]]),
      'inconclusive',
    ],
    [
      'it has lasted and the hours before demand more',
      evidence([alarm('bad'), ...probes('bad', 'bad')], dying, { unrest: 1 }),
      'inconclusive',
    ],
    [
      'the newest look is good',
      evidence(
        [alarm('bad'), ...probes('bad', 'bad')],
        [
          [60, DEAD],
          [10, ''],
        ],
      ),
      'inconclusive',
    ],
    [
      'the door is good and users are not: that is no health',
      evidence([alarm('bad'), ...probes('good', 'bad')], [[300, 'ABC']]),
      'inconclusive',
    ],
    [
      'an alarm rings and every look is good: that is no health either',
      evidence([alarm('bad'), ...probes('good', 'good')], living),
      'inconclusive',
    ],
    [
      'a third of all looks fail',
      evidence([alarm('bad'), ...probes('degraded', 'degraded')], [[300, third]]),
      'degraded',
    ],
    [
      'a third fails and no alarm rings',
      evidence([alarm('good'), ...probes('degraded', 'degraded')], [[300, third]]),
      'degraded',
    ],
    ['nothing fails', evidence([alarm('good'), ...probes('good', 'good')], living), 'healthy'],
    [
      'alarms are unknown and nothing fails',
      evidence([alarm('unknown'), ...probes('good', 'good')], living),
      'healthy',
    ],
    [
      'it came back half a minute ago',
      evidence(
        [alarm('good'), ...probes('good', 'good')],
        [
          [200, DEAD],
          [30, ''],
        ],
      ),
      'inconclusive',
    ],
    [
      'it came back a minute ago',
      evidence(
        [alarm('good'), ...probes('good', 'good')],
        [
          [200, DEAD],
          [70, ''],
        ],
      ),
      'healthy',
    ],
  ])('where %s', (_, given, verdict) => {
    expect(decideVerdict(given).verdict).toBe(verdict);
  });

  it('is inconclusive where no place sees anything now, however good it was before', () => {
    const { memory, now } = live(living);
    const nothing = { at: now + 10_000, primary: {}, edge: {}, elsewhere: {} };
    const blind = nextHealth(memory, nothing, { policy: POLICY, unrest: 0 });
    const given = evidence([alarm('unknown'), ...probes('unknown', 'unknown')], []);
    expect(decideVerdict({ ...given, memory: blind, now: now + 10_000 })).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('too few places see the primary good') as string,
    });
  });

  it('says with which numbers it was reached', () => {
    const given = evidence([alarm('bad'), ...probes('bad', 'degraded')], dying);
    expect(decideVerdict(given).summary).toBe(
      '4 of 7 signals bad (4 needed) of 2 kinds (2 needed); the primary is bad from 3 places (2 needed), good from 0; 0 unknown',
    );
  });

  it.each<[string, Evidence, string]>([
    [
      'it died just now',
      evidence([alarm('good'), ...probes('bad', 'bad')], dying),
      'most looks fail, and the other signals do not say so yet',
    ],
    [
      'an alarm rings',
      evidence([alarm('bad'), ...probes('good', 'good')], living),
      'the looks are good, and an alarm rings',
    ],
    [
      'it came back',
      evidence(
        [alarm('good'), ...probes('good', 'good')],
        [
          [200, DEAD],
          [30, ''],
        ],
      ),
      'the last bad look is 20 s ago, 60 s without one are needed',
    ],
  ])('says why it is inconclusive where %s', (_, given, words) => {
    expect(decideVerdict(given).summary).toContain(words);
  });

  it('takes the earliest beginning that anybody names', () => {
    const named = alarm('bad', '2026-03-01T02:58:00.000+0000');
    expect(decideVerdict(evidence([named, ...probes('bad', 'bad')], dying)).since).toBe(
      '2026-03-01T02:58:00.000Z',
    );
    expect(decideVerdict(evidence([alarm('bad'), ...probes('bad', 'bad')], dying)).since).toBe(
      '2026-03-01T03:00:00.000Z',
    );
  });

  it('never comes to an outage from good and silent signals, whatever was seen before', () => {
    const seen = fc.constantFrom<Signal['observation']>('good', 'unknown', 'degraded');
    fc.assert(
      fc.property(seen, seen, seen, fc.constantFrom(dying, living), (a, primary, edge, past) => {
        expect(decideVerdict(evidence([alarm(a), ...probes(primary, edge)], past)).verdict).not.toBe(
          'outage',
        );
      }),
    );
  });

  it('never comes to an outage while the looks are good, whatever rings', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9 }), (ringing) => {
        const alarms = Array.from({ length: ringing }, () => alarm('bad'));
        expect(decideVerdict(evidence([...alarms, ...probes('bad', 'bad')], living)).verdict).not.toBe(
          'outage',
        );
      }),
    );
  });
});

describe('a primary that fails half of its requests', () => {
  const half = (round: number): string => (round % 2 === 0 ? 'abAB' : 'cC');
  it('is not called degraded while it may turn out to be down', () => {
    const given = evidence([alarm('good'), ...probes('degraded', 'degraded')], [[300, half]]);
    expect(decideVerdict(given).verdict).toBe('inconclusive');
  });

  it('is called degraded when patience is over', () => {
    const given = evidence([alarm('good'), ...probes('degraded', 'degraded')], [[300, half]], {
      patient: false,
    });
    expect(decideVerdict(given).verdict).toBe('degraded');
  });
});

describe('another look', () => {
  const over = { patient: false };

  it('is worth it while there is patience', () => {
    const far = { runFrom: at(-3600), alarmSeconds: 60 };
    expect(isWorthAnotherLook(evidence(probes('good', 'good'), living, far))).toBe(true);
    expect(isWorthAnotherLook(evidence(probes('good', 'good'), living, { ...far, ...over }))).toBe(false);
  });

  it('is worth it beyond that where a restless primary is down and only has to stay so', () => {
    const given = evidence([alarm('bad'), ...probes('bad', 'bad')], dying, { unrest: 1, ...over });
    expect(isWorthAnotherLook(given)).toBe(true);
  });

  it.each([
    // The newest look is at 50 s.
    [51, true],
    [50, false],
  ])(
    'is worth it for %d s where every look fails and only the alarms are missing: %s',
    (alarmSeconds, worth) => {
      const given = evidence([alarm('good'), ...probes('bad', 'bad')], dying, { alarmSeconds, ...over });
      expect(isWorthAnotherLook(given)).toBe(worth);
    },
  );

  it('is not worth it where too few places see it fail, however many alarms may come', () => {
    const quorum = { ...QUORUM, places: 4 };
    const given = evidence([alarm('good'), ...probes('bad', 'bad')], dying, { quorum, ...over });
    expect(isWorthAnotherLook(given)).toBe(false);
  });

  it.each([
    [31, true],
    [30, false],
  ])('is worth it for %d s of good looks where an alarm rings still: %s', (alarmSeconds, worth) => {
    const back: readonly Stretch[] = [
      [300, DEAD],
      [40, ''],
    ];
    const quick = { ...POLICY, recovery: { seconds: 10 } };
    const given = evidence([alarm('bad'), ...probes('good', 'good')], back, {
      ...over,
      policy: quick,
      alarmSeconds,
    });
    expect(isWorthAnotherLook(given)).toBe(worth);
  });

  it('is worth it while a streak of good looks grows to what it takes, and not without one', () => {
    const back: readonly Stretch[] = [
      [300, DEAD],
      [40, ''],
    ];
    const impatient = { ...over, alarmSeconds: 0 };
    const seen = [alarm('bad'), ...probes('good', 'good')];
    expect(isWorthAnotherLook(evidence(seen, back, impatient))).toBe(true);
    expect(isWorthAnotherLook(evidence(seen, [[300, third]], impatient))).toBe(false);
  });
});
