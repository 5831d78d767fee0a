import { looksAtOnce, looksOfMinute } from '../../../core/watch/beat.ts';

/* Goal: each workload is looked at every ten seconds, and no moment has all the questions. */

const NOW = 1_772_445_600_000;
const ids = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `shop${n}`);
const secondsOf = (count: number): readonly number[] =>
  looksOfMinute(ids(count), NOW).map(({ dueAt }) => (dueAt - NOW) / 1000);

describe('the looks of a minute', () => {
  it('are six of each workload, ten seconds apart, from this moment on', () => {
    expect(looksOfMinute(['shop', 'vets'], NOW)).toEqual(
      [0, 10_000, 20_000, 30_000, 40_000, 50_000].map((after) => ({
        dueAt: NOW + after,
        workloads: ['shop', 'vets'],
      })),
    );
  });

  it('are none where nothing is watched', () => {
    expect(looksOfMinute([], NOW)).toEqual([]);
  });

  it.each([
    [25, [25]],
    [26, [25, 1]],
    [75, [25, 25, 25]],
  ])('take at most 25 workloads each: %d are %j', (count, sizes) => {
    const first = looksOfMinute(ids(count), NOW).slice(0, sizes.length);
    expect(first.map(({ workloads }) => workloads.length)).toEqual(sizes);
    expect(looksAtOnce(count)).toBe(sizes.length);
  });

  it('are spread over the ten seconds between two looks, to the whole second', () => {
    expect(secondsOf(26)).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55]);
    expect(secondsOf(75).slice(0, 4)).toEqual([0, 3, 6, 10]);
  });

  it('leave out nobody, and name nobody twice, however many there are', () => {
    const all = ids(500);
    const looks = looksOfMinute(all, NOW);
    expect(looks).toHaveLength(120);
    expect(looks.slice(0, 20).flatMap(({ workloads }) => workloads)).toEqual(all);
    const third = looks.filter(({ workloads }) => workloads.includes('shop499'));
    expect(third.map(({ dueAt }) => (dueAt - NOW) / 1000)).toEqual([9, 19, 29, 39, 49, 59]);
  });
});
