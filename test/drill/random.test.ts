import { SeededRandom } from '../../drill/random.ts';

const draws = (random: SeededRandom, count: number): number[] =>
  Array.from({ length: count }, () => random.next());

describe('SeededRandom', () => {
  it('draws the same numbers from the same seed, and they are known', () => {
    expect(draws(new SeededRandom(1), 3)).toEqual(draws(new SeededRandom(1), 3));
    expect(draws(new SeededRandom(1), 3).map((value) => value.toFixed(6))).toEqual([
      '0.627074',
      '0.002736',
      '0.527447',
    ]);
  });

  it('draws others from another seed', () => {
    expect(draws(new SeededRandom(2), 3)).not.toEqual(draws(new SeededRandom(1), 3));
  });

  it.each([0, 1, 0xffff_ffff])('draws evenly from [0, 1) with seed %d', (seed) => {
    const values = draws(new SeededRandom(seed), 10_000);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    const tenths = new Array<number>(10).fill(0);
    for (const value of values) tenths[Math.floor(value * 10)]! += 1;
    // 1000 are expected in each; 5 standard deviations are 150.
    expect(Math.min(...tenths)).toBeGreaterThan(850);
    expect(Math.max(...tenths)).toBeLessThan(1150);
  });

  it('forks streams that depend on the seed and the label', () => {
    const stream = (seed: number, label: string): number[] => draws(new SeededRandom(seed).fork(label), 4);
    expect(stream(1, 'users')).toEqual(stream(1, 'users'));
    expect(stream(1, 'users')).not.toEqual(stream(1, 'azure'));
    expect(stream(1, 'users')).not.toEqual(stream(2, 'users'));
  });

  it('forks the same stream whatever was drawn before, so that one more draw moves nothing else', () => {
    const random = new SeededRandom(5);
    draws(random, 100);
    expect(draws(random.fork('edge'), 4)).toEqual(draws(new SeededRandom(5).fork('edge'), 4));
  });

  it('draws from a fork without a trace in its parent', () => {
    const parent = new SeededRandom(5);
    draws(parent.fork('edge'), 100);
    expect(draws(parent, 4)).toEqual(draws(new SeededRandom(5), 4));
  });

  it('draws between two bounds, the upper one left out', () => {
    const random = new SeededRandom(3);
    const values = Array.from({ length: 1000 }, () => random.between(3, 32));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(3);
    expect(Math.min(...values)).toBeLessThan(4);
    expect(Math.max(...values)).toBeLessThan(32);
    expect(Math.max(...values)).toBeGreaterThan(31);
  });

  it('picks every item, and nothing from an empty list', () => {
    const random = new SeededRandom(3);
    const picked = new Set(Array.from({ length: 100 }, () => random.pick(['a', 'b', 'c'])));
    expect([...picked].sort()).toEqual(['a', 'b', 'c']);
    expect(() => random.pick([])).toThrow('nothing to pick from: the list is empty');
  });
});
