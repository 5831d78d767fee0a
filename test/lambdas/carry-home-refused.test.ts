import type { Config } from '../../core/config/schema.ts';
import { carryBench as bench, loaded, second, SINCE } from './carry-bench.ts';
import { DUMP } from './data-helpers.ts';
import { configWith, refusalOf } from './fixture.ts';
import { answered, failed, MemoryHome, sideAt, tasks } from './home-helpers.ts';
import { order, ordersOf } from './orders-helpers.ts';

/*
 * Goal: what does not come home in time, or cannot, is told with the words of the side that should have done it; and people who call the way
 * home off are heard until users are home.
 */

const AGAIN = 'then begin again: pilotlight failback shop --reason ...';
/** With short limits, so that both can be waited for: 600 s with users on the standby, 60 s behind the page. */
const short = (): Config =>
  configWith((shop) => {
    Object.assign(shop, { data: { mode: 'ship', account: 'shopdata' } });
    Object.assign(shop.policy, { failback: { dataSeconds: 600, lastDataSeconds: 60 } });
  });

describe('carry-home: a side that does not do it', () => {
  it.each([
    [false, 900],
    [true, 90],
  ])(
    'is given up where nothing is heard of it (behind the page: %s) for %d s',
    async (behindThePage, limit) => {
      const at = bench(new MemoryHome());
      const refusal = await refusalOf(at.carry(tasks.load, { behindThePage }, 2_000));
      expect(refusal.name).toBe('DataNotHome');
      expect(refusal.message).toBe(
        `The primary’s side did not carry out "load": nothing was heard of it for ${limit} s; it never said anything. ` +
          `Look at the mover there (docs/runbook.md, "The data do not come home"), ${AGAIN}`,
      );
      expect(second(at.clock)).toBe(limit);
    },
  );

  it('is silent from what it said last, and that is told', async () => {
    const store = new MemoryHome();
    const fault = { code: 'NO_LOGIN', detail: 'access denied' };
    store.says = (side) => (side === 'standby' ? sideAt('2026-03-02T10:00:20.000Z', side, { fault }) : null);
    const at = bench(store);
    const { message } = await refusalOf(at.carry(tasks.dump, { behindThePage: true }));
    expect(message).toContain(
      'The standby’s side did not carry out "dump": nothing was heard of it for 90 s',
    );
    expect(message).toContain('; it said 1 min 30 s ago: NO_LOGIN: access denied. Look at');
    expect(second(at.clock)).toBe(110);
  });

  it.each([
    [false, 600, 'dataSeconds'],
    [true, 60, 'lastDataSeconds'],
  ])(
    'is too late (behind the page: %s) after %d s, although it goes on',
    async (behindThePage, limit, field) => {
      const store = new MemoryHome();
      const at = bench(store, short());
      store.says = (side) => sideAt(new Date(at.clock.now()).toISOString(), side);
      const refusal = await refusalOf(at.carry(tasks.load, { behindThePage }));
      expect(refusal.name).toBe('DataNotHome');
      expect(refusal.message).toContain(
        `it was not done within ${limit} s (policy.failback.${field}); it was idle 0 s ago. Look at the mover`,
      );
      expect(second(at.clock)).toBe(limit);
    },
  );

  it('has done it where the answer is there, however late it is looked for', async () => {
    const store = new MemoryHome();
    store.answers = [answered('failback-1-load', '2026-03-02T10:00:01.000Z', loaded)];
    const since = '2026-03-02T08:00:00.000Z';
    expect(await bench(store, short()).carry(tasks.load, { since })).toMatchObject({
      state: 'done',
      seconds: 1,
    });
    // What is ordered after the limit can be read by the mover all the same: its limit lies after its order.
    expect(store.given[0]).toMatchObject({ askedAt: SINCE, until: '2026-03-02T10:00:00.001Z' });
  });

  it('says why it could not, and where that is explained', async () => {
    const store = new MemoryHome();
    store.answers = [failed('failback-1-load', 'FOREIGN_WRITES', '3 transactions touch shop.orders.')];
    const refusal = await refusalOf(bench(store).carry(tasks.load));
    expect(refusal).toMatchObject({ name: 'DataNotHome', retryable: false });
    expect(refusal.message).toBe(
      '"load" failed on the way home: FOREIGN_WRITES: 3 transactions touch shop.orders. docs/backup-system.md, "The way home", ' +
        `says what to do about FOREIGN_WRITES; ${AGAIN}`,
    );
  });

  it('is of another version where it answers something else', async () => {
    const store = new MemoryHome();
    store.answers = [answered('failback-1-load', SINCE, { what: 'discard' })];
    expect((await refusalOf(bench(store).carry(tasks.load))).message).toBe(
      `"load" was answered with "discard": controller and mover are of different versions. Update the mover, ${AGAIN}`,
    );
  });
});

describe('carry-home: the gates', () => {
  const gate = (state: 'open' | 'shut' | 'unknown', got = 'a', expected = 'b') => ({
    ...{ state, asked: 'something', got, expected },
  });
  const open = {
    ...{ healthy: gate('open'), noForeignWrites: gate('open'), noLongTransactions: gate('open') },
    room: gate('unknown'),
  };
  const gates = (isOpen: boolean, changed: object = {}) =>
    answered('failback-1-gates', SINCE, { what: 'gates', open: isOpen, gates: { ...open, ...changed } });

  it('let it go on where none is shut, although nobody knows of one', async () => {
    const store = new MemoryHome();
    store.answers = [gates(true)];
    expect(await bench(store).carry(tasks.gates)).toMatchObject({ state: 'done', equal: false });
  });

  it('that are shut are named, each with what was got and what was expected', async () => {
    const store = new MemoryHome();
    store.answers = [
      gates(false, {
        noForeignWrites: gate('shut', '2 transactions', 'none'),
        noLongTransactions: gate('shut', 'one of 3600 s', 'none of more than 60 s'),
      }),
    ];
    const refusal = await refusalOf(bench(store).carry(tasks.gates));
    expect(refusal).toMatchObject({ name: 'GateShut', retryable: false });
    expect(refusal.message).toBe(
      'A gate of the way home is shut: nobody has written to the primary (noForeignWrites): got 2 transactions, expected none; ' +
        'no long transaction is open on the primary (noLongTransactions): got one of 3600 s, expected none of more than 60 s. ' +
        'When it is open, begin again: pilotlight failback shop --reason ...',
    );
  });
});

describe('carry-home: what people order', () => {
  it.each(['orphans', 'gates', 'dump', 'load', 'figures', 'verify'] as const)(
    'ends the order %s where they cancel the way home, before it is given',
    async (what) => {
      const store = new MemoryHome();
      const at = bench(store);
      at.ledger.orders = ordersOf(order('cancel'));
      const refusal = await refusalOf(at.carry(tasks[what]));
      expect(refusal.name).toBe('CancelledByOrder');
      expect(refusal.message).toBe('mina ordered at 2026-03-02T10:00:00.000Z to cancel it: a reason');
      expect(store.given).toEqual([]);
    },
  );

  it('is heard while it is waited for', async () => {
    const at = bench(new MemoryHome());
    at.ledger.beforeRenewal = () => {
      if (second(at.clock) >= 100) at.ledger.orders = ordersOf(order('cancel', 100));
    };
    expect((await refusalOf(at.carry(tasks.load))).name).toBe('CancelledByOrder');
    expect(second(at.clock)).toBe(120);
  });

  it.each([
    ['settle', { what: 'settle', eventsWoken: 0, dump: DUMP }],
    ['follow', { what: 'follow', dump: DUMP }],
    ['discard', { what: 'discard' }],
  ] as const)('does not end the order %s: users are where they stay', async (what, result) => {
    const store = new MemoryHome();
    store.answers = [answered(`failback-1-${what}`, SINCE, result)];
    const at = bench(store);
    at.ledger.orders = ordersOf(order('cancel'));
    expect(await at.carry(tasks[what])).toMatchObject({ state: 'done', result });
  });

  it('holds no order that is being done', async () => {
    const store = new MemoryHome();
    store.answers = [answered('failback-1-load', SINCE, loaded)];
    const at = bench(store);
    at.ledger.orders = ordersOf(order('pause'));
    expect(await at.carry(tasks.load)).toMatchObject({ state: 'done' });
  });
});
