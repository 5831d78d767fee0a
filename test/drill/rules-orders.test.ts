import { ordersObeyed } from '../../drill/rules/orders.ts';
import type { Evidence } from '../../drill/rules/rule.ts';
import { evidenceOf, routeWriteOf } from './fixture.ts';

/*
 * Goal: the drill fails where a run moves users after somebody has told it not to.
 */

const at = Date.parse('2026-03-01T03:10:00.000Z');
const told = (order: string, seconds = 0, execution = 'run-1') => ({
  ...{ execution, order, at: at + seconds * 1000 },
});
const judged = (changes: Partial<Evidence>) => ordersObeyed(evidenceOf(changes));

describe('orders-obeyed', () => {
  const moved = (seconds: number) => ({
    routeWrites: [
      routeWriteOf({ origin: 'standby', epoch: 2, standbyWasFit: true, at: at + seconds * 1000 }),
    ],
  });

  it.each(['pause', 'cancel'])('is broken by a move to the standby after the order: %s', (order) => {
    expect(judged({ ...moved(60), orders: [told(order)] })).toEqual({
      ...{ name: 'orders-obeyed', held: false },
      detail: `run-1 moved users at 2026-03-01T03:11:00.000Z, and was told at 2026-03-01T03:10:00.000Z: ${order}`,
    });
  });

  it('holds where the move had begun, was let go on, or is of another run', () => {
    for (const evidence of [
      { ...moved(10), orders: [told('pause')] },
      { ...moved(60), orders: [told('pause'), told('resume', 50)] },
      { ...moved(60), orders: [told('cancel', 0, 'run-2')] },
      { ...moved(60), orders: [told('skip')] },
    ])
      expect(judged(evidence).held).toBe(true);
  });
});

describe('orders-obeyed: a way home', () => {
  const write = (origin: string, seconds: number) =>
    routeWriteOf({ origin, by: 'failback-1', standbyWasFit: true, at: at + seconds * 1000 });
  const told1 = (order: string) => [told(order, 0, 'failback-1')];

  it.each(['primary', 'maintenance'])(
    'is broken where it goes to the %s after it was cancelled',
    (origin) => {
      expect(judged({ routeWrites: [write(origin, 60)], orders: told1('cancel') }).held).toBe(false);
    },
  );

  it('may return users to the standby that they came from', () => {
    const routeWrites = [write('maintenance', -60), write('standby', 60)];
    expect(judged({ routeWrites, orders: told1('cancel') }).held).toBe(true);
  });
});
