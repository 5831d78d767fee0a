import fc from 'fast-check';
import type { Signal } from '../../../core/watch/signal.ts';
import {
  decideRecovery,
  decideVerdict,
  isWorthAnotherLook,
  type Evidence,
  type Quorum,
} from '../../../core/watch/verdict.ts';
import { nextHealth } from '../../../core/watch/health.ts';
import { DEAD, live, POLICY, type Stretch } from './history.ts';

/*
 * Goal: an outage is only what the quorum says in all three counts and the looks over time bear out; silence never votes;
 * a contradiction is never health. Method: a table of the cases that a person would ask about, then properties.
 */

const QUORUM: Quorum = { signals: 4, kinds: 2, places: 2 };
let serial = 0;
const signal = (change: Partial<Signal>): Signal => ({
  source: `source-${(serial += 1)}`,
  kind: 'probe',
  about: 'primary',
  place: 'a',
  observation: 'bad',
  at: '2026-03-01T03:00:00.000Z',
  detail: '',
  ...change,
});
const alarm = (observation: Signal['observation'], since?: string): Signal =>
  signal({ kind: 'alarm', about: 'edge', observation, ...(since === undefined ? {} : { since }) });
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
  return { signals, memory, policy: POLICY, quorum: QUORUM, unrest: 0, patient: true, now, ...change };
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
  it('is worth it while there is patience', () => {
    expect(isWorthAnotherLook(evidence([...probes('good', 'good')], living))).toBe(true);
    expect(isWorthAnotherLook(evidence([...probes('good', 'good')], living, { patient: false }))).toBe(false);
  });

  it('is worth it beyond that where a restless primary is down and only has to stay so', () => {
    const given = evidence([alarm('bad'), ...probes('bad', 'bad')], dying, { unrest: 1, patient: false });
    expect(isWorthAnotherLook(given)).toBe(true);
  });
});

describe('the recovery', () => {
  const trial = { seconds: 6, failedBefore: false };
  const after = (stretches: readonly Stretch[], change: Partial<typeof trial> = {}, unrest = 0) => {
    const { memory, now } = live(stretches);
    return decideRecovery({ memory, policy: POLICY, unrest, now }, { ...trial, ...change });
  };

  it('takes a minute without a bad look', () => {
    expect(
      after([
        [300, DEAD],
        [60, ''],
      ]),
    ).toMatchObject({ recovered: false });
    expect(
      after([
        [300, DEAD],
        [70, ''],
      ]),
    ).toMatchObject({
      recovered: true,
      summary: 'the primary is good for 60 s (60 needed)',
    });
  });

  it('is tried at once where the primary was cleanly gone', () => {
    expect(
      after([
        [300, DEAD],
        [20, ''],
      ]),
    ).toMatchObject({ trial: true, recovered: false });
    expect(
      after([
        [300, DEAD],
        [10, ''],
      ]),
    ).toMatchObject({ trial: false, mayTry: true });
  });

  it.each([
    [
      'it limped',
      [
        [300, (round: number) => (round % 4 === 0 ? '' : DEAD)],
        [20, ''],
      ],
      {},
      0,
    ],
    [
      'a way home failed before',
      [
        [300, DEAD],
        [20, ''],
      ],
      { failedBefore: true },
      0,
    ],
    [
      'users were moved away before',
      [
        [300, DEAD],
        [20, ''],
      ],
      {},
      1,
    ],
    [
      'it was gone for a moment only',
      [
        [100, DEAD],
        [20, ''],
      ],
      {},
      0,
    ],
  ] as const)('is not tried where %s', (_, stretches, change, unrest) => {
    expect(after(stretches, change, unrest)).toMatchObject({ trial: false, mayTry: false });
  });

  it('is not what too few places see', () => {
    const { memory, now } = live([
      [300, DEAD],
      [70, ''],
    ]);
    const policy = { ...POLICY, places: 4 };
    expect(decideRecovery({ memory, policy, unrest: 0, now }, trial)).toMatchObject({
      recovered: false,
      trial: false,
      summary: 'the primary is not seen good from enough places',
    });
  });

  it('says that the primary is down while most looks fail', () => {
    expect(after([[300, DEAD]]).down).toBe(true);
    expect(
      after([
        [300, DEAD],
        [30, ''],
      ]).down,
    ).toBe(false);
  });
});
