import { giveOrder } from '../../../core/ledger/give-order.ts';
import {
  noOrders,
  orderText,
  pausedMs,
  takeOrder,
  type Order,
  type OrderKind,
} from '../../../core/ledger/orders.ts';
import { skippable, skipOf, steps } from '../../../core/ledger/steps.ts';
import { START } from '../../lambdas/fixture.ts';
import { MemoryOrders, order, ordersOf } from '../../lambdas/orders-helpers.ts';

/* Goal: an order that makes no sense has its sentence and changes nothing, and of two people at once one is the first. */

const wordsAfter = (before: readonly Order[], given: Order, isPlanned = false): string => {
  const result = takeOrder(ordersOf(...before), given, isPlanned);
  return `${result.kind}: ${result.words}`;
};

describe('an order', () => {
  it.each<[OrderKind, readonly Order[], string]>([
    ['resume', [], 'refused: It does not wait for anybody. Nothing was changed.'],
    [
      'resume',
      [order('pause'), order('resume', 9)],
      'refused: It does not wait for anybody. Nothing was changed.',
    ],
    [
      'pause',
      [order('pause')],
      'refused: It is to hold already: mina ordered at 2026-03-02T10:00:00.000Z to hold it. Nothing was changed.',
    ],
    [
      'cancel',
      [order('cancel')],
      'refused: It is being cancelled already: mina ordered at 2026-03-02T10:00:00.000Z to cancel it. Nothing was changed.',
    ],
    [
      'proceed',
      [],
      'refused: It is no planned move, but a failover from its beginning. Nothing was changed.',
    ],
  ])('to %s that makes no sense has its sentence: %#', (kind, before, words) => {
    expect(wordsAfter(before, order(kind, 60))).toBe(words);
  });

  it.each<[OrderKind, readonly Order[], boolean]>([
    ['pause', [], false],
    ['pause', [order('pause'), order('resume', 9)], false],
    ['resume', [order('pause')], false],
    ['cancel', [order('pause')], false],
    ['proceed', [order('pause')], true],
  ])('to %s that makes sense is taken: %#', (kind, before, isPlanned) => {
    const given = order(kind, 60);
    expect(takeOrder(ordersOf(...before), given, isPlanned)).toMatchObject({
      kind: 'taken',
      orders: ordersOf(...before, given),
    });
  });

  it('to skip a step says what is lost by it, or why it may not be skipped', () => {
    expect(skippable).toEqual(['turn', 'others', 'share']);
    for (const step of steps) {
      const asked = skipOf(step);
      const words = wordsAfter([], order('skip', 60, { step }));
      expect(words).toBe(
        asked.may
          ? `taken: Skipped: ${asked.what}. Lost by it: ${asked.lost}.`
          : `refused: The step ${step} may not be skipped: ${asked.why}. Nothing was changed.`,
      );
    }
    expect(wordsAfter([order('skip', 0, { step: 'turn' })], order('skip', 60, { step: 'turn' }))).toContain(
      'It is skipped already',
    );
  });

  it('counts all pauses of a run together', () => {
    const orders = ordersOf(order('pause', -100), order('resume', -70), order('pause', -20));
    expect(pausedMs(orders, START)).toBe(50_000);
    expect(pausedMs(noOrders('run-1'), START)).toBe(0);
  });
});

describe('giving an order', () => {
  const give = (book: MemoryOrders, given: Order, execution?: string) =>
    giveOrder(book, {
      ...{ workload: 'shop', order: given, now: START, execution },
      isPlanned: () => Promise.resolve(false),
    });

  it('writes it for the run that holds the lease', async () => {
    const book = new MemoryOrders();
    expect(await give(book, order('pause'))).toMatchObject({ kind: 'taken', execution: 'run-1' });
    expect(book.orders).toEqual(ordersOf(order('pause')));
  });

  it('tells the second of two people who was the first, and changes nothing of theirs', async () => {
    const book = new MemoryOrders();
    const first = order('cancel', 0, { by: 'jae' });
    book.beforeWrite = () => (book.orders = ordersOf(first));
    expect(await give(book, order('pause'))).toEqual({
      kind: 'refused',
      execution: 'run-1',
      words: `Somebody was quicker: ${orderText(first)}: a reason. Look again, and order what is needed then. Nothing was changed.`,
    });
    expect(book.orders).toEqual(ordersOf(first));
  });

  it('tries again where only the run itself has noted that it waits', async () => {
    const book = new MemoryOrders();
    book.orders = ordersOf(order('pause', -60));
    let times = 0;
    book.beforeWrite = () => {
      const held = { point: 'before-the-shield', since: order('pause').at, toldAt: null } as const;
      if ((times += 1) === 1) book.orders = { ...book.orders!, held };
    };
    expect(await give(book, order('resume'))).toMatchObject({ kind: 'taken' });
    expect(book.orders.given).toHaveLength(2);
  });

  it('finds no run where none holds the lease, its lease has ended, or another one is meant', async () => {
    const book = new MemoryOrders();
    expect((await give(book, order('pause'), 'run-0')).words).toContain(
      'run-0 does not act on shop any more',
    );
    book.expiresAt = START;
    expect(await give(book, order('pause'))).toMatchObject({ execution: null, kind: 'refused' });
    book.orders = null;
    expect((await give(book, order('pause'))).words).toBe('No run acts on shop. Nothing was changed.');
  });
});
