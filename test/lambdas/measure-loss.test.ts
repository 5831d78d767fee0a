import type { Config } from '../../core/config/schema.ts';
import type { DataReport } from '../../core/data/report.ts';
import { makeMeasureLoss } from '../../lambdas/measure-loss/measure-loss.ts';
import { beatAt, lagOf, MemoryReports, MemoryStore, reportAt, shipping, storeAt } from './data-helpers.ts';
import { brokenRun, config, configWith, lease, problemsOf, problemsOfBrokenRun, run } from './fixture.ts';
import { callOf, MemoryLedger, MemoryLog, unavailable, VirtualClock } from './helpers.ts';
import { workflowStates } from './workflow-states.ts';

/*
 * Goal: whoever decides a failover knows what it would lose: as it is, as it was last known, or that nobody knows.
 */

const states = workflowStates as unknown as Record<string, Record<string, unknown>>;
/** Down since 09:57:00; the shield went up at 10:00:10. */
const outage = {
  run,
  confirmation: states['failedOver']!['confirmation'],
  shield: states['failedOver']!['shield'],
};
const degraded = {
  run,
  confirmation: {
    value: { ...(outage.confirmation as { value: object }).value, verdict: 'degraded' },
  },
};

function bench(
  store: MemoryStore,
  options: { own?: Config; kept?: DataReport | Error | null; vouched?: boolean; lag?: number | Error } = {},
) {
  const clock = new VirtualClock();
  const ledger = new MemoryLedger();
  if (options.vouched === true) {
    const vouch = {
      execution: run.execution,
      by: 'mina',
      reason: 'I see it',
      at: '2026-03-02T10:00:00.000Z',
    };
    ledger.renewLease = async () => ({ vouch });
  }
  const log = new MemoryLog();
  const step = makeMeasureLoss({
    config: options.own ?? shipping(),
    clock,
    log,
    ledger,
    reports: new MemoryReports(options.kept ?? null),
    stores: () => store,
    lag: lagOf(options.lag ?? new Error('nobody asks the probe')),
  });
  const ask = (state: object = outage, about: object = run) =>
    step({ run: about, lease, state }, callOf(clock, 45));
  const call = callOf(clock, 45);
  return { ask, log, ledger, step: (input: object) => step(input, call) };
}

const shipped = (wholeUntil: string) =>
  new MemoryStore(storeAt(beatAt('2026-03-02T09:59:58.000Z', wholeUntil)));

describe('measure-loss', () => {
  it('counts from the recovery point to the start of the outage while the primary is down', async () => {
    expect(await bench(shipped('2026-03-02T09:56:48.000Z')).ask()).toEqual({
      point: '2026-03-02T09:56:48.000Z',
      lossSeconds: 12,
      detail: null,
      refused: false,
      measuredAt: '2026-03-02T10:00:00.000Z',
      asks: false,
      sentence: 'A failover now would lose 12 s of writes (recovery point 09:56:48 UTC).',
    });
  });

  it('loses nothing where the shipper saw the primary later than that', async () => {
    expect(await bench(shipped('2026-03-02T09:59:50.000Z')).ask()).toMatchObject({
      lossSeconds: 0,
      asks: false,
    });
  });

  it('counts to now while the primary still serves most of its users', async () => {
    expect(await bench(shipped('2026-03-02T09:56:48.000Z')).ask(degraded)).toMatchObject({
      lossSeconds: 192,
    });
  });

  it('makes automation ask above the limit, and not at it', async () => {
    expect(await bench(shipped('2026-03-02T09:52:00.000Z')).ask()).toMatchObject({
      lossSeconds: 300,
      asks: false,
    });
    expect(await bench(shipped('2026-03-02T09:51:59.000Z')).ask()).toMatchObject({
      lossSeconds: 301,
      asks: true,
    });
  });

  it.each([
    ['a person has started it', {}, { ...run, trigger: 'manual' }],
    ['a person vouches meanwhile', { vouched: true }, run],
    ['it is a rehearsal on paper', {}, { ...run, dryRun: true }],
  ])('makes nobody ask where %s', async (_, options, about) => {
    const asked = await bench(shipped('2026-03-02T08:00:00.000Z'), options).ask(outage, about);
    expect(asked).toMatchObject({ lossSeconds: 7_020, asks: false });
  });

  it('makes automation ask where nobody knows', async () => {
    const nothing = new MemoryStore({
      ...storeAt(null),
      contents: { dumps: [], beat: null, parts: [], start: null },
    });
    expect(await bench(nothing).ask()).toMatchObject({
      point: null,
      lossSeconds: null,
      asks: true,
      sentence: 'Nobody knows what would be lost: no whole dump is in the store.',
    });
  });

  it('takes the newest figure of the ledger where the store does not answer, and says so', async () => {
    const at = bench(new MemoryStore(unavailable('Azure Storage')), {
      kept: reportAt('2026-03-02T09:59:10.000Z', '2026-03-02T09:56:30.000Z'),
    });
    expect(await at.ask()).toMatchObject({
      lossSeconds: 30,
      asks: false,
      sentence:
        'A failover now would lose 30 s of writes (recovery point 09:56:30 UTC): as of 09:59:10 UTC, the data cannot be ' +
        'measured now (Azure Storage failed: got HTTP 503. It is tried again.).',
    });
    expect(at.log.warnings).toHaveLength(1);
  });

  it.each([null, unavailable('DynamoDB GetItem')])(
    'knows nothing where the ledger has %s either',
    async (kept) => {
      const at = bench(new MemoryStore(unavailable('Azure Storage')), { kept });
      expect(await at.ask()).toMatchObject({ point: null, asks: true });
    },
  );

  it('waits no longer than 15 s for a store that hangs', async () => {
    const store = shipped('2026-03-02T09:56:48.000Z');
    store.look = () => new Promise(() => undefined);
    const kept = reportAt('2026-03-02T09:59:10.000Z', '2026-03-02T09:56:30.000Z');
    expect(await bench(store, { kept }).ask()).toMatchObject({
      lossSeconds: 30,
      sentence: expect.stringContaining('(no answer within 15 s)') as unknown,
    });
  });

  it('takes the word of a site that replicates by its own means, and never asks about it', async () => {
    const own = configWith((shop) => {
      Object.assign(shop, { data: { mode: 'none', probe: { url: 'https://lag.example.org/' } } });
    });
    const store = new MemoryStore();
    expect(await bench(store, { own, lag: 200 }).ask(degraded)).toMatchObject({
      lossSeconds: 200,
      asks: false,
    });
    expect(await bench(store, { own: config }).ask(degraded)).toMatchObject({
      point: null,
      asks: false,
      sentence:
        'Nobody knows what would be lost: no probe is configured for its own replication (data.probe).',
    });
  });

  it('refuses a run whose shape is wrong', async () => {
    const { ask } = bench(new MemoryStore());
    expect(await problemsOf(() => ask(outage, brokenRun), {})).toEqual(problemsOfBrokenRun);
  });
});

describe('measure-loss: a planned move', () => {
  const planned = { ...run, trigger: 'manual', planned: true };
  const ask = (store: MemoryStore, more: object = {}) => {
    const at = bench(store);
    return at.step({ run: planned, lease, state: { run: planned }, move: 'planned', ...more });
  };

  it('promises that nothing is lost, and for how long the page is up', async () => {
    expect(await ask(shipped('2026-03-02T09:59:50.000Z'))).toMatchObject({
      asks: false,
      refused: false,
      planned: { pageSeconds: 62, barrier: null },
      sentence: 'No acknowledged write is lost. Users see the maintenance page for about 62 s.',
    });
  });

  it('refuses it where the store is older than was promised', async () => {
    expect(await ask(shipped('2026-03-02T09:50:00.000Z'))).toMatchObject({
      asks: false,
      refused: true,
      sentence:
        'Nobody is moved by plan now: the data in the store are 10 min old (recovery point 09:50:00 UTC), expected at most 300 s (data.maxLossSeconds).',
    });
  });

  it('asks as any failover once it has become one: nobody was shown what it loses', async () => {
    const old = shipped('2026-03-02T09:50:00.000Z');
    const became = { move: 'failover', state: { ...outage, run: planned } };
    expect(await ask(old, became)).toMatchObject({ asks: true, refused: false });
    const byPerson = { run: { ...planned, planned: false }, ...became };
    expect(await ask(old, byPerson)).toMatchObject({ asks: false });
  });
});
