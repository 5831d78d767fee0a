import type { HomeTask } from '../../core/data/home.ts';
import { carryBench as bench, loaded, second, SINCE } from './carry-bench.ts';
import { DUMP } from './data-helpers.ts';
import { brokenRun, lease, problemsOf, problemsOfBrokenRun, refusalOf } from './fixture.ts';
import { unavailable } from './helpers.ts';
import { answered, homeRun, MemoryHome, sideAt, tasks } from './home-helpers.ts';

/*
 * Goal: each thing on the way home is ordered once, waited for as long as the function may, and handed back as what came of it.
 */

describe('carry-home: an order', () => {
  it('is given with its task and its time limit, and what came of it is handed back', async () => {
    const store = new MemoryHome();
    store.answers = [null, null, answered('failback-1-load', '2026-03-02T10:00:58.500Z', loaded)];
    expect(await bench(store).carry(tasks.load)).toEqual({
      state: 'done',
      equal: false,
      seconds: 58.5,
      result: loaded,
    });
    expect(store.given).toEqual([
      {
        schemaVersion: 1,
        id: 'failback-1-load',
        correlationId: 'failback-1',
        askedAt: '2026-03-02T10:00:00.000Z',
        // policy.failback.dataSeconds is twelve hours.
        until: '2026-03-02T22:00:00.000Z',
        task: { what: 'load', dump: DUMP, isLast: false },
      },
    ]);
    expect(store.looked).toEqual(['failback-1-load', 'failback-1-load', 'failback-1-load']);
  });

  it('has the shorter limit behind the page, counted from when the page was everywhere', async () => {
    const store = new MemoryHome();
    store.answers = [
      answered('failback-1-load-last', '2026-03-02T10:00:02.000Z', { ...loaded, isLast: true }),
    ];
    const more = { as: 'load-last', behindThePage: true, since: '2026-03-02T09:59:00.000Z' };
    await bench(store).carry({ ...tasks.load, isLast: true } as HomeTask, more);
    // 1,200 s after 09:59.
    expect(store.given[0]).toMatchObject({ id: 'failback-1-load-last', until: '2026-03-02T10:19:00.000Z' });
  });

  it('proves that both sides hold the same where every table was compared, and in no other case', async () => {
    const store = new MemoryHome();
    store.answers = [answered('failback-1-verify', SINCE, { what: 'verify', tables: 7, rows: 700 })];
    expect(await bench(store).carry(tasks.verify)).toMatchObject({ equal: true });
    store.answers = [answered('failback-1-discard', SINCE, { what: 'discard' })];
    expect(await bench(store).carry(tasks.discard)).toMatchObject({ equal: false });
  });

  it('stands once however often it is asked for, and its time counts from the first time', async () => {
    const store = new MemoryHome();
    store.says = () => sideAt('2026-03-02T10:13:15.000Z', 'primary');
    const at = bench(store);
    expect(await at.carry(tasks.load)).toMatchObject({ state: 'waiting' });
    await at.clock.sleep(5_000);
    const first = second(at.clock);
    store.answers = [null, answered('failback-1-load', '2026-03-02T10:13:35.000Z', loaded)];
    expect(await at.carry(tasks.load)).toMatchObject({ state: 'done', seconds: 815 });
    expect(first).toBe(805);
    // Each invocation asks once and the store keeps one.
    expect(store.given).toHaveLength(2);
    expect([...store.kept.values()]).toEqual([expect.objectContaining({ askedAt: SINCE })]);
  });

  it('is waited for by the function for as long as it may, which then says what the side does', async () => {
    const store = new MemoryHome();
    const busy = { id: 'failback-1-load', what: 'load', since: '2026-03-02T10:00:03.000Z' };
    store.says = () => sideAt('2026-03-02T10:13:12.000Z', 'primary', { busy });
    const at = bench(store);
    expect(await at.carry(tasks.load)).toEqual({
      state: 'waiting',
      detail: 'it was busy with "load" 8 s ago',
    });
    // Forty seconds are left of 840: one round more would be cut off.
    expect(second(at.clock)).toBe(800);
  });

  it('is looked at each ten seconds with users on the standby, and each two behind the page', async () => {
    for (const [behindThePage, seconds] of [
      [false, 30],
      [true, 6],
    ] as const) {
      const store = new MemoryHome();
      store.answers = [null, null, null, answered('failback-1-load', '2026-03-02T10:00:05.000Z', loaded)];
      const at = bench(store);
      await at.carry(tasks.load, { behindThePage });
      expect(second(at.clock)).toBe(seconds);
    }
  });

  it('keeps the lease for as long as it is waited for', async () => {
    const store = new MemoryHome();
    const nothing = Array.from({ length: 13 }, () => null);
    store.answers = [...nothing, answered('failback-1-load', '2026-03-02T10:02:10.000Z', loaded)];
    const at = bench(store);
    await at.carry(tasks.load);
    // At 0, 60 and 120 s of 130 s; each for 400 s.
    expect(at.ledger.renewals).toEqual([1_772_446_000_000, 1_772_446_060_000, 1_772_446_120_000]);
  });

  it('is not given by a run that has lost its lease', async () => {
    const store = new MemoryHome();
    const at = bench(store);
    at.ledger.holder = 'run-2';
    expect((await refusalOf(at.carry(tasks.load))).name).toBe('LeaseLost');
    expect(store.given).toEqual([]);
  });

  it('is given again to a store that did not answer, and not to one that refuses', async () => {
    const store = new MemoryHome();
    store.refusal = unavailable('Azure Storage');
    store.answers = [unavailable('Azure Storage'), answered('failback-1-load', SINCE, loaded)];
    const at = bench(store);
    expect(await at.carry(tasks.load)).toMatchObject({ state: 'done' });
    expect(at.log.warnings.map(({ message }) => message)).toEqual([
      'the store does not answer; it is asked again',
      'the store does not answer; it is asked again',
    ]);
    store.answers = [new Error('refused')];
    expect((await refusalOf(bench(store).carry(tasks.load))).message).toBe('refused');
  });
});

describe('carry-home: a rehearsal on paper', () => {
  it.each(Object.values(tasks))('orders nothing, and goes on with an answer to it: %j', async (task) => {
    const store = new MemoryHome();
    const at = bench(store);
    const dryRun = { ...homeRun, dryRun: true };
    const output = await at.carry(task, { run: dryRun });
    expect(output).toMatchObject({ state: 'done', seconds: 0, result: { what: task.what } });
    expect(output).toMatchObject({ equal: task.what === 'verify' });
    expect([store.given, store.looked, at.ledger.renewals]).toEqual([[], [], []]);
  });
});

describe('carry-home: at the door', () => {
  it('begins no round that the platform would cut off', async () => {
    const store = new MemoryHome();
    expect((await refusalOf(bench(store).carry(tasks.load, {}, 39))).name).toBe('TooLittleTime');
    expect(store.given).toEqual([]);
  });

  it('names everything that is wrong with its input', async () => {
    const { step } = bench(new MemoryHome());
    const input = {
      run: brokenRun,
      lease,
      task: tasks.gates,
      as: 'gates',
      behindThePage: false,
      since: SINCE,
    };
    expect(await problemsOf(step, input)).toEqual(problemsOfBrokenRun);
    const wrong = { ...input, run: homeRun, as: 'Last Gates', behindThePage: 'no' };
    expect(await problemsOf(step, wrong)).toHaveLength(2);
  });
});
