import { makeVerifyRoute } from '../../lambdas/verify-route/verify-route.ts';
import type { Step } from '../../lambdas/runtime.ts';
import { configWith, lease, refusalOf, run, START } from './fixture.ts';
import {
  bad,
  blind,
  callOf,
  goodFrom,
  MemoryLedger,
  MemoryLog,
  MemoryProber,
  MemoryRoutes,
  unavailable,
  VirtualClock,
  type Sight,
} from './helpers.ts';

/*
 * Goal: where the service itself can say that a change is everywhere (a distribution), no answer counts before it has said
 * so: what was seen earlier may have come from a cache, or from one of the locations that learned first.
 */

const MOVED_AT = '2026-03-02T10:00:00.000Z';
const patient = configWith((shop) => {
  shop.limits.convergeSeconds = 600;
  shop.limits.leaseSeconds = 900;
});

interface Bench {
  readonly step: Step;
  readonly clock: VirtualClock;
  /** The seconds at which the service was asked. */
  readonly looks: number[];
  readonly routes: MemoryRoutes;
}

/** A service that says from this second on that the change is everywhere; a store says so at once. */
function bench(spreadAt: number, sight: Sight = () => goodFrom('standby')): Bench {
  const clock = new VirtualClock();
  const looks: number[] = [];
  const routes = new MemoryRoutes();
  routes.spread = () => {
    const second = (clock.now() - START) / 1000;
    looks.push(second);
    return second >= spreadAt;
  };
  const prober = new MemoryProber(clock, sight);
  const deps = { config: patient, clock, log: new MemoryLog(), ledger: new MemoryLedger(), prober, routes };
  return { step: makeVerifyRoute(deps), clock, looks, routes };
}

const verify = (at: Bench): Promise<unknown> =>
  at.step({ run, lease, origin: 'standby', movedAt: MOVED_AT }, callOf(at.clock, 840));

describe('verify-route: a key-value store, which has no say', () => {
  it('is asked once and holds up nothing', async () => {
    const at = bench(0);
    expect(await verify(at)).toMatchObject({ convergedAt: '2026-03-02T10:00:04.000Z', lastPlaceSeconds: 0 });
    expect(at.looks).toEqual([0]);
  });
});

describe('verify-route: a place that is cut off', () => {
  it('says nothing about the edge, so that the others decide without it', async () => {
    const at = bench(0, (place) => (place === 'dublin' ? blind : goodFrom('standby')));
    expect(await verify(at)).toMatchObject({ places: [{ place: 'tokyo', seconds: 0 }] });
  });

  it('is waited for where it has answered, and is silent for a moment', async () => {
    const late: Sight = (place, _, second) =>
      place === 'dublin' && second > 0 && second < 6 ? blind : goodFrom('standby');
    expect(await verify(bench(0, late))).toMatchObject({ convergedAt: '2026-03-02T10:00:10.000Z' });
  });

  it('is waited for no more where it is silent again and again: one bad network must not keep users behind the page', async () => {
    const late: Sight = (place, _, second) =>
      place === 'dublin' && second > 0 ? blind : goodFrom('standby');
    expect(await verify(bench(0, late))).toMatchObject({ convergedAt: '2026-03-02T10:00:06.000Z' });
  });

  it.each([
    ['cannot look', blind],
    ['reaches no door of CloudFront, while others do', { ...bad, status: null, detail: 'no connection' }],
  ])('holds up nobody where every second time it %s', async (_, lost) => {
    const flickers: Sight = (place, __, second) =>
      place === 'dublin' && second % 4 === 2 ? lost : goodFrom('standby');
    expect(await verify(bench(0, flickers))).toMatchObject({ convergedAt: '2026-03-02T10:00:10.000Z' });
  });

  it('holds up everybody where what it gets is an answer, and no good one', async () => {
    const fails: Sight = (place) => (place === 'dublin' ? bad : goodFrom('standby'));
    expect((await refusalOf(verify(bench(0, fails)))).name).toBe('NotConverged');
  });

  it('is missed where none is left that answers', async () => {
    expect((await refusalOf(verify(bench(0, () => blind)))).name).toBe('NotConverged');
  });
});

describe('verify-route: a distribution, which knows when its change is everywhere', () => {
  it('is asked more and more rarely until it says yes, and then no more', async () => {
    const at = bench(100);
    await verify(at);
    // After 5, 7.5, 11.25 and 16.875 s, then every 20 s, each at the next round of two seconds.
    expect(at.looks).toEqual([0, 6, 14, 26, 44, 64, 84, 104]);
  });

  it('lets no answer count that came before: the streak begins anew', async () => {
    const at = bench(100);
    expect(await verify(at)).toMatchObject({
      // Three in a row, from second 104 on, although every answer since the write was good.
      firstGoodAt: '2026-03-02T10:01:44.000Z',
      convergedAt: '2026-03-02T10:01:48.000Z',
      firstPlaceSeconds: 104,
      lastPlaceSeconds: 104,
    });
  });

  it('is not enough by itself: every place must see the wanted origin too', async () => {
    const late: Sight = (place, _, second) =>
      goodFrom(place === 'dublin' && second < 200 ? 'maintenance' : 'standby');
    expect(await verify(bench(100, late))).toMatchObject({
      convergedAt: '2026-03-02T10:03:24.000Z',
      firstPlaceSeconds: 104,
      lastPlaceSeconds: 200,
    });
  });

  it('does not converge while it says no, whatever the places see', async () => {
    const at = bench(Infinity);
    const error = await refusalOf(verify(at));
    expect(error.name).toBe('NotConverged');
    expect(at.clock.now()).toBe(START + 600_000);
  });

  it('ends the step when it cannot be asked, so that the workflow tries again', async () => {
    const at = bench(0);
    at.routes.confirmSpread = () => Promise.reject(unavailable('CloudFront GetDistribution'));
    expect((await refusalOf(verify(at))).name).toBe('CloudUnavailable');
  });
});
