import { workloadOf } from '../../../core/config/parse.ts';
import {
  afterAnswers,
  anyBeaconTarget,
  beaconTarget,
  isOfTheEdge,
  type BeaconProgress,
} from '../../../core/route/beacon.ts';
import { judgeProbe, unknownAnswer, type ProbeAnswer } from '../../../core/watch/probe.ts';
import { fixtureConfig } from './settle-fixture.ts';

/*
 * Goal: only the edge function's own answers say whether a place has the beacon; errors and silence say nothing, neither fast nor slow.
 */

const workload = workloadOf(fixtureConfig(), 'petclinic');
const NEW = '2026-11-22T10:00:00.000Z';
const OLD = '2026-11-22T06:00:00.000Z';
const target = beaconTarget(workload, NEW);
const saying = (status: number, body: string): ProbeAnswer =>
  judgeProbe(target, { status, originHeader: null, body });
const hasIt = saying(200, `pilotlight beacon: ${NEW}`);
const hasNot = saying(200, `pilotlight beacon: ${OLD}`);

describe('the target of a beacon', () => {
  it('is its path at the site itself, where any beacon will do or one alone', () => {
    expect(target.url).toBe('https://petclinic.example.com/__pilotlight/beacon');
    expect(target.contains).toBe('pilotlight beacon: 2026-11-22T10:00:00.000Z');
    expect(anyBeaconTarget(workload)).toEqual({ ...target, contains: 'pilotlight beacon: ' });
  });

  it('is met by the new value alone', () => {
    expect(hasIt.observation).toBe('good');
    expect(hasNot.observation).toBe('bad');
    expect(saying(404, 'pilotlight beacon: none').observation).toBe('bad');
  });
});

describe('an answer', () => {
  it.each([
    ['with the new value', hasIt, true],
    ['with an old one', hasNot, true],
    ['that knows none', saying(404, 'pilotlight beacon: none'), true],
    ['of an edge location that fails', saying(503, 'The request could not be satisfied'), false],
    ['of nobody', judgeProbe(target, { networkError: 'ECONNREFUSED' }), false],
    ['of a place that could not look', unknownAnswer('no network'), false],
  ])('%s is of the edge function: %s', (_case, answer, expected) => {
    expect(isOfTheEdge(answer)).toBe(expected);
  });
});

describe('the progress of a place', () => {
  const none: BeaconProgress = { place: 'tokyo', streak: 0, since: null, heardAt: 0, last: 'not asked yet' };

  it('counts answers with the new value, from the first of them', () => {
    const once = afterAnswers(none, [hasIt, hasIt, hasIt], 20_000);
    expect(once).toMatchObject({ streak: 3, since: 20_000, heardAt: 20_000 });
    expect(afterAnswers(once, [hasIt], 22_000)).toMatchObject({ streak: 4, since: 20_000, heardAt: 22_000 });
  });

  it('begins again with an old value: another machine of the location has not learned yet', () => {
    const once = afterAnswers(none, [hasIt, hasIt, hasNot], 20_000);
    expect(once).toMatchObject({ streak: 0, since: null, heardAt: 20_000 });
    expect(afterAnswers(none, [hasNot, hasIt], 20_000)).toMatchObject({ streak: 1, since: 20_000 });
  });

  it('is neither ended nor lengthened by an answer of anybody else', () => {
    const once = afterAnswers(none, [hasIt], 20_000);
    const error = saying(503, 'The request could not be satisfied');
    expect(afterAnswers(once, [error, unknownAnswer('no network')], 22_000)).toEqual({
      ...once,
      last: 'no network',
    });
  });
});
