import type { Config } from '../../core/config/schema.ts';
import { makeMeasureData } from '../../lambdas/measure-data/measure-data.ts';
import { beatAt, lagOf, MemoryReports, MemoryStore, shipping, storeAt } from './data-helpers.ts';
import { config, configWith } from './fixture.ts';
import { callOf, MemoryLog, MemoryMetrics, unavailable, VirtualClock } from './helpers.ts';

/*
 * Goal: every minute it is known how new the data are that a failover could start from; what is wrong is counted, and what is
 * wrong with one workload hides nothing of the others.
 */

const proof = {
  at: '2026-03-02T04:00:00.000Z',
  dump: '20260302T030000Z',
  good: true,
  tables: 7,
  rows: 4_000,
  seconds: 90,
  detail: '',
};

function bench(
  store: MemoryStore | ((id: string) => MemoryStore),
  own: Config = shipping(),
  lag: number | Error = 0,
) {
  const clock = new VirtualClock();
  const log = new MemoryLog();
  const metrics = new MemoryMetrics();
  const reports = new MemoryReports();
  const stores = typeof store === 'function' ? store : () => store;
  const step = makeMeasureData({ config: own, clock, log, metrics, reports, stores, lag: lagOf(lag) });
  return { measure: (seconds = 55) => step({}, callOf(clock, seconds)), log, metrics, reports };
}

const well = () =>
  new MemoryStore(storeAt(beatAt('2026-03-02T09:59:58.000Z', '2026-03-02T09:59:48.000Z', { proof })));

describe('measure-data', () => {
  it('keeps the report and tells the age of the recovery point', async () => {
    const at = bench(well());
    expect(await at.measure()).toEqual({ measured: 1 });
    expect(at.metrics.levels).toEqual([['RecoveryPointSeconds', 12, { workload: 'shop' }]]);
    expect(at.metrics.figures).toEqual([]);
    expect(at.reports.written).toEqual([
      [
        'shop',
        expect.objectContaining({
          measuredAt: '2026-03-02T10:00:00.000Z',
          point: { at: '2026-03-02T09:59:48.000Z', dump: '20260302T030000Z', from: 'log', backlogBytes: 900 },
          proof,
        }),
      ],
    ]);
  });

  it.each([
    [
      'a point that is too old',
      storeAt(beatAt('2026-03-02T09:59:58.000Z', '2026-03-02T09:54:59.000Z', { proof })),
      ['RecoveryPointTooOld'],
    ],
    [
      'a dump that failed',
      storeAt(
        beatAt('2026-03-02T09:59:58.000Z', '2026-03-02T09:59:48.000Z', {
          proof,
          dumpFault: { at: '2026-03-02T03:01:00.000Z', detail: 'two tables differ by case' },
        }),
      ),
      ['DumpFailed'],
    ],
    [
      'no proof',
      storeAt(beatAt('2026-03-02T09:59:58.000Z', '2026-03-02T09:59:48.000Z')),
      ['RestoreUnproven'],
    ],
    [
      'a bad proof',
      storeAt(
        beatAt('2026-03-02T09:59:58.000Z', '2026-03-02T09:59:48.000Z', { proof: { ...proof, good: false } }),
      ),
      ['RestoreUnproven'],
    ],
    [
      'a proof of 37 hours',
      storeAt(
        beatAt('2026-03-02T09:59:58.000Z', '2026-03-02T09:59:48.000Z', {
          proof: { ...proof, at: '2026-02-28T21:00:00.000Z' },
        }),
      ),
      ['RestoreUnproven'],
    ],
    [
      'an empty store',
      { ...storeAt(null), contents: { dumps: [], beat: null, parts: [], start: null } },
      ['RecoveryPointUnknown', 'RestoreUnproven'],
    ],
    ['a store that does not answer', unavailable('Azure Storage'), ['RecoveryPointUnknown']],
  ])('counts %s', async (_, look, names) => {
    const at = bench(new MemoryStore(look));
    await at.measure();
    expect(at.metrics.figures).toEqual(names.map((name) => [name, 1]));
  });

  it('keeps what was known where the store does not answer', async () => {
    const at = bench(new MemoryStore(unavailable('Azure Storage')));
    await at.measure();
    expect(at.reports.written).toEqual([]);
  });

  it('gives up a store that hangs', async () => {
    const store = well();
    store.look = () => new Promise(() => undefined);
    const at = bench(store);
    expect(await at.measure()).toEqual({ measured: 1 });
    expect(at.metrics.figures).toEqual([['RecoveryPointUnknown', 1]]);
  });

  it('asks a site that replicates by its own means, and misses no dump and no proof there', async () => {
    const own = configWith((shop) => {
      Object.assign(shop, { data: { mode: 'none', probe: { url: 'https://lag.example.org/' } } });
    });
    const at = bench(well(), own, 4);
    await at.measure();
    expect(at.metrics.levels).toEqual([['RecoveryPointSeconds', 4, { workload: 'shop' }]]);
    expect(at.metrics.figures).toEqual([]);
    const silent = bench(well(), own, unavailable('GET lag.example.org'));
    await silent.measure();
    expect(silent.metrics.figures).toEqual([['RecoveryPointUnknown', 1]]);
  });

  it('measures nothing where there is nothing to know', async () => {
    const at = bench(well(), config);
    expect(await at.measure()).toEqual({ measured: 0 });
  });

  it('misses no proof where dumps are all that was promised and their maker says nothing', async () => {
    const at = bench(new MemoryStore(storeAt(null)), shipping({ mode: 'dump' }));
    await at.measure();
    expect(at.metrics.figures).toEqual([]);
    expect(at.reports.written[0]?.[1]).toMatchObject({ detail: null, point: { from: 'dump' } });
  });

  describe('of a fleet', () => {
    const fleet = (size: number): Config => {
      const own = shipping();
      const { shop } = own.workloads;
      const workloads = Object.fromEntries(Array.from({ length: size }, (_, index) => [`s${index}`, shop]));
      return { ...own, workloads } as Config;
    };

    it('measures all side by side, and counts how many are wrong', async () => {
      const bad = new MemoryStore(unavailable('Azure Storage'));
      const at = bench((id) => (id === 's3' ? bad : well()), fleet(60));
      expect(await at.measure()).toEqual({ measured: 60 });
      expect(at.metrics.levels).toHaveLength(59);
      expect(at.metrics.figures).toEqual([['RecoveryPointUnknown', 1]]);
    });

    it('begins nothing that the platform would cut off', async () => {
      const at = bench(() => well(), fleet(3));
      expect(await at.measure(20)).toEqual({ measured: 0 });
      expect(at.log.warnings[0]?.message).toBe('not all workloads were measured');
    });
  });
});
