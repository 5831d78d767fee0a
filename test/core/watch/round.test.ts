import {
  countLooks,
  percentOfTime,
  placesIn,
  roundOf,
  type PlaceAnswers,
} from '../../../core/watch/round.ts';
import type { ProbeAnswer } from '../../../core/watch/probe.ts';
import { at, DEAD, roundAt } from './history.ts';

const good: ProbeAnswer = { observation: 'good', status: 200, origin: 'primary', detail: 'answered 200' };
const bad: ProbeAnswer = { observation: 'bad', status: 502, origin: null, detail: 'answered 502' };
const silent: ProbeAnswer = { observation: 'bad', status: null, origin: null, detail: 'no answer' };
const blind: ProbeAnswer = { observation: 'unknown', status: null, origin: null, detail: 'no network' };
const page: ProbeAnswer = { observation: 'bad', status: 503, origin: 'maintenance', detail: 'answered 503' };

const answers = (...told: readonly (readonly [ProbeAnswer, ProbeAnswer])[]): PlaceAnswers[] =>
  told.map(([primary, edge], place) => ({ place: 'abc'[place]!, primary, edge }));

describe('a round', () => {
  it('is what each place saw of the primary and of the site', () => {
    expect(roundOf(at(0), answers([good, good], [bad, bad]))).toEqual({
      at: at(0),
      primary: { a: true, b: false },
      edge: { a: true, b: false },
      elsewhere: {},
    });
  });

  it('leaves out a place that saw nothing', () => {
    expect(roundOf(at(0), answers([good, good], [blind, blind]))).toMatchObject({
      primary: { a: true },
      edge: { a: true },
    });
  });

  it('leaves out a place that cannot even reach CloudFront while others can: it is cut off itself', () => {
    expect(roundOf(at(0), answers([bad, bad], [silent, silent]))).toMatchObject({
      primary: { a: false },
      edge: { a: false },
    });
  });

  it('believes them where no place reaches CloudFront', () => {
    expect(roundOf(at(0), answers([bad, silent], [silent, silent]))).toMatchObject({
      primary: { a: false, b: false },
      edge: { a: false, b: false },
    });
  });

  it('takes what another origin answers for no evidence about the primary', () => {
    const standby: ProbeAnswer = { ...good, origin: 'standby' };
    expect(roundOf(at(0), answers([bad, page], [bad, standby]))).toEqual({
      at: at(0),
      primary: { a: false, b: false },
      edge: {},
      elsewhere: { a: 'maintenance', b: 'standby' },
    });
  });
});

describe('looks', () => {
  const rounds = [roundAt(0), roundAt(10, DEAD), roundAt(20, 'aA')];

  it('are counted for all places or for one', () => {
    expect(countLooks(rounds, 'primary')).toEqual({ bad: 4, all: 9 });
    expect(countLooks(rounds, 'edge', 'a')).toEqual({ bad: 2, all: 3 });
    expect(countLooks(rounds, 'edge', 'nowhere')).toEqual({ bad: 0, all: 0 });
    expect(placesIn(rounds, 'primary')).toEqual(['a', 'b', 'c']);
  });

  it('weigh by their time', () => {
    expect(percentOfTime([roundAt(0, DEAD), roundAt(10), roundAt(12), roundAt(14)], 'primary')).toBe(50);
    expect(percentOfTime([], 'primary')).toBe(0);
  });
});
