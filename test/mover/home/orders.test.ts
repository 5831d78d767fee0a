import { orderSchema, type HomeOrder } from '../../../core/data/home.ts';
import { refusalOf } from '../../../mover/home/orders.ts';

const order = (more: Partial<HomeOrder> = {}): HomeOrder => ({
  ...{ schemaVersion: 1, id: 'run-1-gates', correlationId: 'run-1', task: { what: 'gates' } },
  ...{ askedAt: '2026-11-27T03:00:00Z', until: '2026-11-27T03:10:00Z' },
  ...more,
});
const at = (time: string): number => Date.parse(`2026-11-27T${time}Z`);

describe('an order of the way home', () => {
  it('is done while its run is the newest, and whoever asked still waits', () => {
    expect(refusalOf(order(), 'run-1', at('03:10:00'))).toBeNull();
    expect(refusalOf(order(), null, at('03:00:00'))).toBeNull();
  });

  it('is not done once another run has ordered something', () => {
    expect(refusalOf(order(), 'run-2', at('03:01:00'))).toEqual({
      code: 'ORDER_OF_AN_OLDER_RUN',
      detail: 'the run run-2 has ordered since, so what run-1 ordered at 2026-11-27T03:00:00Z is not done.',
    });
  });

  it('is not begun after its time', () => {
    expect(refusalOf(order(), 'run-1', at('03:10:01'))).toMatchObject({ code: 'ORDER_TOO_OLD' });
  });

  it.each([
    ['a task that nobody knows', { task: { what: 'format' } }],
    ['a load without a dump', { task: { what: 'load', isLast: true } }],
    ['a dump that is none', { task: { what: 'load', dump: '../../etc', isLast: true } }],
    ['a name that leads elsewhere', { id: '../answer' }],
    ['an end before its beginning', { until: '2026-11-27T02:00:00Z' }],
    ['a later version', { schemaVersion: 2 }],
  ])('is refused with %s', (_, wrong) => {
    expect(orderSchema.safeParse({ ...order(), ...wrong }).success).toBe(false);
    expect(orderSchema.safeParse(order()).success).toBe(true);
  });
});
