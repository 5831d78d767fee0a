import fc from 'fast-check';
import { decideMove, type OriginId, type Route } from '../../core/route/route.ts';
import type { RouteStore } from '../../core/ports.ts';
import { makeMoveRoute } from '../../lambdas/move-route/move-route.ts';
import { config, run } from './fixture.ts';
import { callOf, MemoryLedger, MemoryLog, MemoryRoutes, VirtualClock } from './helpers.ts';

/*
 * Goal: whatever the order in which the calls of two executions reach the store, the epoch of the route only grows, and
 * once the newer execution has written nothing of the older one comes after it.
 * Method: two real steps over one store, each believing that the lease is its own (the worst case: a ledger that lagged);
 * the order of their calls is drawn, and so are their targets and what was there before.
 */

const OLDER = 7;
const NEWER = 8;
const safeOrigin = fc.constantFrom<OriginId>('primary', 'maintenance');

const earlierRoute = fc.option(
  fc.record({
    v: fc.constant(1 as const),
    origin: safeOrigin,
    epoch: fc.nat({ max: 100 }),
    fence: fc.nat({ max: OLDER }),
    by: fc.constant('somebody'),
    at: fc.constant('2026-03-02T09:00:00.000Z'),
  }),
);

/** The store, with every call of it waiting for its turn. */
function takingTurns(routes: RouteStore, scheduler: fc.Scheduler): RouteStore {
  const turn = async (label: string): Promise<void> => {
    await scheduler.schedule(Promise.resolve(), label);
  };
  return {
    read: async (workload) => {
      await turn('read');
      return routes.read(workload);
    },
    write: async (workload, route, version) => {
      await turn('write');
      return routes.write(workload, route, version);
    },
    confirmSpread: (workload) => routes.confirmSpread(workload),
  };
}

async function move(store: RouteStore, fence: number, to: OriginId): Promise<unknown> {
  const clock = new VirtualClock();
  const ledger = new MemoryLedger();
  ledger.epoch = fence;
  const step = makeMoveRoute({
    config,
    clock,
    log: new MemoryLog(),
    ledger,
    routes: store,
    doorFence: () => null,
  });
  return step({ run, lease: { taken: true, epoch: fence }, to }, callOf(clock));
}

describe('move-route: two executions at once', () => {
  it('lets the epoch only grow and the newer fence win', async () => {
    let olderLost = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        earlierRoute,
        fc.tuple(safeOrigin, safeOrigin),
        async (scheduler, earlier, [olderTo, newerTo]) => {
          const routes = new MemoryRoutes(earlier);
          const store = takingTurns(routes, scheduler);
          const both = Promise.allSettled([move(store, OLDER, olderTo), move(store, NEWER, newerTo)]);
          const [older, newer] = await scheduler.waitFor(both);

          expect(newer).toMatchObject({ status: 'fulfilled', value: { origin: newerTo } });
          expect(routes.route).toMatchObject({ origin: newerTo, fence: NEWER });
          if (older.status === 'rejected') {
            expect(older.reason).toMatchObject({ name: 'LeaseLost' });
            olderLost += 1;
          }
          const history: Route[] = [...(earlier === null ? [] : [earlier]), ...routes.written];
          const pairs = history.slice(1).map((route, index) => [history[index]!, route] as const);
          expect(pairs.filter(([before, after]) => after.epoch <= before.epoch)).toEqual([]);
          expect(pairs.filter(([before, after]) => after.fence < before.fence)).toEqual([]);
        },
      ),
      { numRuns: 500, seed: 20_260_302 },
    );
    // Both orders must have come up, or the property says little.
    expect(olderLost).toBeGreaterThan(50);
    expect(olderLost).toBeLessThan(450);
  });

  it('never decides to write under an older fence, nor an epoch that does not grow', () => {
    const writer = fc.record({
      fence: fc.nat({ max: 10 }),
      by: fc.constant('run-1'),
      at: fc.constant('now'),
    });
    fc.assert(
      fc.property(earlierRoute, safeOrigin, writer, (current, origin, by) => {
        const decision = decideMove(current, { origin }, by);
        if (decision.kind === 'write') {
          expect(decision.route.epoch).toBe((current?.epoch ?? 0) + 1);
          expect(decision.route.fence).toBeGreaterThanOrEqual(current?.fence ?? 0);
        } else {
          expect(decision.kind).toBe((current?.fence ?? 0) > by.fence ? 'lease-lost' : 'already-there');
        }
      }),
      { numRuns: 2000 },
    );
  });
});
