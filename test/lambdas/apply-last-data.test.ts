import { applierSchema, type HandoverAnswer } from '../../core/data/handover.ts';
import { makeApplyLastData } from '../../lambdas/apply-last-data/apply-last-data.ts';
import { applierAt, DUMP, lagOf, MemoryStore, shipping } from './data-helpers.ts';
import {
  brokenRun,
  config,
  configWith,
  lease,
  problemsOf,
  problemsOfBrokenRun,
  refusalOf,
  run,
} from './fixture.ts';
import { callOf, MemoryLedger, MemoryLog, unavailable, VirtualClock } from './helpers.ts';
import { workflowStates } from './workflow-states.ts';

/*
 * Goal: users move to a standby only when everything that was acknowledged and shipped is in its database, and where that
 * cannot be, people hear what its own side says.
 */

const states = workflowStates as unknown as Record<string, Record<string, unknown>>;
/** Down since 09:57:00, nobody was asked. */
const state = { ...states['failedOver'], outcome: undefined, verified: undefined, switched: undefined };
const stateOf = (decision: string) => ({
  ...state,
  prepared: { ...(state as unknown as { prepared: object }).prepared, approval: { decision } },
});
const open = (more: Partial<Extract<HandoverAnswer, { outcome: 'open' }>> = {}): HandoverAnswer => ({
  schemaVersion: 1,
  outcome: 'open',
  at: '2026-03-02T10:00:31.000Z',
  dump: DUMP,
  appliedUntil: '2026-03-02T09:56:50.000Z',
  lastTransactionAt: '2026-03-02T09:56:49.000Z',
  transactions: 17,
  seconds: 31,
  ...more,
});
const failed: HandoverAnswer = {
  schemaVersion: 1,
  outcome: 'failed',
  at: '2026-03-02T10:00:31.000Z',
  dump: DUMP,
  appliedUntil: '2026-03-02T09:40:00.000Z',
  lastTransactionAt: null,
  transactions: 3,
  code: 'replay-failed',
  detail: 'table shop.orders does not exist.',
};

function bench(store: MemoryStore, own = shipping(), lag = lagOf(new Error('nobody asks the probe'))) {
  const clock = new VirtualClock();
  const ledger = new MemoryLedger();
  const log = new MemoryLog();
  const step = makeApplyLastData({ config: own, clock, log, ledger, stores: () => store, lag });
  const apply = (more: object = {}, seconds = 840) =>
    step({ run, lease, state, ...more }, callOf(clock, seconds));
  return { apply, clock, ledger, log };
}

describe('apply-last-data', () => {
  it('asks once, waits until the database is open, and says what is missing', async () => {
    const store = new MemoryStore();
    store.answers = [null, null, open()];
    const at = bench(store);
    expect(await at.apply()).toEqual({
      applied: true,
      whole: false,
      appliedUntil: '2026-03-02T09:56:50.000Z',
      lostSeconds: 10,
      transactions: 17,
      seconds: 31,
      at: '2026-03-02T10:00:31.000Z',
    });
    expect(store.requests).toEqual([
      {
        schemaVersion: 1,
        correlationId: 'run-1',
        execution: 'run-1',
        askedAt: '2026-03-02T10:00:00.000Z',
      },
    ]);
  });

  it('keeps the lease for as long as it waits', async () => {
    const store = new MemoryStore();
    store.answers = [...Array.from({ length: 65 }, () => null), open()];
    const at = bench(store);
    await at.apply();
    expect(at.ledger.renewals).toHaveLength(3);
  });

  it('goes on waiting for the request of an earlier attempt, and for the rest of its time alone', async () => {
    const store = new MemoryStore();
    store.kept = {
      schemaVersion: 1,
      correlationId: 'run-1',
      execution: 'run-1',
      askedAt: '2026-03-02T09:51:00.000Z',
    };
    store.now = applierAt('2026-03-02T10:00:58.000Z', { appliedUntil: '2026-03-02T09:30:00.000Z' });
    const at = bench(store);
    const refusal = await refusalOf(at.apply());
    expect(refusal.name).toBe('LastDataNotApplied');
    // 600 s after 09:51.
    expect(new Date(at.clock.now()).toISOString()).toBe('2026-03-02T10:01:00.000Z');
  });

  it('tells what the standby’s side said last where it does not answer in time', async () => {
    const store = new MemoryStore();
    store.now = applierSchema.parse(
      applierAt('2026-03-02T10:00:58.000Z', {
        appliedUntil: '2026-03-02T09:30:00.000Z',
        fault: { code: 'disk-full', detail: 'no space left' },
      }),
    );
    const { message } = await refusalOf(bench(store, shipping({ handoverSeconds: 60 })).apply());
    expect(message).toBe(
      'The last data were not applied within 60 s (data.handoverSeconds): the standby’s side is replaying the log that was ' +
        `there when it had loaded the dump (dump ${DUMP}; applied until 09:30:00 UTC; 1.2 MB of log left; last heard of ` +
        '10:00:58 UTC; disk-full: no space left). Look at the mover on the standby (docs/runbook.md, "LastDataNotApplied"), ' +
        'then start the failover again by hand: pilotlight failover shop --reason ...',
    );
  });

  it.each([
    [null, 'the standby’s side was never heard of'],
    [unavailable('Azure Storage'), 'what the standby’s side says could not be read'],
  ])('tells it where that is %s', async (now, words) => {
    const store = new MemoryStore();
    store.now = now;
    expect((await refusalOf(bench(store).apply())).message).toContain(words);
  });

  it('stops where the standby’s side could not do it, with its words', async () => {
    const store = new MemoryStore();
    store.answers = [failed];
    const refusal = await refusalOf(bench(store).apply());
    expect(refusal.name).toBe('LastDataNotApplied');
    expect(refusal.message).toContain(
      'not applied: the standby’s side says replay-failed: table shop.orders does not exist (applied until 09:40:00 UTC). Look at',
    );
  });

  it('asks a store that does not answer again, and gives up on one that refuses', async () => {
    const store = new MemoryStore();
    store.answers = [unavailable('Azure Storage'), unavailable('Azure Storage'), open()];
    const at = bench(store);
    expect(await at.apply()).toMatchObject({ applied: true });
    expect(at.log.warnings).toHaveLength(2);
    store.answers = [new Error('refused')];
    expect((await refusalOf(bench(store).apply())).message).toBe('refused');
  });

  it('refuses more loss than was promised to nobody’s question', async () => {
    const store = new MemoryStore();
    store.answers = [open({ appliedUntil: '2026-03-02T09:51:00.000Z' })];
    const refusal = await refusalOf(bench(store).apply());
    expect(refusal.name).toBe('LossAboveLimit');
    expect(refusal.message).toContain('6 min of writes, expected at most 300 s (data.maxLossSeconds)');
    expect(await bench(store).apply({ state: stateOf('approved') })).toMatchObject({ lostSeconds: 360 });
    expect(await bench(store).apply({ state: stateOf('nobody-answered') })).toMatchObject({
      lostSeconds: 360,
    });
    expect((await refusalOf(bench(store).apply({ state: stateOf('perhaps') }))).name).toBe('LossAboveLimit');
    expect(await bench(store).apply({ run: { ...run, trigger: 'manual' } })).toMatchObject({
      lostSeconds: 360,
    });
  });

  it('counts from the dump where no log follows it', async () => {
    const store = new MemoryStore();
    store.answers = [open({ appliedUntil: null, transactions: 0 })];
    const own = shipping({ mode: 'dump' });
    expect(await bench(store, own).apply()).toMatchObject({
      appliedUntil: '2026-03-02T03:00:00.000Z',
      lostSeconds: 25_020,
    });
  });

  it('knows no loss, and so moves nobody, where the database is open without a dump', async () => {
    const store = new MemoryStore();
    store.answers = [open({ appliedUntil: null, dump: null })];
    expect((await refusalOf(bench(store).apply())).message).toContain(
      'promised: nobody knows how much, expected',
    );
  });

  it('touches nothing in a rehearsal on paper', async () => {
    const store = new MemoryStore();
    const at = bench(store);
    expect(await at.apply({ run: { ...run, dryRun: true } })).toEqual({
      applied: true,
      whole: false,
      appliedUntil: null,
      lostSeconds: null,
      transactions: 0,
      seconds: 0,
      at: '2026-03-02T10:00:00.000Z',
    });
    expect(store.requests).toEqual([]);
    expect(at.ledger.renewals).toEqual([]);
  });

  it('begins no round that the platform would cut off', async () => {
    const refusal = await refusalOf(bench(new MemoryStore()).apply({}, 60));
    expect(refusal.name).toBe('TooLittleTime');
  });

  it('refuses a run whose shape is wrong, and a workload whose data are none of ours', async () => {
    const { apply } = bench(new MemoryStore());
    expect(await problemsOf(() => apply({ run: brokenRun }), {})).toEqual(problemsOfBrokenRun);
    const other = bench(new MemoryStore(), config);
    expect(await problemsOf(() => other.apply(), {})).toEqual([
      'data.mode: got "none", expected "dump" or "ship": workflow and functions are of different versions',
    ]);
  });
});

describe('apply-last-data: a planned move', () => {
  const planned = { run: { ...run, trigger: 'manual', planned: true }, move: 'planned' };

  it('asks for everything within its time, and loses nothing', async () => {
    const store = new MemoryStore();
    store.answers = [null, open({ whole: true })];
    expect(await bench(store).apply(planned)).toMatchObject({ applied: true, whole: true, lostSeconds: 0 });
    expect(store.requests[0]).toEqual({
      schemaVersion: 1,
      correlationId: 'run-1-planned',
      execution: 'run-1',
      askedAt: '2026-03-02T10:00:00.000Z',
      wholeBy: '2026-03-02T10:01:00.000Z',
    });
  });

  it('moves nobody on the word of a mover that does not say that everything is there', async () => {
    const store = new MemoryStore();
    store.answers = [open()];
    const refusal = await refusalOf(bench(store).apply(planned));
    expect(refusal.name).toBe('LastDataNotApplied');
    expect(refusal.message).toContain('opened without saying that everything is there; update the mover');
  });

  it('gives up soon after its time, long before a failover would', async () => {
    const at = bench(new MemoryStore());
    const refusal = await refusalOf(at.apply(planned));
    expect(refusal.message).toContain('were not applied within 60 s (data.handoverSeconds)');
    expect(at.clock.now()).toBe(Date.parse('2026-03-02T10:01:10.000Z'));
  });

  it('asks anew, for as much as there is, once it has become a failover', async () => {
    const store = new MemoryStore();
    store.answers = [open()];
    const became = { ...planned, move: 'failover', state: stateOf('approved') };
    expect(await bench(store).apply(became)).toMatchObject({ whole: false, lostSeconds: 10 });
    expect(store.requests[0]).toMatchObject({ correlationId: 'run-1' });
    expect(store.requests[0]).not.toHaveProperty('wholeBy');
  });

  it('takes no loss above the limit for agreed to: the one who planned it was shown none', async () => {
    const store = new MemoryStore();
    store.answers = [open({ appliedUntil: '2026-03-02T09:40:00.000Z' })];
    const became = { ...planned, move: 'failover' };
    expect((await refusalOf(bench(store).apply(became))).name).toBe('LossAboveLimit');
  });
});

describe('apply-last-data: a planned move of a site with a replication of its own', () => {
  const planned = { run: { ...run, trigger: 'manual', planned: true }, move: 'planned' };
  const own = configWith((shop) => {
    Object.assign(shop, { data: { mode: 'none', probe: { url: 'https://shop.example.com/lag' } } });
  });
  const lags = (...seconds: (number | Error)[]) => {
    const left = [...seconds];
    return {
      read: async () => {
        const next = left.length > 1 ? left.shift() : left[0];
        if (next instanceof Error) throw next;
        return next ?? 0;
      },
    };
  };

  it('waits until it says twice that it is not behind', async () => {
    const at = bench(new MemoryStore(), own, lags(3, 0, 1, unavailable('the probe'), 0, 0));
    expect(await at.apply(planned)).toEqual({
      ...{ applied: true, whole: true, lostSeconds: 0, transactions: 0, seconds: 10 },
      ...{ appliedUntil: '2026-03-02T10:00:10.000Z', at: '2026-03-02T10:00:10.000Z' },
    });
  });

  it('gives up where it stays behind', async () => {
    const refusal = await refusalOf(bench(new MemoryStore(), own, lags(5)).apply(planned));
    expect(refusal.name).toBe('LastDataNotApplied');
    expect(refusal.message).toContain(
      'The own replication was not even within 60 s (it says 5 s behind), expected 0 from https://shop.example.com/lag',
    );
  });
});
