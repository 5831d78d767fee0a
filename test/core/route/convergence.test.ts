import {
  addAnswer,
  describeProgress,
  hasConverged,
  noProgress,
  type PlaceProgress,
} from '../../../core/route/convergence.ts';
import type { ProbeAnswer } from '../../../core/watch/probe.ts';

const answer = (change: Partial<ProbeAnswer> = {}): ProbeAnswer => ({
  observation: 'good',
  status: 200,
  origin: 'standby',
  detail: 'answered 200',
  ...change,
});

/** What a place has seen after these answers, one a second. */
const after = (answers: readonly ProbeAnswer[]): PlaceProgress =>
  answers.reduce(
    (progress, one, index) => addAnswer(progress, one, { origin: 'standby', at: 1000 * (index + 1) }),
    noProgress('ap-northeast-1'),
  );

const good = answer();

describe('the progress of a place', () => {
  it('begins with nothing', () => {
    expect(noProgress('ap-northeast-1')).toEqual({
      place: 'ap-northeast-1',
      streak: 0,
      answers: 0,
      silences: 0,
      isSilent: false,
      badInARow: 0,
      firstGoodAt: null,
      streakSince: null,
      last: 'not asked yet',
    });
  });

  it('counts good answers in a row, and keeps when they began', () => {
    expect(after([good, good, good])).toMatchObject({ streak: 3, firstGoodAt: 1000, streakSince: 1000 });
  });

  it.each([
    ['another origin answers, however well', answer({ origin: 'primary' })],
    ['nobody says who answered', answer({ origin: null })],
    ['the answer is bad', answer({ observation: 'bad', status: 502, detail: 'answered 502, expected 200' })],
    ['the place cannot look', answer({ observation: 'unknown', status: null, origin: null })],
  ])('begins again where %s', (_case, other) => {
    expect(after([good, good, other])).toMatchObject({ streak: 0, firstGoodAt: 1000, streakSince: null });
    expect(after([good, other, good])).toMatchObject({ streak: 1, firstGoodAt: 1000, streakSince: 3000 });
  });

  it('counts answers of any kind, but not silence', () => {
    const bad = answer({ observation: 'bad', status: 502 });
    const silent = answer({ observation: 'unknown', status: null, origin: null });
    expect(after([good, bad, answer({ origin: 'primary' })]).answers).toBe(3);
    expect(after([silent, silent]).answers).toBe(0);
    expect(after([good, silent]).answers).toBe(1);
  });

  it('counts bad answers in a row, but not those of an origin that users are leaving', () => {
    const bad = answer({ observation: 'bad', status: 502, origin: null });
    const page = answer({ observation: 'bad', status: 503, origin: 'maintenance' });
    expect(after([good, bad, bad]).badInARow).toBe(2);
    expect(after([good, bad, good]).badInARow).toBe(0);
    expect(after([good, page, page]).badInARow).toBe(0);
  });

  it('remembers the last answer in words', () => {
    expect(after([good]).last).toBe('answered 200 from standby');
    expect(after([answer({ origin: null })]).last).toBe('answered 200 from an unnamed origin');
  });
});

describe('convergence', () => {
  const place = (streak: number, streakSince = 0): PlaceProgress => ({
    ...noProgress('a'),
    ...{ streak, streakSince, answers: 7 },
  });
  const silent = noProgress('b');
  const fallen = (silences: number): PlaceProgress => ({ ...place(0), silences, isSilent: true });
  const back = (silences: number): PlaceProgress => ({ ...place(4), silences });

  it.each<[string, PlaceProgress[], number, boolean]>([
    ['every place has its streak', [place(5), place(6)], 1000, true],
    ['one place is short of it', [place(5), place(4)], 1000, false],
    [
      'a place that answers is short of it, among enough that are not',
      [place(5), place(5), place(4)],
      1000,
      false,
    ],
    ['one place is silent, and enough others are not', [place(5), place(5), silent], 1000, true],
    ['one place is silent again, for the third time', [place(5), place(5), fallen(3)], 1000, true],
    ['one place is silent again, for the second time', [place(5), place(5), fallen(2)], 1000, false],
    ['one place was silent, and is short of it now', [place(5), place(5), back(9)], 1000, false],
    ['too few places answer', [place(5), silent, silent], 1000, false],
    ['too few places answer still', [place(5), fallen(3), fallen(3)], 1000, false],
    ['no place answers', [silent, silent, silent], 1000, false],
    ['it is too soon to trust it', [place(5), place(5)], 999, false],
    ['nobody looked', [], 1000, false],
  ])('where %s', (_case, places, now, expected) => {
    expect(hasConverged(places, { streak: 5, sustainMs: 0, notBefore: 1000, now, placesMin: 2 })).toBe(
      expected,
    );
  });

  it('needs every streak to have lasted, where users must stay well', () => {
    const wanted = { streak: 5, sustainMs: 600, notBefore: 0, now: 1000, placesMin: 2 };
    expect(hasConverged([place(5, 400), place(9, 100)], wanted)).toBe(true);
    expect(hasConverged([place(5, 401), place(9, 100)], wanted)).toBe(false);
  });

  it('needs an answer even where no place is asked for', () => {
    const wanted = { streak: 5, sustainMs: 0, notBefore: 0, now: 1000, placesMin: 0 };
    expect(hasConverged([silent], wanted)).toBe(false);
    expect(hasConverged([place(5)], wanted)).toBe(true);
  });

  it('is described place by place', () => {
    expect(describeProgress([after([good]), noProgress('b')])).toBe(
      'ap-northeast-1: 1 in a row, last answered 200 from standby; b: 0 in a row, last not asked yet',
    );
  });
});
