import type { Config } from '../../core/config/schema.ts';
import type { LeaseItem } from '../../core/ledger/lease.ts';
import type { BeaconStore } from '../../core/ports.ts';
import { newSpreadHistory, type SpreadHistory } from '../../core/route/spread.ts';
import { judgeProbe, type ProbeAnswer } from '../../core/watch/probe.ts';
import { makeMeasureSpread } from '../../lambdas/measure-spread/measure-spread.ts';
import { configWith, problemsOf, START } from './fixture.ts';
import {
  blind,
  callOf,
  MemoryLog,
  MemoryMetrics,
  MemoryProber,
  MemorySpreads,
  unavailable,
  VirtualClock,
  type Sight,
} from './helpers.ts';

/*
 * Goal: what is kept is how long each place needed for the beacon, never shorter than it was, and no measurement is in the way of a run.
 */

const STORE = 'arn:aws:cloudfront::111122223333:key-value-store/a1b2c3d4-5678-4abc-8def-1234567890ab';
/** Nothing fixes the settle time; two places make a measurement whole. */
const config = configWith((shop) => {
  const limits: Partial<typeof shop.limits> = { ...shop.limits };
  delete limits.shieldSettleSeconds;
  Object.assign(shop, { limits: { ...limits, convergeSeconds: 240 } });
  shop.policy.confirm.quorum.places = 2;
});
/** A turn of the first workload. */
const event = { time: '2026-03-02T08:00:00Z' };

const saying =
  (value: string): Sight =>
  (_place, target) => {
    const status = value === 'none' ? 404 : 200;
    return judgeProbe(target, { status, originHeader: null, body: `pilotlight beacon: ${value}` });
  };
/** What each place gets to hear: the new beacon from that second on, an old one before. */
const learning =
  (seconds: Readonly<Record<string, number>>): Sight =>
  (place, target, second) =>
    saying(second < (seconds[place] ?? Infinity) ? 'of yesterday' : '2026-03-02T10:00:00.000Z')(
      place,
      target,
      second,
    );

function bench(sight: Sight, own: Config = config) {
  const clock = new VirtualClock();
  const written: (readonly [string, string | null])[] = [];
  const beacons: BeaconStore = {
    write: async (_, value, known) => {
      written.push([value, known]);
      return 'E2';
    },
  };
  const at = {
    clock,
    log: new MemoryLog(),
    metrics: new MemoryMetrics(),
    prober: new MemoryProber(clock, sight),
    spreads: new MemorySpreads(),
    lease: null as LeaseItem | null,
    written,
    beacons,
  };
  const standing = async () => ({ lease: at.lease });
  const run = async (input: unknown = event, limitSeconds = 240): Promise<unknown> =>
    makeMeasureSpread({ config: own, standing, ...at, beacons: at.beacons })(
      input,
      callOf(clock, limitSeconds),
    );
  return { ...at, at, run };
}

const held: LeaseItem = {
  holder: 'run-0',
  expiresAt: START + 60_000,
  epoch: 7,
  cooldownUntil: 0,
  disarmed: false,
  moves: [],
  vouch: null,
};

describe('a beacon', () => {
  it('is written once, and each place is measured by the first answer of its whole streak', async () => {
    const { run, written, spreads } = bench(learning({ tokyo: 6, dublin: 20 }));
    expect(await run()).toEqual({ measured: 1, slow: [] });
    expect(written).toEqual([['2026-03-02T10:00:00.000Z', null]]);
    expect(spreads.history).toEqual({
      schemaVersion: 1,
      store: STORE,
      version: 'E2',
      begunAt: '2026-03-02T10:00:00.000Z',
      days: [{ day: '2026-03-02', measurements: 1, worstSeconds: 20, place: 'dublin' }],
      last: {
        at: '2026-03-02T10:00:00.000Z',
        places: [
          { place: 'tokyo', seconds: 6 },
          { place: 'dublin', seconds: 20 },
        ],
        leftOut: [],
      },
      trouble: null,
    });
  });

  it('is asked for over fresh connections, three at once, until each place had nine answers in a row', async () => {
    const { run, prober } = bench(learning({ tokyo: 0, dublin: 0 }));
    await run();
    expect(new Set(prober.reused)).toEqual(new Set([false]));
    // One look whether the path is answered at all, then three rounds of three.
    expect(prober.asked.filter(({ place }) => place === 'dublin')).toHaveLength(10);
    expect(prober.asked.at(-1)?.target.url).toBe('https://shop.example.com/__pilotlight/beacon');
  });

  it('counts from the last machine of a place that learned', async () => {
    let answers = 0;
    const { run, spreads } = bench((place, target, second) => {
      answers += place === 'tokyo' ? 1 : 0;
      // The fifth answer in Tokyo comes from a machine that does not know it yet: in second 2.
      const isLate = place === 'tokyo' && answers === 6;
      return learning({ tokyo: isLate ? 99 : 0, dublin: 0 })(place, target, second);
    });
    await run();
    expect(spreads.history?.last?.places).toContainEqual({ place: 'tokyo', seconds: 2 });
  });

  it('is written under the version that the last one left, which saves a call', async () => {
    const { run, written, spreads } = bench(learning({ tokyo: 0, dublin: 0 }));
    spreads.history = { ...newSpreadHistory(STORE), version: 'E1' };
    await run();
    expect(written).toEqual([['2026-03-02T10:00:00.000Z', 'E1']]);
  });

  it('of another store has no past', async () => {
    const { run, written, spreads } = bench(learning({ tokyo: 0, dublin: 0 }));
    const days = [{ day: '2026-03-01', measurements: 6, worstSeconds: 99, place: 'tokyo' }];
    spreads.history = { ...newSpreadHistory('another store'), version: 'E1', days };
    await run();
    expect(written).toEqual([['2026-03-02T10:00:00.000Z', null]]);
    expect(spreads.history.days).toEqual([
      { day: '2026-03-02', measurements: 1, worstSeconds: 0, place: 'tokyo' },
    ]);
  });
});

describe('a place that', () => {
  it('does not learn of it within the limit counts as the limit', async () => {
    const { run, spreads } = bench(learning({ tokyo: 6 }));
    await run();
    expect(spreads.history?.last?.places).toEqual([
      { place: 'tokyo', seconds: 6 },
      { place: 'dublin', seconds: 180 },
    ]);
  });

  it('cannot be asked is left out and told, and the measurement does not count', async () => {
    const { run, spreads, prober } = bench((place, target, second) =>
      place === 'dublin' ? blind : learning({ tokyo: 6 })(place, target, second),
    );
    expect(await run()).toEqual({ measured: 1, slow: [] });
    expect(spreads.history).toMatchObject({
      days: [{ measurements: 0, worstSeconds: 6, place: 'tokyo' }],
      last: null,
      trouble: { what: 'asked from too few places; left out: dublin (no network)' },
    });
    expect(prober.asked.filter(({ place }) => place === 'dublin')).toHaveLength(1);
  });

  it('falls silent meanwhile is waited for half a minute, then left out', async () => {
    const { run, spreads, clock } = bench((place, target, second) =>
      place === 'dublin' && second > 0 ? blind : learning({ tokyo: 6 })(place, target, second),
    );
    await run();
    expect(spreads.history?.trouble?.what).toBe(
      'asked from too few places; left out: dublin (it could not be asked any more: no network)',
    );
    expect(clock.now()).toBe(START + 30_000);
  });

  it('is answered by an error of its edge location is neither fast nor slow', async () => {
    const error: ProbeAnswer = { ...blind, observation: 'bad', status: 503, detail: 'answered 503' };
    const { run, spreads } = bench((place, target, second) =>
      place === 'dublin' && second > 0 && second < 20
        ? error
        : learning({ tokyo: 6, dublin: 10 })(place, target, second),
    );
    await run();
    // From its answers alone it is late, never early.
    expect(spreads.history?.last?.places).toContainEqual({ place: 'dublin', seconds: 20 });
  });
});

describe('nothing is written to the store', () => {
  it.each([
    ['while a run holds the lease', held, 0],
    ['once its lease is over: it is', { ...held, expiresAt: START }, 1],
    ['by nobody who holds it: it is', { ...held, holder: null }, 1],
  ])('%s', async (_case, lease, times) => {
    const { at, run, written } = bench(learning({ tokyo: 0, dublin: 0 }));
    at.lease = lease;
    await run();
    expect(written).toHaveLength(times);
  });

  it('where the lease cannot be read', async () => {
    const { at, written } = bench(learning({ tokyo: 0, dublin: 0 }));
    const step = makeMeasureSpread({
      ...at,
      config,
      standing: () => Promise.reject(unavailable('DynamoDB GetItem')),
    });
    expect(await step(event, callOf(at.clock, 240))).toEqual({ measured: 0, slow: [] });
    expect(written).toEqual([]);
    expect(at.log.warnings.map(({ message }) => message)).toEqual([
      'the spread of changes could not be measured',
    ]);
  });

  it.each([
    [
      'sends the path to the site',
      { ...blind, observation: 'bad', status: 200, detail: 'answered 200 without it' },
    ],
    ['answers nobody', blind],
  ] as [string, ProbeAnswer][])('where the edge %s, and people are told why', async (_case, answer) => {
    const { run, written, spreads } = bench(() => answer);
    expect(await run()).toEqual({ measured: 0, slow: [] });
    expect(written).toEqual([]);
    expect(spreads.history).toMatchObject({ begunAt: null, days: [], last: null });
    expect(spreads.history?.trouble?.what).toBe(
      `the edge answers no place on the path of the beacon: tokyo: ${answer.detail}; dublin: ${answer.detail}`,
    );
  });

  it('while another measurement is under way, or begins at the same moment', async () => {
    const first = bench(learning({ tokyo: 0, dublin: 0 }));
    first.spreads.history = { ...newSpreadHistory(STORE), begunAt: '2026-03-02T09:53:00.000Z' };
    await first.run();
    const second = bench(learning({ tokyo: 0, dublin: 0 }));
    second.spreads.beforeWrite = () => (second.spreads.version += 1);
    await second.run();
    expect([first.written, second.written]).toEqual([[], []]);
  });

  it('in a turn that is not its own, or with too little time left', async () => {
    const { run, written } = bench(learning({ tokyo: 0, dublin: 0 }));
    await run({ time: '2026-03-02T08:10:00Z' });
    await run(event, 219);
    expect(written).toEqual([]);
  });

  it('to the distribution of a workload without a store', async () => {
    const plain = configWith((shop) => {
      const edge = { distributionId: 'E2EXAMPLE1SHOP', strategy: 'distribution' };
      const originIds = { primary: 'a', standby: 'b', maintenance: 'c' };
      Object.assign(shop, { edge: { ...edge, originIds } });
      Object.assign(shop.limits, { convergeSeconds: 600, leaseSeconds: 900 });
    });
    const { run, prober, written } = bench(learning({}), plain);
    expect(await run()).toEqual({ measured: 0, slow: [] });
    expect([prober.asked, written]).toEqual([[], []]);
  });
});

describe('somebody else who writes at the same moment', () => {
  it('is left alone, and nothing is measured until next time', async () => {
    const { at, run, spreads } = bench(learning({ tokyo: 0, dublin: 0 }));
    at.beacons = { write: () => Promise.resolve(null) };
    expect(await run()).toEqual({ measured: 0, slow: [] });
    expect(spreads.history).toMatchObject({ days: [], version: null });
  });
});

describe('a slow edge', () => {
  const fixed = configWith(() => undefined);

  it('is counted where a shield would have been trusted too early', async () => {
    const { run, metrics, log } = bench(learning({ tokyo: 6, dublin: 22 }), fixed);
    expect(await run()).toEqual({ measured: 1, slow: ['shop'] });
    expect(metrics.figures).toEqual([['SpreadSlow', 1]]);
    expect(log.warnings.map(({ message }) => message)).toEqual([
      'a change took longer to a place than the shield settles',
    ]);
  });

  it('is not counted where the shield settles as long', async () => {
    const { run, metrics } = bench(learning({ tokyo: 6, dublin: 20 }), fixed);
    expect(await run()).toEqual({ measured: 1, slow: [] });
    expect(metrics.figures).toEqual([]);
  });

  it('is judged by the time that held when the beacon was written, not by what it taught', async () => {
    const history: SpreadHistory = {
      ...newSpreadHistory(STORE),
      days: [{ day: '2026-03-01', measurements: 400, worstSeconds: 33, place: 'tokyo' }],
      last: { at: '2026-03-02T06:00:00.000Z', places: [], leftOut: [] },
    };
    const slow = bench(learning({ tokyo: 6, dublin: 72 }));
    slow.spreads.history = history;
    expect(await slow.run()).toEqual({ measured: 1, slow: ['shop'] });
    const quick = bench(learning({ tokyo: 6, dublin: 70 }));
    quick.spreads.history = history;
    expect(await quick.run()).toEqual({ measured: 1, slow: [] });
  });
});

describe('an event that is none', () => {
  it('is refused with what is wrong with it', async () => {
    const { at } = bench(learning({}));
    const step = makeMeasureSpread({ ...at, config, standing: () => Promise.resolve({ lease: null }) });
    expect(await problemsOf(step, { time: 'noon' })).toEqual([
      'time: got "noon", expected a valid ISO datetime',
    ]);
  });
});
