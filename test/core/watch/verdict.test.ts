import fc from 'fast-check';
import type { Signal } from '../../../core/watch/signal.ts';
import { decideRecovery, decideVerdict, type Quorum } from '../../../core/watch/verdict.ts';

/*
 * Goal: an outage is only what the quorum says in all three counts; silence never votes; evidence of health can never
 * bring an outage about. Method: a table of the cases that a person would ask about, then properties over all others.
 */

const QUORUM: Quorum = { signals: 3, kinds: 2, places: 1 };
let serial = 0;
const signal = (change: Partial<Signal> = {}): Signal => ({
  source: `source-${(serial += 1)}`,
  kind: 'probe',
  about: 'primary',
  place: 'ap-northeast-1',
  observation: 'bad',
  at: '2026-11-22T03:04:05.000Z',
  detail: '',
  ...change,
});
const probe = (observation: Signal['observation'], place = 'ap-northeast-1'): Signal =>
  signal({ observation, place });
const edgeProbe = (observation: Signal['observation']): Signal => signal({ observation, about: 'edge' });
const alarm = (observation: Signal['observation'], since?: string): Signal =>
  signal({
    kind: 'alarm',
    about: 'edge',
    place: 'us-east-1',
    observation,
    ...(since === undefined ? {} : { since }),
  });

describe('the verdict', () => {
  it.each<[string, Signal[], Quorum, 'outage' | 'healthy' | 'inconclusive']>([
    ['alarm and both probes are bad', [alarm('bad'), probe('bad'), edgeProbe('bad')], QUORUM, 'outage'],
    ['a signal too few is bad', [alarm('bad'), probe('bad')], QUORUM, 'inconclusive'],
    ['only probes are bad', [probe('bad'), edgeProbe('bad'), edgeProbe('bad')], QUORUM, 'inconclusive'],
    ['only alarms are bad', [alarm('bad'), alarm('bad'), alarm('bad')], QUORUM, 'inconclusive'],
    [
      'no place sees the primary itself bad',
      [alarm('bad'), alarm('bad'), edgeProbe('bad')],
      QUORUM,
      'inconclusive',
    ],
    [
      'the places are split, whatever the alarms say',
      [alarm('bad'), alarm('bad'), probe('bad', 'a'), probe('good', 'b')],
      QUORUM,
      'inconclusive',
    ],
    [
      'more places see it bad than good',
      [alarm('bad'), probe('bad', 'a'), probe('bad', 'b'), probe('good', 'c')],
      { ...QUORUM, places: 2 },
      'outage',
    ],
    [
      'a place too few sees it bad',
      [alarm('bad'), edgeProbe('bad'), probe('bad', 'a'), probe('unknown', 'b')],
      { ...QUORUM, places: 2 },
      'inconclusive',
    ],
    [
      'the alarm rings and the primary answers',
      [alarm('bad'), probe('good'), edgeProbe('good')],
      QUORUM,
      'healthy',
    ],
    ['everything is good', [alarm('good'), probe('good'), edgeProbe('good')], QUORUM, 'healthy'],
    ['only an alarm is good and no place answers', [alarm('good'), probe('unknown')], QUORUM, 'inconclusive'],
    ['nothing is known', [alarm('unknown'), probe('unknown'), edgeProbe('unknown')], QUORUM, 'inconclusive'],
    ['there is no signal at all', [], QUORUM, 'inconclusive'],
  ])('where %s', (_case, signals, quorum, verdict) => {
    expect(decideVerdict(signals, quorum).verdict).toBe(verdict);
  });

  it('counts one place once, however many probes it sends', () => {
    const signals = [alarm('bad'), probe('bad', 'a'), probe('bad', 'a')];
    expect(decideVerdict(signals, { ...QUORUM, places: 2 }).verdict).toBe('inconclusive');
  });

  it('says with numbers what decided', () => {
    const signals = [alarm('bad'), alarm('unknown'), probe('bad'), edgeProbe('bad')];
    expect(decideVerdict(signals, QUORUM).summary).toBe(
      '3 of 4 signals bad (3 needed) of 2 kinds (2 needed); the primary is bad from 1 places (1 needed), good from 0; ' +
        '1 unknown',
    );
  });

  it('names the earliest beginning as a moment, however the sources spell it', () => {
    const signals = [
      alarm('bad', '2026-11-22T03:01:00Z'),
      alarm('bad', '2026-11-22T12:00:59.500+0900'),
      alarm('bad', '2026-11-22T03:01:00.250Z'),
      alarm('bad', 'a while ago'),
      alarm('good', '2026-11-22T01:00:00.000Z'),
    ];
    expect(decideVerdict(signals, QUORUM).since).toBe('2026-11-22T03:00:59.500Z');
  });

  it('names no beginning where no bad signal does, or where all is well', () => {
    expect(decideVerdict([alarm('bad'), probe('bad'), edgeProbe('bad')], QUORUM).since).toBeNull();
    expect(decideVerdict([alarm('bad', '2026-11-22T03:01:00Z'), probe('good')], QUORUM).since).toBeNull();
  });
});

const anySignal = fc.record({
  source: fc.string(),
  kind: fc.constantFrom('alarm' as const, 'probe' as const),
  about: fc.constantFrom('primary' as const, 'edge' as const),
  place: fc.constantFrom('a', 'b', 'c', 'd'),
  observation: fc.constantFrom('bad' as const, 'good' as const, 'unknown' as const),
  at: fc.constant('2026-11-22T03:04:05.000Z'),
  detail: fc.constant(''),
});
const anyQuorum = fc.record({
  signals: fc.integer({ min: 1, max: 6 }),
  kinds: fc.integer({ min: 1, max: 2 }),
  places: fc.integer({ min: 1, max: 4 }),
});

describe('any verdict', () => {
  it('is the same with and without the signals that are unknown', () => {
    fc.assert(
      fc.property(fc.array(anySignal), anyQuorum, (signals, quorum) => {
        const known = signals.filter(({ observation }) => observation !== 'unknown');
        expect(decideVerdict(signals, quorum).verdict).toBe(decideVerdict(known, quorum).verdict);
      }),
    );
  });

  it('does not depend on the order of the signals', () => {
    fc.assert(
      fc.property(fc.array(anySignal), anyQuorum, (signals, quorum) => {
        expect(decideVerdict(signals.toReversed(), quorum)).toEqual(decideVerdict(signals, quorum));
      }),
    );
  });

  it('never becomes an outage by one more good signal', () => {
    fc.assert(
      fc.property(fc.array(anySignal), anySignal, anyQuorum, (signals, more, quorum) => {
        fc.pre(decideVerdict(signals, quorum).verdict !== 'outage');
        const added = decideVerdict([...signals, { ...more, observation: 'good' }], quorum);
        expect(added.verdict).not.toBe('outage');
      }),
    );
  });

  it('never becomes healthy by one more bad signal', () => {
    fc.assert(
      fc.property(fc.array(anySignal), anySignal, anyQuorum, (signals, more, quorum) => {
        fc.pre(decideVerdict(signals, quorum).verdict !== 'healthy');
        const added = decideVerdict([...signals, { ...more, observation: 'bad' }], quorum);
        expect(added.verdict).not.toBe('healthy');
      }),
    );
  });

  it('is an outage only where a probe of the primary itself is bad', () => {
    fc.assert(
      fc.property(fc.array(anySignal, { minLength: 3, maxLength: 12 }), anyQuorum, (signals, quorum) => {
        fc.pre(decideVerdict(signals, quorum).verdict === 'outage');
        expect(signals).toContainEqual(
          expect.objectContaining({ kind: 'probe', about: 'primary', observation: 'bad' }),
        );
      }),
    );
  });
});

describe('the recovery of a shielded primary', () => {
  it.each<[string, Signal[], number, boolean]>([
    ['enough places see it good', [probe('good', 'a'), probe('good', 'b')], 2, true],
    ['a place too few answers', [probe('good', 'a'), probe('unknown', 'b')], 2, false],
    ['one place still sees it bad', [probe('good', 'a'), probe('good', 'b'), probe('bad', 'c')], 2, false],
    ['the alarms still ring', [probe('good', 'a'), alarm('bad')], 1, true],
    ['the edge shows the shield', [probe('good', 'a'), edgeProbe('bad')], 1, true],
    ['only the edge is good', [edgeProbe('good')], 1, false],
    ['nobody looked', [], 1, false],
  ])('where %s', (_case, signals, places, recovered) => {
    expect(decideRecovery(signals, places).recovered).toBe(recovered);
  });

  it('says with numbers what decided', () => {
    expect(decideRecovery([probe('good', 'a'), probe('bad', 'b')], 2).summary).toBe(
      'the primary is good from 1 places (2 needed), bad from 1 (0 allowed)',
    );
  });
});
