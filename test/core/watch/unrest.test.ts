import {
  cooldownMinutes,
  describeUnrest,
  outageSeconds,
  recentMoves,
  recoverySeconds,
  unrestOf,
} from '../../../core/watch/unrest.ts';

const HOUR = 3_600_000;

describe('unrest', () => {
  it('is the larger of moves and spells', () => {
    expect(unrestOf({ moves: 0, spells: 0 })).toBe(0);
    expect(unrestOf({ moves: 2, spells: 1 })).toBe(2);
    expect(unrestOf({ moves: 1, spells: 3 })).toBe(3);
  });

  it.each([
    [0, 60, 20, 60],
    [1, 120, 80, 120],
    [2, 240, 320, 240],
    [3, 480, 600, 240],
    [9, 900, 600, 240],
  ])(
    'of %i makes coming back take %i s, an outage %i s and the cooldown %i min',
    (unrest, well, down, rest) => {
      expect(recoverySeconds(60, unrest)).toBe(well);
      expect(outageSeconds(20, unrest)).toBe(down);
      expect(cooldownMinutes(60, unrest)).toBe(rest);
    },
  );

  it('never makes anything easier than the policy has it', () => {
    expect(recoverySeconds(900, 5)).toBe(900);
    expect(outageSeconds(300, 5)).toBe(600);
    expect(cooldownMinutes(1440, 5)).toBe(1440);
  });

  it('forgets moves after six hours', () => {
    expect(recentMoves([0, HOUR, 5 * HOUR], 6 * HOUR)).toEqual([HOUR, 5 * HOUR]);
    expect(recentMoves([0], 6 * HOUR - 1)).toEqual([0]);
  });

  it('is told in words, with what it leads to', () => {
    const policy = { recoverySeconds: 60, outageSeconds: 20 };
    expect(describeUnrest({ moves: 0, spells: 0 }, policy)).toBeNull();
    expect(describeUnrest({ moves: 1, spells: 2 }, policy)).toBe(
      'The primary is restless: users were moved away once in the last 6 h, it failed and came back 2 times in ' +
        'the last hour. So it counts as down only after 320 s, and as well only after 240 s without a bad answer.',
    );
  });
});
