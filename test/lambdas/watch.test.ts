import type { BrakeItem, LeaseItem } from '../../core/ledger/lease.ts';
import type { Starter } from '../../core/ports.ts';
import { makeWatch } from '../../lambdas/watch/watch.ts';
import { config, START } from './fixture.ts';
import {
  bad,
  callOf,
  goodFrom,
  MemoryAnnouncer,
  MemoryLog,
  MemoryMemories,
  MemoryMetrics,
  MemoryProber,
  unavailable,
  VirtualClock,
  type Sight,
} from './helpers.ts';

/*
 * Goal: a site that is down and has no run is asked about, once an incident; nothing else ever starts a run, and what is
 * wrong with one look never ends the watch. Method: whole minutes of the watch, over a site that dies at some second.
 */

const FREE: LeaseItem = {
  holder: null,
  expiresAt: 0,
  epoch: 3,
  cooldownUntil: 0,
  disarmed: false,
  moves: [],
  vouch: null,
};

function bench(sight: Sight, standing: { lease?: LeaseItem | null; brake?: BrakeItem | null } = {}) {
  const clock = new VirtualClock();
  const memories = new MemoryMemories();
  const prober = new MemoryProber(clock, sight);
  const announcer = new MemoryAnnouncer();
  const metrics = new MemoryMetrics();
  const log = new MemoryLog();
  const asked: [string, unknown][] = [];
  const starter: Starter = {
    start: async (name, input) => {
      asked.push([name, input]);
      return true;
    },
  };
  let now = standing;
  const step = makeWatch({
    ...{ config, clock, log, metrics, prober, memories, announcer, starter },
    standing: async () => ({ lease: now.lease ?? null, brake: now.brake ?? null }),
  });
  /** Calls of the schedule, one a minute. */
  const minutes = async (count: number): Promise<void> => {
    for (let minute = 0; minute < count; minute += 1) {
      const began = clock.now();
      await step({}, callOf(clock, 75));
      await clock.sleep(began + 60_000 - clock.now());
    }
  };
  const become = (next: typeof standing): void => {
    now = next;
  };
  return { step, clock, memories, prober, announcer, metrics, log, asked, minutes, become };
}

/** Good until a second, bad from then on. */
const diesAt =
  (second: number): Sight =>
  (_, __, now) =>
    now < second ? goodFrom('primary') : bad;

describe('watch: a minute', () => {
  it('looks six times from every place, at the primary and at the site', async () => {
    const at = bench(() => goodFrom('primary'));
    await at.minutes(1);
    expect(at.prober.asked).toHaveLength(6 * 2 * 2);
    expect(new Set(at.prober.asked.map(({ target }) => target.url))).toEqual(
      new Set(['https://alb.shop.example.com/owners', 'https://shop.example.com/owners']),
    );
    expect(at.memories.memory?.health.rounds.map((round) => (round.at - START) / 1000)).toEqual([
      0, 10, 20, 30, 40, 50,
    ]);
  });

  it('writes every third round while all is well, and every round once something fails', async () => {
    const at = bench(diesAt(180));
    await at.minutes(3);
    const quiet = at.memories.version;
    await at.minutes(1);
    expect(quiet).toBe(9);
    expect(at.memories.version - quiet).toBeGreaterThanOrEqual(6);
  });

  it('begins no round that it has no time for', async () => {
    const at = bench(() => goodFrom('primary'));
    expect(await at.step({}, callOf(at.clock, 25))).toEqual({ rounds: 3 });
  });

  it('goes on where a look fails, and counts it', async () => {
    const at = bench(() => goodFrom('primary'));
    at.memories.read = () => Promise.reject(unavailable('DynamoDB GetItem'));
    expect(await at.step({}, callOf(at.clock, 75))).toEqual({ rounds: 6 });
    expect(at.metrics.figures.filter(([name]) => name === 'LookFailed')).toHaveLength(6);
    expect(at.asked).toEqual([]);
  });
});

describe('watch: asking for a run', () => {
  it('asks once where the primary is down, with a name for the incident and figures', async () => {
    const at = bench(diesAt(180), { lease: FREE });
    await at.minutes(5);
    expect(at.asked).toEqual([
      [
        'watch-shop-20260302T100300Z-down-1',
        {
          watch: 'down',
          workload: 'shop',
          reason:
            'the primary is down since 2026-03-02T10:03:00.000Z: 100 % of the looks at it fail, 100 % of those through the edge',
        },
      ],
    ]);
  });

  it('asks twenty seconds after the first bad look', async () => {
    const at = bench(diesAt(180), { lease: FREE });
    const asked: number[] = [];
    const step = makeWatch({
      ...{ config, clock: at.clock, log: at.log, metrics: at.metrics, prober: at.prober },
      ...{ memories: at.memories, announcer: at.announcer },
      starter: {
        start: async () => {
          asked.push((at.clock.now() - START) / 1000);
          return true;
        },
      },
      standing: async () => ({ lease: FREE, brake: null }),
    });
    for (let minute = 0; minute < 4; minute += 1) {
      await step({}, callOf(at.clock, 75));
      await at.clock.sleep(10_000);
    }
    expect(asked).toEqual([200]);
  });

  it('never asks on an ordinary day, nor for a lost look', async () => {
    const at = bench((_, __, second) => (second === 190 ? bad : goodFrom('primary')), { lease: FREE });
    await at.minutes(6);
    expect(at.asked).toEqual([]);
  });

  it('never asks before it has learned what good looks like', async () => {
    const at = bench(() => bad, { lease: FREE });
    await at.minutes(6);
    expect(at.asked).toEqual([]);
  });

  it('asks as soon as the brake is off again', async () => {
    const at = bench(diesAt(180), {
      lease: FREE,
      brake: { on: true, owner: 'on call', reason: 'migration' },
    });
    await at.minutes(6);
    expect(at.asked).toEqual([]);
    at.become({ lease: FREE, brake: null });
    await at.minutes(1);
    expect(at.asked.map(([name]) => name)).toEqual(['watch-shop-20260302T100300Z-down-1']);
  });

  it.each([
    ['a run holds the lease', { ...FREE, holder: 'run-1', expiresAt: START + 3_600_000 }],
    ['a failover was not acknowledged', { ...FREE, disarmed: true }],
    ['the cooldown goes on', { ...FREE, cooldownUntil: START + 3_600_000 }],
  ])('does not ask while %s', async (_, lease) => {
    const at = bench(diesAt(180), { lease });
    await at.minutes(6);
    expect(at.asked).toEqual([]);
  });

  it('asks again after five minutes, where the first run changed nothing', async () => {
    const at = bench(diesAt(180), { lease: FREE });
    await at.minutes(10);
    expect(at.asked.map(([name]) => name)).toEqual([
      'watch-shop-20260302T100300Z-down-1',
      'watch-shop-20260302T100300Z-down-2',
    ]);
  });
});

describe('watch: telling people', () => {
  it('says that the look was never good, once', async () => {
    const at = bench((_, { about }) => (about === 'primary' ? bad : goodFrom('primary')));
    await at.minutes(13);
    expect(at.announcer.messages.map(({ subject }) => subject)).toEqual([
      '[Pilotlight] Shop: the watch cannot see the primary',
    ]);
  });

  it('says that a degraded primary is well again, once', async () => {
    const at = bench(() => goodFrom('primary'));
    await at.minutes(3);
    at.memories.memory = { ...at.memories.memory!, told: { at: START, percent: 30 } };
    await at.minutes(2);
    expect(at.announcer.messages.map(({ subject, outcome }) => [subject, outcome])).toEqual([
      ['[Pilotlight] Shop: well again', 'Watch'],
    ]);
    expect(at.memories.memory.told).not.toBeUndefined();
  });
});
