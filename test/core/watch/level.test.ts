import {
  afterAsking,
  currentIncident,
  holdsDespiteMoves,
  incidentOf,
  reasonOf,
  runNameOf,
  whyNot,
  wishOf,
} from '../../../core/watch/level.ts';
import { afterTelling, isNews, newMemory, type WatchMemory } from '../../../core/watch/memory.ts';
import type { LeaseItem } from '../../../core/ledger/lease.ts';
import { at, DEAD, live, POLICY, START, type Stretch } from './history.ts';

const third = (round: number): string => ['aA', 'bB', 'cC'][round % 3]!;
const levelOf = (stretches: readonly Stretch[], change: Partial<WatchMemory> = {}) => {
  const { memory: health, now } = live(stretches);
  return { memory: { ...newMemory('x', START), health, ...change }, policy: POLICY, now };
};
const lease = (change: Partial<LeaseItem> = {}): LeaseItem => ({
  holder: null,
  expiresAt: 0,
  epoch: 3,
  cooldownUntil: 0,
  disarmed: false,
  moves: [],
  vouch: null,
  ...change,
});

describe('the wish for a run', () => {
  it('is there while the primary is down, and names the beginning', () => {
    expect(wishOf(levelOf([[60, DEAD]]))).toEqual({ wish: 'down', from: at(0) });
  });

  it('is there while it is degraded and people do not know', () => {
    const level = levelOf([[300, third]]);
    expect(wishOf(level)).toEqual({ wish: 'degraded', from: at(0) });
    const told = afterTelling(level.memory, level.now);
    expect(wishOf({ ...level, memory: told })).toBeNull();
  });

  it('is not there on an ordinary day, nor for a blip', () => {
    expect(wishOf(levelOf([[600, '']]))).toBeNull();
    expect(
      wishOf(
        levelOf([
          [10, DEAD],
          [30, ''],
        ]),
      ),
    ).toBeNull();
  });

  it('is there where users are behind a page that nobody takes away, and not before the primary is well', () => {
    const behind = (level: ReturnType<typeof levelOf>) => {
      const rounds = level.memory.health.rounds.map((round) => ({
        ...round,
        edge: {},
        elsewhere: { a: 'maintenance', b: 'maintenance' } as const,
      }));
      return { ...level, memory: { ...level.memory, health: { ...level.memory.health, rounds } } };
    };
    expect(
      wishOf(
        behind(
          levelOf([
            [200, DEAD],
            [70, ''],
          ]),
        ),
      ),
    ).toEqual({ wish: 'shielded', from: at(200) });
    expect(
      wishOf(
        behind(
          levelOf([
            [200, DEAD],
            [40, ''],
          ]),
        ),
      ),
    ).toBeNull();
  });

  it('is not there where the standby serves users already', () => {
    const level = levelOf([[60, DEAD]]);
    const rounds = level.memory.health.rounds.map((round) => ({
      ...round,
      elsewhere: { a: 'standby' } as const,
    }));
    expect(
      wishOf({ ...level, memory: { ...level.memory, health: { ...level.memory.health, rounds } } }),
    ).toBeNull();
  });
});

describe('whether automation may act', () => {
  it.each([
    ['nothing is known of the workload', null, null, null],
    ['the lease is free', lease(), null, null],
    ['the lease has run out', lease({ holder: 'run-1', expiresAt: at(0) }), null, null],
    ['another run holds it', lease({ holder: 'run-1', expiresAt: at(1) }), null, 'held'],
    ['the brake is on', lease(), { on: true, owner: 'x', reason: 'y' }, 'brake'],
    ['the brake is off again', lease(), { on: false, owner: 'x', reason: 'y' }, null],
    ['a failover was not acknowledged', lease({ disarmed: true }), null, 'disarmed'],
    ['the cooldown goes on', lease({ cooldownUntil: at(1) }), null, 'cooldown'],
    ['the cooldown has ended', lease({ cooldownUntil: at(0) }), null, null],
  ] as const)('where %s', (_, item, brake, reason) => {
    expect(whyNot({ lease: item, brake }, at(0))).toBe(reason);
  });

  it('depends on the moves of the last hours, for a primary that is down', () => {
    const level = levelOf([[60, DEAD]]);
    expect(holdsDespiteMoves(level, 'down', lease())).toBe(true);
    expect(holdsDespiteMoves(level, 'down', lease({ moves: [at(-3600)] }))).toBe(false);
    expect(holdsDespiteMoves(level, 'down', lease({ moves: [at(-7 * 3600)] }))).toBe(true);
    expect(holdsDespiteMoves(level, 'shielded', lease({ moves: [at(-3600)] }))).toBe(true);
  });

  it('and comes to a needed move all the same', () => {
    expect(holdsDespiteMoves(levelOf([[100, DEAD]]), 'down', lease({ moves: [at(-3600)] }))).toBe(true);
  });
});

describe('an incident', () => {
  const wanted = { wish: 'down', from: at(0) } as const;

  it('gives its run a name, so that asking twice starts once', () => {
    const first = incidentOf(null, wanted, at(30))!;
    expect(runNameOf('petclinic', first)).toBe('watch-petclinic-20260301T030000Z-down-1');
    expect(incidentOf(first, wanted, at(40))).toBeNull();
  });

  it('is asked about again, more and more rarely', () => {
    const first = incidentOf(null, wanted, at(0))!;
    const second = incidentOf(first, wanted, first.nextAt)!;
    const third = incidentOf(second, wanted, second.nextAt)!;
    expect([first, second, third].map(({ asked, nextAt }) => [asked, (nextAt - START) / 60_000])).toEqual([
      [1, 5],
      [2, 15],
      [3, 35],
    ]);
    expect(runNameOf('petclinic', second)).toBe('watch-petclinic-20260301T030000Z-down-2');
  });

  it('is another one where it began at another time, or is of another kind', () => {
    const first = incidentOf(null, wanted, at(0))!;
    expect(incidentOf(first, { wish: 'down', from: at(5) }, at(10))).toMatchObject({ asked: 1 });
    expect(incidentOf(first, { wish: 'degraded', from: at(0) }, at(10))).toMatchObject({ asked: 1 });
  });
});

describe('news of a degraded primary', () => {
  const { memory, now } = levelOf([[300, third]]);
  const told = afterTelling(memory, now);

  it('is told once', () => {
    expect(isNews(memory, now)).toBe(true);
    expect(isNews(told, now + 60_000)).toBe(false);
  });

  it('is told again after six hours, or when it is much worse', () => {
    expect(isNews(told, now + 6 * 3_600_000)).toBe(true);
    expect(isNews({ ...told, told: { at: now, percent: 12 } }, now)).toBe(true);
  });
});

describe('the incident of this moment', () => {
  it('is the outage that goes on, though it may be too young to be believed', () => {
    const young = levelOf([[20, DEAD]]);
    expect(wishOf(young)).toBeNull();
    expect(currentIncident(young)).toEqual({ wish: 'down', from: at(0), asked: 1, nextAt: at(310) });
  });

  it('is the one that the watch has asked about, by the number of its question', () => {
    const incident = { wish: 'down', from: at(0), asked: 3, nextAt: at(9_999) } as const;
    expect(currentIncident(levelOf([[60, DEAD]], { incident }))).toEqual(incident);
  });

  it.each([
    ['began at another moment', { wish: 'down', from: at(-600) }],
    ['was of another kind', { wish: 'degraded', from: at(0) }],
  ] as const)('is not one that %s', (_, old) => {
    const incident = { ...old, asked: 3, nextAt: at(9_999) };
    expect(currentIncident(levelOf([[60, DEAD]], { incident }))).toMatchObject({
      ...{ wish: 'down', from: at(0), asked: 1 },
    });
  });

  it.each<[string, readonly Stretch[]]>([
    ['is well', [[300, '']]],
    ['loses one look', [[10, DEAD]]],
    ['limps', [[300, third]]],
    [
      'came back',
      [
        [60, DEAD],
        [60, ''],
      ],
    ],
  ])('is none where the primary %s', (_, stretches) => {
    expect(currentIncident(levelOf(stretches))).toBeNull();
  });

  it('is none where users are on the standby: the primary is nobody’s', () => {
    const level = levelOf([[60, DEAD]]);
    const elsewhere = (origin: 'standby' | 'maintenance') => {
      const rounds = level.memory.health.rounds.map((round) => ({ ...round, elsewhere: { a: origin } }));
      return { ...level, memory: { ...level.memory, health: { ...level.memory.health, rounds } } };
    };
    expect(currentIncident(elsewhere('standby'))).toBeNull();
    expect(currentIncident(elsewhere('maintenance'))).toMatchObject({ wish: 'down' });
  });
});

describe('an incident after its run was asked for', () => {
  const incident = { wish: 'down', from: at(0), asked: 1, nextAt: at(300) } as const;

  it('waits where the run was started', () => {
    expect(afterAsking(incident, true, at(20))).toEqual(incident);
  });

  it('is asked about at the next look where a run of that name was there already', () => {
    const again = afterAsking(incident, false, at(20));
    expect(again).toEqual({ ...incident, nextAt: at(30) });
    expect(incidentOf(again, incident, at(29))).toBeNull();
    expect(incidentOf(again, incident, at(30))).toMatchObject({ asked: 2 });
  });
});

describe('the reason of a run', () => {
  it.each([
    [
      'down',
      'the primary is down since 2026-03-01T03:00:00.000Z: 100 % of the looks at it fail, 100 % of those through the edge',
    ],
    [
      'degraded',
      'the primary is degraded since 2026-03-01T03:00:00.000Z: 100 % of the looks at it fail, 100 % of those through the edge',
    ],
    [
      'shielded',
      'users see the maintenance page, nobody acts, and the primary is good since 2026-03-01T03:00:00.000Z',
    ],
  ] as const)('that is %s is told with figures', (wish, words) => {
    const { memory } = levelOf([[60, DEAD]]);
    expect(reasonOf({ wish, from: at(0), asked: 1, nextAt: at(300) }, memory)).toBe(words);
  });
});
