import fc from 'fast-check';
import {
  decideMove,
  originIds,
  routeSchema,
  serves,
  type Route,
  type WantedRoute,
} from '../../../core/route/route.ts';

/*
 * Goal: the epoch only grows, an older fence never writes, and a repeated move does no harm.
 */

const AT = '2026-11-22T03:04:05.000Z';
const route = (change: Partial<Route> = {}): Route => ({
  v: 1,
  origin: 'primary',
  epoch: 7,
  fence: 3,
  by: 'execution-1',
  at: '2026-11-22T03:00:00.000Z',
  ...change,
});
const writer = (fence: number): { fence: number; by: string; at: string } => ({
  fence,
  by: 'execution-2',
  at: AT,
});

describe('a move', () => {
  it('writes the wanted origin with the next epoch and the fence of its lease', () => {
    expect(decideMove(route(), { origin: 'maintenance' }, writer(4))).toEqual({
      kind: 'write',
      route: { v: 1, origin: 'maintenance', epoch: 8, fence: 4, by: 'execution-2', at: AT },
    });
  });

  it('is the first epoch where the store has no route yet', () => {
    expect(decideMove(null, { origin: 'standby' }, writer(1))).toMatchObject({
      kind: 'write',
      route: { origin: 'standby', epoch: 1, fence: 1 },
    });
  });

  it('carries the canary that is wanted, and drops the one that is not', () => {
    const canary = { origin: 'standby', percent: 5 } as const;
    expect(decideMove(route(), { origin: 'primary', canary }, writer(3))).toMatchObject({
      kind: 'write',
      route: { origin: 'primary', canary: { origin: 'standby', percent: 5 } },
    });
    const back = decideMove(route({ canary }), { origin: 'primary' }, writer(3));
    expect(back.kind === 'write' && 'canary' in back.route).toBe(false);
    expect(back.kind).toBe('write');
  });

  it('is not made twice by the same lease', () => {
    const there = route({ origin: 'standby', fence: 4 });
    expect(decideMove(there, { origin: 'standby' }, writer(4))).toEqual({
      kind: 'already-there',
      route: there,
    });
  });

  it('is made again by a newer lease, so that the older one can write no more', () => {
    expect(decideMove(route({ origin: 'standby' }), { origin: 'standby' }, writer(4))).toMatchObject({
      kind: 'write',
      route: { origin: 'standby', epoch: 8, fence: 4 },
    });
  });

  it('is refused to a lease that is older than the route, even where nothing would change', () => {
    expect(decideMove(route({ fence: 5 }), { origin: 'primary' }, writer(4))).toEqual({
      kind: 'lease-lost',
      fence: 5,
    });
  });
});

const anyCanary = fc.record({
  origin: fc.constantFrom('primary' as const, 'standby' as const),
  percent: fc.integer({ min: 0, max: 100 }),
});
const anyWanted: fc.Arbitrary<WantedRoute> = fc.record(
  { origin: fc.constantFrom(...originIds), canary: anyCanary },
  { requiredKeys: ['origin'] },
);

describe('any sequence of moves', () => {
  it('makes the epoch grow by one with each write, and the fence never fall', () => {
    const moves = fc.array(fc.tuple(anyWanted, fc.integer({ min: 1, max: 5 })), { maxLength: 30 });
    fc.assert(
      fc.property(moves, (list) => {
        let current: Route | null = null;
        for (const [wanted, fence] of list) {
          const before: Route | null = current;
          const decision = decideMove(before, wanted, writer(fence));
          if (decision.kind !== 'write') {
            expect(decision.kind === 'lease-lost').toBe(before !== null && before.fence > fence);
            continue;
          }
          expect(decision.route.epoch).toBe((before?.epoch ?? 0) + 1);
          expect(decision.route.fence).toBeGreaterThanOrEqual(before?.fence ?? 0);
          expect(serves(decision.route, wanted)).toBe(true);
          current = routeSchema.parse(decision.route);
        }
      }),
    );
  });
});

describe('what the edge serves', () => {
  it.each<[Route | null, WantedRoute, boolean]>([
    [null, { origin: 'primary' }, true],
    [null, { origin: 'standby' }, false],
    [null, { origin: 'primary', canary: { origin: 'standby', percent: 5 } }, false],
    [route(), { origin: 'primary' }, true],
    [route(), { origin: 'maintenance' }, false],
    [route({ canary: { origin: 'standby', percent: 5 } }), { origin: 'primary' }, false],
    [
      route({ canary: { origin: 'standby', percent: 5 } }),
      { origin: 'primary', canary: { origin: 'standby', percent: 5 } },
      true,
    ],
    [
      route({ canary: { origin: 'standby', percent: 5 } }),
      { origin: 'primary', canary: { origin: 'standby', percent: 6 } },
      false,
    ],
    [
      route({ canary: { origin: 'primary', percent: 5 } }),
      { origin: 'primary', canary: { origin: 'standby', percent: 5 } },
      false,
    ],
  ])('with %j, where %j is wanted: %s', (current, wanted, expected) => {
    expect(serves(current, wanted)).toBe(expected);
  });
});

describe('a route from the store', () => {
  it('is read', () => {
    expect(routeSchema.parse(route({ canary: { origin: 'standby', percent: 0.5 } }))).toMatchObject({
      epoch: 7,
    });
  });

  it.each([
    ['of another version', { v: 2 }],
    ['to an origin that does not exist', { origin: 'azure' }],
    ['with a negative epoch', { epoch: -1 }],
    ['with a broken fence', { fence: 1.5 }],
    ['with a canary to the maintenance page', { canary: { origin: 'maintenance', percent: 1 } }],
    ['with a share above all', { canary: { origin: 'standby', percent: 101 } }],
    ['without its moment', { at: 'yesterday' }],
    ['by somebody with too long a name', { by: 'x'.repeat(201) }],
  ])('is refused %s', (_case, change) => {
    expect(routeSchema.safeParse({ ...route(), ...change }).success).toBe(false);
  });
});

describe('the writes of the standby', () => {
  const moveTo = (current: Route | null, wanted: WantedRoute, dataSeenTo = false) =>
    decideMove(current, wanted, { ...writer(4), dataSeenTo });
  const served = (change: Partial<Route> = {}): Route => route({ standbyServed: true, ...change });

  it.each<[string, WantedRoute]>([
    ['everybody', { origin: 'standby' }],
    ['a share of the users', { origin: 'maintenance', canary: { origin: 'standby', percent: 5 } }],
  ])('are remembered as soon as it serves %s', (_case, wanted) => {
    expect(moveTo(route(), wanted)).toMatchObject({ kind: 'write', route: { standbyServed: true } });
  });

  it.each<[string, WantedRoute]>([
    ['the shield', { origin: 'maintenance' }],
    ['a share on the primary', { origin: 'maintenance', canary: { origin: 'primary', percent: 5 } }],
  ])('are not made up by %s', (_case, wanted) => {
    const decision = moveTo(route(), wanted);
    expect(decision.kind).toBe('write');
    expect(decision).not.toHaveProperty('route.standbyServed');
  });

  it('are still remembered behind the shield', () => {
    expect(moveTo(served({ origin: 'standby' }), { origin: 'maintenance' })).toMatchObject({
      kind: 'write',
      route: { origin: 'maintenance', standbyServed: true },
    });
  });

  it('are never left behind by automation, from wherever it would go home', () => {
    for (const origin of ['standby', 'maintenance', 'primary'] as const) {
      expect(moveTo(served({ origin }), { origin: 'primary' })).toEqual({
        kind: 'would-lose-writes',
        on: 'standby',
      });
    }
    expect(moveTo(route({ origin: 'maintenance' }), { origin: 'primary' }).kind).toBe('write');
  });

  it('are forgotten when a person brings the site home', () => {
    const decision = moveTo(served({ origin: 'maintenance' }), { origin: 'primary' }, true);
    expect(decision).toMatchObject({ kind: 'write', route: { origin: 'primary' } });
    expect(decision).not.toHaveProperty('route.standbyServed');
  });

  it('do not hide a lost lease', () => {
    expect(moveTo(served({ fence: 5 }), { origin: 'primary' })).toEqual({ kind: 'lease-lost', fence: 5 });
  });
});
