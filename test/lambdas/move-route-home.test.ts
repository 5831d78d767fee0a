import type { Route } from '../../core/route/route.ts';
import { makeMoveRoute } from '../../lambdas/move-route/move-route.ts';
import { config, configWith, lease, refusalOf } from './fixture.ts';
import { onlyFor } from './azure-helpers.ts';
import { callOf, MemoryFence, MemoryLog, MemoryRoutes, VirtualClock } from './helpers.ts';
import { homeLedger, homeRun } from './home-helpers.ts';
import { order, ordersOf } from './orders-helpers.ts';

/*
 * Goal: users go home only with everything that they wrote, to a primary that is well; until one of them is there all may go back, and from
 * then on nobody.
 */

const shared = configWith((shop) => {
  Object.assign(shop.policy, { canary: { shares: [5, 25], holdSeconds: 60, errorPercentMax: 10 } });
});
const evidence = {
  shield: { value: { converged: true } },
  data: { value: { equal: true } },
  primary: { value: { well: true } },
};
/** The page of this run; the standby has served, and nobody was on the primary since. */
const page: Route = {
  ...{ v: 1, origin: 'maintenance', epoch: 5, fence: 7, standbyServed: true },
  ...{ by: 'failback-1', at: '2026-03-02T09:59:00.000Z' },
};
const onStandby: Route = { ...page, origin: 'standby', fence: 6, by: 'run-1' };

function bench(route: Route, own = config) {
  const clock = new VirtualClock();
  const routes = new MemoryRoutes(route);
  const ledger = homeLedger();
  const fence = new MemoryFence();
  const deps = { config: own, clock, log: new MemoryLog(), ledger, routes };
  const step = makeMoveRoute({ ...deps, doorFence: onlyFor(fence) });
  const move = (to: string, more: object = {}) =>
    step({ run: homeRun, lease, to, ...more }, callOf(clock, 60));
  return { move, routes, ledger, fence };
}

describe('move-route: users go home', () => {
  it('with the evidence, and the primary’s door is opened after that', async () => {
    const at = bench(page);
    expect(await at.move('primary', { prepared: evidence })).toEqual({
      ...{ origin: 'primary', previous: 'maintenance', epoch: 6, movedAt: '2026-03-02T10:00:00.000Z' },
    });
    // What the standby has served is at home now: the next failover may come back by itself.
    expect(at.routes.written).toEqual([
      { v: 1, origin: 'primary', epoch: 6, fence: 7, by: 'failback-1', at: '2026-03-02T10:00:00.000Z' },
    ]);
    expect(at.fence.asked).toEqual(['open']);
  });

  it.each([
    ['nothing', undefined],
    ['no page', { ...evidence, shield: undefined }],
    ['a page that did not spread', { ...evidence, shield: { value: { converged: false } } }],
    ['no word about the data', { ...evidence, data: undefined }],
    ['data that are not equal', { ...evidence, data: { value: { equal: false } } }],
    ['data that are still on their way', { ...evidence, data: { value: { state: 'waiting' } } }],
    ['no look at the primary', { ...evidence, primary: undefined }],
    ['a primary that is not well', { ...evidence, primary: { value: { well: false } } }],
  ])('not with %s for evidence, neither all nor a share', async (_, prepared) => {
    const at = bench(page, shared);
    for (const move of [
      { to: 'primary', prepared },
      { to: 'maintenance', share: 0, prepared },
    ]) {
      const refusal = await refusalOf(at.move(move.to, move));
      expect(refusal).toMatchObject({ name: 'UnsafeMove', retryable: false });
      expect(refusal.message).toContain(
        'A move home needs the evidence that the page was everywhere, that both sides hold the same data and that the primary is well; got',
      );
    }
    expect([at.routes.reads, at.fence.asked]).toEqual([0, []]);
  });

  it('in shares, while everybody else sees the page', async () => {
    const at = bench(page, shared);
    expect(await at.move('maintenance', { share: 1, prepared: evidence })).toMatchObject({
      origin: 'maintenance',
      epoch: 6,
    });
    expect(at.routes.written).toMatchObject([
      { origin: 'maintenance', canary: { origin: 'primary', percent: 25 } },
    ]);
    expect(at.fence.asked).toEqual(['open']);
  });

  it('not under the lease of somebody who came later', async () => {
    const at = bench({ ...page, fence: 8 });
    expect((await refusalOf(at.move('primary', { prepared: evidence }))).name).toBe('LeaseLost');
    expect([at.routes.written, at.fence.asked]).toEqual([[], []]);
  });

  it.each([
    ['pause', 'HeldByOrder'],
    ['cancel', 'CancelledByOrder'],
  ] as const)('not after the order %s, which is heard before the write', async (kind, name) => {
    const at = bench(page);
    at.ledger.orders = ordersOf(order(kind));
    const refused = at.move('primary', { prepared: evidence, mayHold: true });
    expect((await refusalOf(refused)).name).toBe(name);
    expect(at.routes.written).toEqual([]);
  });

  it('not in a rehearsal on paper, which says where they would go', async () => {
    const at = bench(page);
    const run = { ...homeRun, dryRun: true };
    expect(await at.move('primary', { prepared: evidence, run })).toMatchObject({
      ...{ origin: 'primary', previous: 'maintenance', epoch: 6 },
    });
    expect([at.routes.written, at.fence.asked]).toEqual([[], []]);
  });
});

describe('move-route: the page of a way home', () => {
  it('needs no evidence, and forgets nothing of what the standby has', async () => {
    const at = bench(onStandby);
    expect(await at.move('maintenance')).toMatchObject({ previous: 'standby', epoch: 6 });
    expect(at.routes.written).toMatchObject([{ origin: 'maintenance', standbyServed: true }]);
    expect(at.fence.asked).toEqual([]);
  });

  it('goes up again where a share was on the primary', async () => {
    const at = bench(page, shared);
    await at.move('maintenance', { share: 0, prepared: evidence });
    await at.move('maintenance');
    expect(at.routes.route).toMatchObject({ origin: 'maintenance', epoch: 7 });
    expect(at.routes.route).not.toHaveProperty('canary');
  });
});

describe('move-route: users return to the standby', () => {
  it('as it is, without evidence, where nobody was on the primary', async () => {
    const at = bench(page);
    expect(await at.move('standby')).toMatchObject({ origin: 'standby', previous: 'maintenance' });
    expect(at.routes.written).toMatchObject([{ origin: 'standby', standbyServed: true }]);
    expect(at.fence.asked).toEqual([]);
  });

  it('not where some of them were on the primary: it may hold writes of theirs', async () => {
    const at = bench(page, shared);
    await at.move('maintenance', { share: 0, prepared: evidence });
    await at.move('maintenance');
    const refusal = await refusalOf(at.move('standby'));
    expect(refusal).toMatchObject({ name: 'UnsafeMove', retryable: false });
    expect(refusal.message).toContain(
      'Users of shop were on the primary since they left the standby: it may hold writes that the standby does not know',
    );
    expect(at.routes.route).toMatchObject({ origin: 'maintenance', epoch: 7 });
  });

  it('not where all of them are home', async () => {
    const at = bench(page);
    await at.move('primary', { prepared: evidence });
    expect((await refusalOf(at.move('standby'))).name).toBe('UnsafeMove');
    expect(at.routes.route).toMatchObject({ origin: 'primary' });
  });
});
