import type { Config } from '../../core/config/schema.ts';
import type { OriginId } from '../../core/route/route.ts';
import { makeVerifyRoute } from '../../lambdas/verify-route/verify-route.ts';
import type { Step } from '../../lambdas/runtime.ts';
import {
  brokenRun,
  config,
  configWith,
  lease,
  problemsOf,
  problemsOfBrokenRun,
  refusalOf,
  run,
  START,
} from './fixture.ts';
import {
  bad,
  blind,
  callOf,
  goodFrom,
  MemoryLedger,
  MemoryLog,
  MemoryRoutes,
  MemoryProber,
  VirtualClock,
  type Sight,
} from './helpers.ts';

/*
 * Goal: a move counts as done only when every place has had its whole streak of good answers from the wanted origin, and
 * for the shield not before edge locations that nobody probes can have learned of it too.
 */

interface Bench {
  readonly step: Step;
  readonly clock: VirtualClock;
  readonly ledger: MemoryLedger;
  readonly prober: MemoryProber;
}

function bench(sight: Sight, own: Config = config): Bench {
  const clock = new VirtualClock();
  const ledger = new MemoryLedger();
  const prober = new MemoryProber(clock, sight);
  const step = makeVerifyRoute({
    config: own,
    clock,
    log: new MemoryLog(),
    ledger,
    prober,
    routes: new MemoryRoutes(),
  });
  return { step, clock, ledger, prober };
}

const MOVED_AT = '2026-03-02T10:00:00.000Z';
const verify = async (at: Bench, origin: OriginId, movedAt = MOVED_AT): Promise<unknown> =>
  at.step({ run, lease, origin, movedAt }, callOf(at.clock, 840));

/** Sees the old origin until the second at which the place learns of the move. */
const learning =
  (seconds: Readonly<Record<string, number>>): Sight =>
  (place, _, second) =>
    goodFrom(second < (seconds[place] ?? Infinity) ? 'maintenance' : 'standby');

describe('verify-route: a move that spreads', () => {
  it('converges after one streak where everybody is served at once', async () => {
    const at = bench(() => goodFrom('standby'));
    expect(await verify(at, 'standby')).toEqual({
      converged: true,
      firstGoodAt: '2026-03-02T10:00:00.000Z',
      convergedAt: '2026-03-02T10:00:04.000Z',
      firstPlaceSeconds: 0,
      lastPlaceSeconds: 0,
      places: [
        { place: 'tokyo', seconds: 0 },
        { place: 'dublin', seconds: 0 },
      ],
    });
    expect(at.prober.asked).toHaveLength(6);
  });

  it('waits for the last place and measures each', async () => {
    const at = bench(learning({ tokyo: 6, dublin: 20 }));
    expect(await verify(at, 'standby')).toEqual({
      converged: true,
      firstGoodAt: '2026-03-02T10:00:06.000Z',
      convergedAt: '2026-03-02T10:00:24.000Z',
      firstPlaceSeconds: 6,
      lastPlaceSeconds: 20,
      places: [
        { place: 'tokyo', seconds: 6 },
        { place: 'dublin', seconds: 20 },
      ],
    });
  });

  it.each([
    ['a good answer from another origin', goodFrom('maintenance')],
    ['a bad answer', bad],
    ['silence', blind],
    ['a good answer that does not name its origin', { ...goodFrom('standby'), origin: null }],
  ])('begins the streak again after %s', async (_, interruption) => {
    // Tokyo is interrupted in second 4, when its third good answer would have been the last.
    const at = bench((place, __, second) =>
      place === 'tokyo' && second === 4 ? interruption : goodFrom('standby'),
    );
    expect(await verify(at, 'standby')).toMatchObject({
      firstGoodAt: '2026-03-02T10:00:00.000Z',
      convergedAt: '2026-03-02T10:00:10.000Z',
      places: [
        { place: 'tokyo', seconds: 6 },
        { place: 'dublin', seconds: 0 },
      ],
    });
  });

  it('counts seconds from the write of the route, not from its own beginning', async () => {
    const at = bench(() => goodFrom('standby'));
    expect(await verify(at, 'standby', '2026-03-02T09:59:50.000Z')).toMatchObject({
      firstPlaceSeconds: 10,
      lastPlaceSeconds: 10,
    });
  });

  it('asks for a page that needs the database, and knows it by its text', async () => {
    const at = bench(() => goodFrom('standby'));
    await verify(at, 'standby');
    expect(at.prober.asked[0]).toEqual({
      place: 'tokyo',
      target: {
        about: 'edge',
        url: 'https://shop.example.com/owners',
        status: 200,
        contains: 'Owners',
        timeoutMs: 3000,
      },
    });
  });
});

describe('verify-route: the shield', () => {
  it('knows the maintenance page by its text and its 503', async () => {
    const at = bench(() => goodFrom('maintenance'));
    await verify(at, 'maintenance');
    expect(at.prober.asked[0]?.target).toMatchObject({ status: 503, contains: 'back soon' });
  });

  it('counts as spread no sooner than its settle time after the write', async () => {
    const at = bench(() => goodFrom('maintenance'));
    expect(await verify(at, 'maintenance')).toMatchObject({
      convergedAt: '2026-03-02T10:00:20.000Z',
      lastPlaceSeconds: 0,
    });
  });

  it.each([
    ['shorter', 12, '2026-03-02T10:00:12.000Z'],
    ['longer', 34, '2026-03-02T10:00:34.000Z'],
  ])('settles as the run decided at its beginning, where that is %s', async (_case, seconds, convergedAt) => {
    const at = bench(() => goodFrom('maintenance'));
    const settling = { ...lease, settle: { seconds, why: `${seconds} s: measured` } };
    const input = { run, lease: settling, origin: 'maintenance', movedAt: MOVED_AT };
    expect(await at.step(input, callOf(at.clock, 840))).toMatchObject({ convergedAt });
  });

  it('lets no other move wait for the settle time of the shield', async () => {
    const at = bench(() => goodFrom('standby'));
    const settling = { ...lease, settle: { seconds: 34, why: '34 s: measured' } };
    const input = { run, lease: settling, origin: 'standby', movedAt: MOVED_AT };
    expect(await at.step(input, callOf(at.clock, 840))).toMatchObject({
      convergedAt: '2026-03-02T10:00:04.000Z',
    });
  });

  it('needs its streak all the same when the settle time is long over', async () => {
    const at = bench(() => goodFrom('maintenance'));
    expect(await verify(at, 'maintenance', '2026-03-02T09:50:00.000Z')).toMatchObject({
      convergedAt: '2026-03-02T10:00:04.000Z',
    });
  });
});

describe('verify-route: a move that does not spread', () => {
  it('names each place, its streak and what it saw last, at the time limit', async () => {
    const at = bench((place) => (place === 'tokyo' ? goodFrom('standby') : goodFrom('maintenance')));
    const error = await refusalOf(verify(at, 'standby'));
    expect(error.name).toBe('NotConverged');
    expect(error.message).toBe(
      'The edge does not serve standby everywhere: tokyo: 31 in a row, last answered 200 from standby; dublin: 0 in a ' +
        'row, last answered 200 from maintenance. The route was written at 2026-03-02T10:00:00.000Z. Look at the ' +
        'distribution and at the origin itself.',
    );
    expect(at.clock.now()).toBe(START + 60_000);
  });

  it('gives its reason before the platform stops it, in the middle of no round', async () => {
    const at = bench(() => bad);
    at.prober.latencyMs = 3000;
    const late = at.step({ run, lease, origin: 'standby', movedAt: MOVED_AT }, callOf(at.clock, 30));
    const error = await refusalOf(late);
    expect(error.message).toContain('dublin: 0 in a row, last answered 502 from an unnamed origin');
    // A round takes 5 s (a pause of 2 s, a probe of 3 s) and reporting another 5 s: at 23 s the next would end too late.
    expect(at.clock.now()).toBe(START + 23_000);
  });

  it('does not say that the edge serves anybody when there is nobody to ask', async () => {
    const clock = new VirtualClock();
    const nobody = {
      places: [],
      probe: () => Promise.reject(new Error('no place was to be asked')),
    };
    const deps = {
      config,
      clock,
      log: new MemoryLog(),
      ledger: new MemoryLedger(),
      prober: nobody,
      routes: new MemoryRoutes(),
    };
    const input = { run, lease, origin: 'standby', movedAt: MOVED_AT };
    expect((await refusalOf(makeVerifyRoute(deps)(input, callOf(clock)))).name).toBe('NotConverged');
  });
});

describe('verify-route: the lease', () => {
  it('is renewed at the beginning and then once a minute', async () => {
    const patient = configWith((shop) => {
      shop.limits.convergeSeconds = 300;
    });
    const at = bench(learning({ tokyo: 150, dublin: 150 }), patient);
    await verify(at, 'standby');
    expect(at.ledger.renewals).toEqual([1_772_446_000_000, 1_772_446_060_000, 1_772_446_120_000]);
  });

  it('ends the wait when it is lost meanwhile', async () => {
    const patient = configWith((shop) => {
      shop.limits.convergeSeconds = 300;
    });
    const at = bench(() => bad, patient);
    at.ledger.beforeRenewal = () => {
      if (at.clock.now() > START) at.ledger.holder = 'run-2';
    };
    expect((await refusalOf(verify(at, 'standby'))).name).toBe('LeaseLost');
    expect(at.clock.now()).toBe(START + 60_000);
  });
});

describe('verify-route: what is refused at the door', () => {
  it('names everything that is wrong with its input', async () => {
    const at = bench(() => goodFrom('standby'));
    expect(await problemsOf(at.step, { run: brokenRun, lease, origin: 'edge', movedAt: 'noon' })).toEqual([
      ...problemsOfBrokenRun,
      'origin: got "edge", expected one of "primary"|"standby"|"maintenance"',
      'movedAt: got "noon", expected a valid ISO datetime',
    ]);
    expect(at.prober.asked).toEqual([]);
  });
});
