import type { Route } from '../../core/route/route.ts';
import { makeTakeLease } from '../../lambdas/take-lease/take-lease.ts';
import { config } from './fixture.ts';
import { callOf, MemoryLedger, MemoryLog, MemoryRoutes, MemorySpreads, VirtualClock } from './helpers.ts';
import { homeRun } from './home-helpers.ts';

/*
 * Goal: a way home begins only with all users on the standby, and whoever begins it elsewhere reads where they are.
 */

function bench(route: Partial<Route> | null) {
  const ledger = new MemoryLedger();
  ledger.holder = null;
  const clock = new VirtualClock();
  const routes = new MemoryRoutes(
    route === null
      ? null
      : {
          ...{ v: 1, origin: 'standby', epoch: 4, fence: 7, by: 'run-0', at: '2026-03-02T09:00:00.000Z' },
          ...route,
        },
  );
  const step = makeTakeLease({
    config,
    clock,
    ledger,
    log: new MemoryLog(),
    routes,
    spreads: new MemorySpreads(),
  });
  return { ledger, take: (run: object = homeRun) => step({ run }, callOf(clock)) };
}

describe('take-lease: a way home', () => {
  it('begins where all users are on the standby, also while automation cools down or the brake is on', async () => {
    const at = bench({ standbyServed: true });
    at.ledger.brake = true;
    at.ledger.cooldownUntil = Number.POSITIVE_INFINITY;
    expect(await at.take()).toMatchObject({ taken: true, epoch: 8, route: 'standby', standbyServed: true });
    expect(at.ledger.holder).toBe('failback-1');
  });

  it.each<[string, Partial<Route> | null]>([
    ['nobody ever moved them', null],
    ['they are at home again', { origin: 'primary' }],
  ])('is over already where %s', async (_, route) => {
    const at = bench(route);
    const over = {
      ...{ taken: false, reason: 'already-over' },
      detail: 'the users are at home already; there is nothing to bring back',
    };
    expect(await at.take()).toEqual(over);
    expect(await at.take({ ...homeRun, dryRun: true })).toEqual(over);
    expect(at.ledger.holder).toBeNull();
  });

  it.each<[string, Partial<Route>]>([
    ['they see the page', { origin: 'maintenance' }],
    ['a share of them is at home', { canary: { origin: 'primary', percent: 5 } }],
    ['a share of them is on the standby', { origin: 'primary', canary: { origin: 'standby', percent: 5 } }],
    [
      'a share of them is at home, and the rest sees the page',
      { origin: 'maintenance', canary: { origin: 'primary', percent: 5 } },
    ],
  ])('takes nothing where %s', async (_, route) => {
    const at = bench(route);
    expect(await at.take()).toEqual({
      ...{ taken: false, reason: 'not-on-standby' },
      detail:
        'a way home begins with all users on the standby, and some are not; see where they are: pilotlight route show',
    });
    expect(at.ledger.holder).toBeNull();
  });

  it('takes nothing while another run acts', async () => {
    const at = bench({});
    at.ledger.holder = 'run-2';
    expect(await at.take()).toMatchObject({ taken: false, reason: 'held', holder: 'run-2' });
  });
});
