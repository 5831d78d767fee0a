import { didYouMean, nearest } from '../../core/nearest.ts';

const names = ['us-west-1', 'us-west-2', 'eu-central-1', 'status'];

describe('the nearest names', () => {
  it.each([
    ['us-west-9', ['us-west-1', 'us-west-2']],
    ['us-wset-2', ['us-west-2']],
    ['eu-centrl-1', ['eu-central-1']],
    ['EU-CENTRAL-1', ['eu-central-1']],
    ['sttus', ['status']],
    ['statuses', ['status']],
    // A third of the letters are others.
    ['xyatus', []],
    ['x', []],
    ['', []],
    ['s'.repeat(100_000), []],
  ])('of "%.20s" are %j', (word, near) => {
    expect(nearest(word, names)).toEqual(near);
  });

  it('are three at most', () => {
    expect(nearest('name-x', ['name-1', 'name-2', 'name-3', 'name-4'])).toEqual([
      'name-1',
      'name-2',
      'name-3',
    ]);
  });

  it('are asked for in words', () => {
    expect(didYouMean('us-west-9', names)).toBe('; did you mean "us-west-1" or "us-west-2"?');
    expect(didYouMean('sttus', names)).toBe('; did you mean "status"?');
    expect(didYouMean('moon', names)).toBe('');
    expect(didYouMean(7, names)).toBe('');
  });
});
