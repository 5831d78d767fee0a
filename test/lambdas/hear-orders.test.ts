import { makeHearOrders } from '../../lambdas/hear-orders/hear-orders.ts';
import type { Order } from '../../core/ledger/orders.ts';
import type { OrderBook } from '../../core/ports.ts';
import { config, lease, run } from './fixture.ts';
import { callOf, MemoryAnnouncer, MemoryLedger, MemoryLog, unavailable, VirtualClock } from './helpers.ts';
import { MemoryOrders, order, ordersOf } from './orders-helpers.ts';

/*
 * Goal: a run that somebody holds waits until they say how it goes on, people know of it all the while, and nobody holds it for ever.
 */

function bench(...given: Order[]) {
  const clock = new VirtualClock();
  const ledger = new MemoryLedger();
  const announcer = new MemoryAnnouncer();
  const memory = new MemoryOrders();
  // The lease and the orders are one item.
  const keep = (): void => {
    ledger.orders = memory.orders;
  };
  memory.orders = ordersOf(...given);
  keep();
  const book: OrderBook = {
    read: () => memory.read(),
    async write(workload, change) {
      const done = await memory.write(workload, change);
      keep();
      return done;
    },
  };
  const step = makeHearOrders({ config, clock, log: new MemoryLog(), ledger, book, announcer });
  const say = (seconds: number, ...more: Order[]): void => {
    void clock.sleep(seconds * 1000).then(() => {
      memory.orders = { ...memory.orders!, given: [...memory.orders!.given, ...more] };
      keep();
    });
  };
  const input = { run, lease, point: 'behind-the-shield' };
  return { clock, ledger, announcer, memory, say, hear: () => step(input, callOf(clock, 840)) };
}

describe('hear-orders', () => {
  it('lets a run go on that nobody holds', async () => {
    expect(await bench().hear()).toEqual({ order: 'none' });
    expect(await bench(order('pause', -60), order('resume', -30)).hear()).toEqual({ order: 'none' });
  });

  it('waits for whoever holds it, tells people once what is safe, and hears within seconds that it goes on', async () => {
    const at = bench(order('pause'));
    at.say(62, order('resume', 62));
    const began = at.clock.now();
    expect(await at.hear()).toEqual({ order: 'none' });
    expect(at.clock.now() - began).toBeLessThanOrEqual(67_000);
    expect(at.announcer.messages).toHaveLength(1);
    expect(at.announcer.messages[0]!.text).toContain(
      'Users see the maintenance page, so no write can be lost',
    );
    expect(at.announcer.messages[0]!.text).toContain('pilotlight resume shop');
    expect(at.memory.orders?.held).toBeNull();
  });

  it('tells people again each time that limits.holdReminderSeconds is over, and goes on waiting', async () => {
    const at = bench(order('pause'));
    expect(await at.hear()).toEqual({ order: 'hold' });
    expect(await at.hear()).toEqual({ order: 'hold' });
    expect(at.announcer.messages.map(({ subject }) => subject)).toEqual([
      '[Pilotlight] Shop: the run is held',
      '[Pilotlight] Shop: the run is still held, for 10 min',
      '[Pilotlight] Shop: the run is still held, for 20 min',
    ]);
  });

  it('waits all the same where people cannot be told', async () => {
    const at = bench(order('pause'));
    at.announcer.failure = unavailable('SNS Publish');
    expect(await at.hear()).toEqual({ order: 'hold' });
  });

  it('goes back where it is cancelled', async () => {
    const at = bench(order('pause'));
    at.say(20, order('cancel', 20));
    expect(await at.hear()).toEqual({ order: 'cancel' });
  });

  it('is cancelled after a day of all holds together', async () => {
    const day = 86_400;
    const at = bench(order('pause', -day - 60), order('resume', -120), order('pause', -59));
    expect(await at.hear()).toEqual({ order: 'cancel' });
    expect(at.memory.orders?.given.at(-1)).toMatchObject({
      order: 'cancel',
      by: 'Pilotlight',
      reason: 'it was held for 24 h, and nobody let it go on',
    });
    const earlier = bench(order('pause', -day + 7_200), order('resume', -120), order('pause', -59));
    expect(await earlier.hear()).toEqual({ order: 'hold' });
  });

  it('does not act on under a lease that it has lost', async () => {
    const at = bench(order('pause'));
    at.ledger.holder = 'run-2';
    await expect(at.hear()).rejects.toMatchObject({ name: 'LeaseLost' });
  });
});
