import type { Route } from '../../core/route/route.ts';
import { makeMoveRoute } from '../../lambdas/move-route/move-route.ts';
import type { Step } from '../../lambdas/runtime.ts';
import { config, configWith, lease, problemsOf, refusalOf, run } from './fixture.ts';
import { callOf, MemoryLedger, MemoryLog, MemoryRoutes, VirtualClock } from './helpers.ts';

/*
 * Goal: a share of the users goes to the standby on the same evidence as all of them would, while everybody else stays
 * behind the shield; the last move takes the share away again.
 */

const shared = configWith((shop) => {
  Object.assign(shop.policy, { canary: { shares: [5, 25], holdSeconds: 60, errorPercentMax: 10 } });
});
const prepared = {
  standby: { ready: true, checkedAt: '2026-03-02T10:12:00.000Z' },
  shield: { converged: true },
};
const shield: Route = {
  v: 1,
  origin: 'maintenance',
  epoch: 5,
  fence: 7,
  by: 'run-1',
  at: '2026-03-02T09:59:00.000Z',
};
const holding = (percent: number): Route => ({ ...shield, canary: { origin: 'standby', percent } });

interface Bench {
  readonly step: Step;
  readonly clock: VirtualClock;
  readonly routes: MemoryRoutes;
}

function bench(route: Route, own = shared): Bench {
  const clock = new VirtualClock();
  const routes = new MemoryRoutes(route);
  const deps = {
    config: own,
    clock,
    log: new MemoryLog(),
    ledger: new MemoryLedger(),
    routes,
    doorFence: () => null,
  };
  return { step: makeMoveRoute(deps), clock, routes };
}

const send = (at: Bench, move: Record<string, unknown>): Promise<unknown> =>
  at.step({ run, lease, ...move }, callOf(at.clock, 60));

describe('move-route: a share of the users', () => {
  it.each([
    [0, 5],
    [1, 25],
  ])(
    'sends the share %d of the policy, %d %%, and leaves everybody else behind the shield',
    async (share, percent) => {
      const at = bench(shield);
      expect(await send(at, { to: 'maintenance', share, prepared })).toEqual({
        origin: 'maintenance',
        previous: 'maintenance',
        epoch: 6,
        movedAt: '2026-03-02T10:00:00.000Z',
      });
      expect(at.routes.written).toMatchObject([
        { origin: 'maintenance', epoch: 6, fence: 7, canary: { origin: 'standby', percent } },
      ]);
    },
  );

  it('writes nothing when this share is held already, and writes the next one', async () => {
    const same = bench(holding(5));
    expect(await send(same, { to: 'maintenance', share: 0, prepared })).toMatchObject({ epoch: 5 });
    expect(same.routes.written).toEqual([]);
    const next = bench(holding(5));
    expect(await send(next, { to: 'maintenance', share: 1, prepared })).toMatchObject({ epoch: 6 });
    expect(next.routes.written).toHaveLength(1);
  });

  it.each(['standby', 'maintenance'] as const)('ends with a move of everybody to %s', async (to) => {
    const at = bench(holding(25));
    expect(await send(at, { to, prepared })).toMatchObject({ origin: to, epoch: 6 });
    expect(at.routes.written[0]).not.toHaveProperty('canary');
  });

  it('is a way to the standby without a way back: the primary may miss what was written there', async () => {
    const at = bench(shield);
    await send(at, { to: 'maintenance', share: 0, prepared });
    expect(at.routes.route).toMatchObject({ standbyServed: true });
    await send(at, { to: 'maintenance' });
    const error = await refusalOf(send(at, { to: 'primary' }));
    expect(error).toMatchObject({ name: 'UnsafeMove', retryable: false });
    expect(error.message).toContain('Bring the site home with: pilotlight failback shop');
    expect(at.routes.route).toMatchObject({ origin: 'maintenance', standbyServed: true });
    // A shield that nobody was let through comes down as ever.
    expect(await send(bench(shield), { to: 'primary' })).toMatchObject({ origin: 'primary', epoch: 6 });
  });

  it.each([
    ['no evidence at all', undefined],
    ['a standby that was not ready', { ...prepared, standby: { ...prepared.standby, ready: false } }],
    ['a shield that did not spread', { ...prepared, shield: { converged: false } }],
  ])('does not go to the standby with %s, however small it is', async (_, evidence) => {
    const at = bench(shield);
    const refused = send(at, { to: 'maintenance', share: 0, prepared: evidence });
    expect(await refusalOf(refused)).toMatchObject({ name: 'UnsafeMove', retryable: false });
    expect(at.routes.reads).toBe(0);
  });

  it('refuses a share that the policy does not have, and any share where it has none', async () => {
    const input = { run, lease, to: 'maintenance', prepared };
    const at = bench(shield);
    expect(await problemsOf(at.step, { ...input, share: 2 })).toEqual([
      'share: got 2, expected a share of policy.canary',
    ]);
    expect(await problemsOf(bench(shield, config).step, { ...input, share: 0 })).toEqual([
      'share: got 0, expected a share of policy.canary',
    ]);
    expect(await problemsOf(at.step, { ...input, share: -1 })).toEqual([
      'share: got -1, expected number to be >=0',
    ]);
    expect(at.routes.reads).toBe(0);
  });
});
