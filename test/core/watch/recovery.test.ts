import { decideRecovery } from '../../../core/watch/verdict.ts';
import { DEAD, live, POLICY, type Stretch } from './history.ts';

/* Goal: users go home to a primary that is well, and on trial only to one that was cleanly gone. */

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

  it('is tried where the primary was gone for a moment, as a restart is', () => {
    expect(
      after([
        [90, DEAD],
        [20, ''],
      ]),
    ).toMatchObject({ trial: true, recovered: false });
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
      'it was gone for too long for a restart, and not for good',
      [
        [110, DEAD],
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

  it.each<[string, readonly Stretch[], boolean]>([
    ['all looks of twice an outage fail', [[300, DEAD]], true],
    ['four looks of five in that time fail', [[40, DEAD]], true],
    ['three looks of five in that time fail', [[30, DEAD]], false],
    ['half of the looks fail, for long', [[300, (round) => (round % 2 === 0 ? '' : DEAD)]], false],
    [
      'it was gone and is good',
      [
        [300, DEAD],
        [30, ''],
      ],
      false,
    ],
  ])('says that the primary is down where nearly all looks fail: %s', (_, stretches, down) => {
    expect(after(stretches).down).toBe(down);
  });
});
