import fc from 'fast-check';
import {
  failingPercent,
  isDown,
  isLearned,
  mostFail,
  nextHealth,
  noMemory,
  streakOf,
  wasCleanlyGone,
} from '../../../core/watch/health.ts';
import { at, DEAD, live, POLICY, roundAt, START } from './history.ts';

/*
 * Goal: down is what most looks say from enough places for long enough; degraded is what some say for a while; well is a
 * stretch without a bad one; and a primary that comes and goes must prove more each time.
 * Method: looks every ten seconds, told as stretches; what is expected are the moments at which the health changes.
 */

/** The places of a round of which, over time, about so many tenths fail: spread evenly, at the door and for users. */
const failing =
  (tenths: number) =>
  (round: number): string =>
    ['a', 'b', 'c']
      .filter((_, place) => (round * 3 + place * 7) % 10 < tenths)
      .map((place) => place + place.toUpperCase())
      .join('');

describe('a primary', () => {
  it.each([
    ['is well as long as nothing fails', [[600, '']], ['well@0']],
    ['is down twenty seconds after it dies', [[60, DEAD]], ['well@0', 'down@20']],
    [
      'is not down for one lost round',
      [
        [10, DEAD],
        [120, ''],
      ],
      ['well@0'],
    ],
    ['is not down where one place of three sees it bad', [[300, 'aA']], ['well@0']],
    ['is not down where only the way through the edge is bad', [[300, 'ABC']], ['well@0']],
    ['is not degraded where only its own door is bad for some', [[300, failing(0)]], ['well@0']],
    [
      'is degraded after a minute in which three requests of ten fail',
      [[300, failing(3)]],
      ['well@0', 'degraded@60'],
    ],
    [
      'is not degraded by a lost look now and then',
      [[600, (round: number) => (round % 9 === 0 ? 'a' : '')]],
      ['well@0'],
    ],
    [
      'is well again after a minute without a bad look, and not before',
      [
        [200, DEAD],
        [100, ''],
      ],
      ['well@0', 'down@20', 'degraded@200', 'well@260'],
    ],
    [
      'begins that minute anew with one bad look',
      [
        [200, DEAD],
        [50, ''],
        [10, 'a'],
        [90, ''],
      ],
      ['well@0', 'down@20', 'degraded@200', 'well@320'],
    ],
    [
      'goes from degraded to down when the rest of it dies',
      [
        [600, failing(3)],
        [60, DEAD],
      ],
      ['well@0', 'degraded@60', 'down@610'],
    ],
  ] as const)('%s', (_, stretches, healths) => {
    expect(live(stretches).healths).toEqual(healths);
  });

  it('that fails half of the requests is down within two minutes', () => {
    const { healths } = live([[120, failing(5)]]);
    expect(healths.some((health) => health.startsWith('down'))).toBe(true);
  });

  it('that fails a third of the requests is never down, wherever the failures fall', () => {
    const third = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(third, (draws) => {
        // One look of three each round, at a place that chance chooses.
        const bad = (round: number): string =>
          'abc'[(draws[round] ?? 0) % 3]! + 'ABC'[(draws[round] ?? 0) % 3]!;
        expect(live([[600, bad]]).healths.filter((health) => health.startsWith('down'))).toEqual([]);
      }),
    );
  });
});

describe('a primary that comes and goes', () => {
  it('one minute gone and two there is never down after the first time', () => {
    const cycles = Array.from(
      { length: 6 },
      () =>
        [
          [60, DEAD],
          [120, ''],
        ] as const,
    ).flat();
    const { healths, memory } = live(cycles);
    expect(healths.filter((health) => health.startsWith('down'))).toEqual(['down@20']);
    expect(memory.health).toBe('degraded');
    expect(memory.spells).toHaveLength(6);
  });

  it('must be gone for longer the second time, and is down all the same when it stays away', () => {
    const { healths } = live([
      [60, DEAD],
      [120, ''],
      [400, DEAD],
    ]);
    // Four times twenty seconds, from the first bad look of the second time on.
    expect(healths.at(-1)).toBe('down@260');
  });

  it('is well again only after twice as long', () => {
    const { memory, now } = live([
      [60, DEAD],
      [120, ''],
      [60, DEAD],
      [20, ''],
    ]);
    expect(streakOf(memory, { policy: POLICY, unrest: 0, now })).toMatchObject({ needed: 120, unrest: 1 });
  });

  it('is not held against itself while it comes back the first time', () => {
    const { memory, now } = live([
      [200, DEAD],
      [40, ''],
    ]);
    expect(streakOf(memory, { policy: POLICY, unrest: 0, now })).toEqual({
      seconds: 30,
      needed: 60,
      seenGood: true,
      unrest: 0,
    });
  });

  it('is forgiven after an hour', () => {
    const { memory } = live([
      [60, DEAD],
      [3_700, ''],
    ]);
    expect(memory.spells).toEqual([]);
  });

  it('is harder to move while moves of the last hours count', () => {
    const restless = live([[60, DEAD]], { unrest: 1 });
    expect(restless.healths).toEqual(['well@0']);
    expect(live([[100, DEAD]], { unrest: 1 }).healths.at(-1)).toBe('down@80');
  });
});

describe('a look', () => {
  it('that was never good is no evidence, however often it is bad', () => {
    let memory = noMemory(START);
    for (let seconds = 0; seconds < 1200; seconds += 10) {
      memory = nextHealth(memory, roundAt(seconds, DEAD), { policy: POLICY, unrest: 0 });
    }
    expect(memory).toMatchObject({ health: 'well', lastBadAt: null });
    expect(isLearned(memory, 'primary', at(1200))).toBe(false);
  });

  it('is believed once it has been good for two minutes', () => {
    let memory = noMemory(START);
    const add = (seconds: number, bad: string): void => {
      memory = nextHealth(memory, roundAt(seconds, bad), { policy: POLICY, unrest: 0 });
    };
    add(0, '');
    add(110, 'a');
    expect(memory.lastBadAt).toBeNull();
    add(120, 'a');
    expect(memory.lastBadAt).toBe(at(120));
  });

  it('that comes after a gap begins the streak anew', () => {
    const { memory, now } = live([
      [200, DEAD],
      [30, ''],
    ]);
    const later = nextHealth(memory, { ...roundAt(0), at: now + 50_000 }, { policy: POLICY, unrest: 0 });
    expect(streakOf(later, { policy: POLICY, unrest: 0, now: now + 50_000 }).seconds).toBe(0);
    const soon = nextHealth(memory, { ...roundAt(0), at: now + 40_000 }, { policy: POLICY, unrest: 0 });
    expect(streakOf(soon, { policy: POLICY, unrest: 0, now: now + 40_000 }).seconds).toBe(60);
  });

  it('that was late does not turn time back', () => {
    const { memory, now } = live([[60, '']]);
    const late = nextHealth(memory, { ...roundAt(0), at: now - 5_000 }, { policy: POLICY, unrest: 0 });
    expect(late.rounds.at(-1)?.at).toBe(now);
  });
});

describe('a moment', () => {
  it('in which the newest look is good is no reason to move anybody, whatever the window says', () => {
    const { memory, now } = live([
      [60, DEAD],
      [10, ''],
    ]);
    expect(mostFail(memory, POLICY, now)).toBe(true);
    expect(isDown(memory, { policy: POLICY, unrest: 0, now })).toBe(false);
  });
});

describe('a primary that came back', () => {
  /** From the first bad look to the last one. */
  it.each([
    [40, true],
    [90, true],
    [100, false],
    [140, false],
    [150, true],
    [290, true],
  ])('was cleanly gone where it was altogether away for a moment or for good: %d s, %s', (seconds, clean) => {
    const { memory } = live([
      [seconds + 10, DEAD],
      [10, ''],
    ]);
    expect(wasCleanlyGone(memory)).toBe(clean);
  });

  it('was not where it limped', () => {
    expect(
      wasCleanlyGone(
        live([
          [300, failing(7)],
          [10, ''],
        ]).memory,
      ),
    ).toBe(false);
  });
});

describe('the figures', () => {
  it('count time and not looks, so that a run that looks more often does not weigh more', () => {
    let { memory } = live([[50, DEAD]]);
    for (let seconds = 50; seconds < 100; seconds += 2) {
      memory = nextHealth(memory, roundAt(seconds), { policy: POLICY, unrest: 0 });
    }
    expect(failingPercent(memory)).toEqual({ primary: 50, edge: 50 });
  });
});
