import type { OriginId, Route } from '../../core/route/route.ts';
import { makeMoveRoute } from '../../lambdas/move-route/move-route.ts';
import type { Step } from '../../lambdas/runtime.ts';
import { brokenRun, config, lease, problemsOf, problemsOfBrokenRun, refusalOf, run } from './fixture.ts';
import { onlyFor } from './azure-helpers.ts';
import {
  callOf,
  MemoryFence,
  MemoryLedger,
  MemoryLog,
  MemoryRoutes,
  unavailable,
  VirtualClock,
} from './helpers.ts';

/*
 * Goal: the route moves by one conditional write, under a lease that is ours, on evidence that is complete; in every other
 * case nothing is written.
 */

interface Bench {
  readonly step: Step;
  readonly clock: VirtualClock;
  readonly ledger: MemoryLedger;
  readonly routes: MemoryRoutes;
  readonly log: MemoryLog;
  readonly fence: MemoryFence;
}

function bench(route: Route | null = null): Bench {
  const clock = new VirtualClock();
  const ledger = new MemoryLedger();
  const routes = new MemoryRoutes(route);
  const log = new MemoryLog();
  const fence = new MemoryFence();
  const step = makeMoveRoute({ config, clock, log, ledger, routes, doorFence: onlyFor(fence) });
  return { step, clock, ledger, routes, log, fence };
}

const routeTo = (origin: OriginId, epoch: number, fence: number): Route => ({
  v: 1,
  origin,
  epoch,
  fence,
  by: 'somebody',
  at: '2026-03-02T09:00:00.000Z',
});

const prepared = {
  approval: { decision: 'not-needed' },
  standby: { ready: true, checkedAt: '2026-03-02T10:12:00.000Z', checks: [] },
  shield: { converged: true, places: [] },
};
const move = async (at: Bench, to: OriginId, evidence?: unknown): Promise<unknown> =>
  at.step({ run, lease, to, prepared: evidence }, callOf(at.clock, 60));

describe('move-route: the fence at the door of the primary', () => {
  it('is opened once the route is back, and again where that answer was lost', async () => {
    const at = bench(routeTo('maintenance', 3, 7));
    await move(at, 'primary');
    expect(at.fence.asked).toEqual(['open']);
    await move(at, 'primary');
    expect(at.fence.asked).toEqual(['open', 'open']);
    expect(at.routes.route?.epoch).toBe(4);
  });

  it('stays shut for every other move', async () => {
    const at = bench();
    await move(at, 'maintenance');
    await move(at, 'standby', prepared).catch(() => undefined);
    expect(at.fence.asked).toEqual([]);
  });

  it('is not opened by a run that was overtaken', async () => {
    const at = bench(routeTo('maintenance', 3, 8));
    expect((await refusalOf(move(at, 'primary'))).name).toBe('LeaseLost');
    expect(at.fence.asked).toEqual([]);
  });

  it('that cannot be opened fails the step, so that it is tried again', async () => {
    const at = bench(routeTo('maintenance', 3, 7));
    at.fence.failure = unavailable('ELBv2 ModifyRule');
    expect((await refusalOf(move(at, 'primary'))).name).toBe('CloudUnavailable');
  });
});

describe('move-route: the age of the look at the standby', () => {
  const old = { ...prepared, standby: { ready: true, checkedAt: '2026-03-02T09:57:59.000Z', checks: [] } };

  it('refuses to send the first users on a look of more than two minutes ago, and writes nothing', async () => {
    const at = bench(routeTo('maintenance', 41, 7));
    const refusal = await refusalOf(move(at, 'standby', old));
    expect(refusal.name).toBe('StandbyLookTooOld');
    expect(refusal.message).toBe(
      'The standby was seen healthy 121 s ago, expected at most 120 s. Nothing was moved; it is looked at again first.',
    );
    expect(at.routes.written).toEqual([]);
  });

  it('sends them on a look of just two minutes', async () => {
    const just = { ...prepared, standby: { ...old.standby, checkedAt: '2026-03-02T09:58:00.000Z' } };
    const at = bench(routeTo('maintenance', 41, 7));
    expect(await move(at, 'standby', just)).toMatchObject({ origin: 'standby' });
  });

  it('sends the rest after a share: what the first get was looked at all the while', async () => {
    const share = { ...routeTo('maintenance', 41, 7), canary: { origin: 'standby', percent: 5 } } as const;
    expect(await move(bench(share), 'standby', old)).toMatchObject({ origin: 'standby' });
  });

  it('asks for none where users go back to the shield', async () => {
    expect(await move(bench(routeTo('standby', 41, 7)), 'maintenance', old)).toMatchObject({
      origin: 'maintenance',
    });
  });
});

describe('move-route: moving', () => {
  it('writes the first route of a workload that the edge has served by default', async () => {
    const at = bench();
    expect(await move(at, 'maintenance')).toEqual({
      origin: 'maintenance',
      previous: 'primary',
      epoch: 1,
      movedAt: '2026-03-02T10:00:00.000Z',
    });
    expect(at.routes.written).toEqual([
      { v: 1, origin: 'maintenance', epoch: 1, fence: 7, by: 'run-1', at: '2026-03-02T10:00:00.000Z' },
    ]);
    expect(at.ledger.renewals).toEqual([1_772_446_000_000]);
    expect(at.log.infos).toEqual(['the route was moved']);
  });

  it('moves to the standby on complete evidence, one epoch further', async () => {
    const at = bench(routeTo('maintenance', 41, 7));
    expect(await move(at, 'standby', prepared)).toEqual({
      origin: 'standby',
      previous: 'maintenance',
      epoch: 42,
      movedAt: '2026-03-02T10:00:00.000Z',
    });
  });

  it.each(['primary', 'maintenance'] as const)('moves to %s without evidence: it is safe', async (to) => {
    const at = bench(routeTo('standby', 3, 7));
    expect(await move(at, to)).toMatchObject({ origin: to, previous: 'standby', epoch: 4 });
  });

  it('writes nothing when an earlier attempt has done it, and tells when that was', async () => {
    const at = bench(routeTo('maintenance', 5, 7));
    expect(await move(at, 'maintenance')).toEqual({
      origin: 'maintenance',
      previous: 'maintenance',
      epoch: 5,
      movedAt: '2026-03-02T09:00:00.000Z',
    });
    expect(at.routes.written).toEqual([]);
  });

  it('puts its own fence on the same origin when an older execution left it there', async () => {
    const at = bench(routeTo('maintenance', 5, 6));
    expect(await move(at, 'maintenance')).toMatchObject({ epoch: 6, movedAt: '2026-03-02T10:00:00.000Z' });
    expect(at.routes.written).toMatchObject([{ origin: 'maintenance', epoch: 6, fence: 7 }]);
  });
});

describe('move-route: somebody else writes at the same time', () => {
  it('reads again after a conflict and goes on from what is there', async () => {
    const at = bench();
    at.routes.rivals.push(routeTo('primary', 10, 6));
    expect(await move(at, 'maintenance')).toMatchObject({
      origin: 'maintenance',
      previous: 'primary',
      epoch: 11,
    });
    expect(at.routes.reads).toBe(2);
    expect(at.ledger.renewals).toHaveLength(2);
    expect(at.log.warnings).toEqual([
      { message: 'the route changed while it was being written; reading it again', facts: { attempt: 1 } },
    ]);
  });

  it('gives up its lease when the conflict was a newer execution', async () => {
    const at = bench();
    at.routes.rivals.push(routeTo('standby', 10, 8));
    const error = await refusalOf(move(at, 'maintenance'));
    expect(error.name).toBe('LeaseLost');
    expect(error.message).toBe(
      'The route of shop was written under fence 8, ours is 7: another execution has acted since. This one stops; ' +
        'nothing was changed.',
    );
    expect(at.routes.route).toEqual(routeTo('standby', 10, 8));
  });

  it('wins on the fifth attempt', async () => {
    const at = bench();
    for (const epoch of [1, 2, 3, 4]) at.routes.rivals.push(routeTo('primary', epoch, 6));
    expect(await move(at, 'maintenance')).toMatchObject({ epoch: 5 });
  });

  it('calls it contention after five conflicts, which the workflow retries', async () => {
    const at = bench();
    for (const epoch of [1, 2, 3, 4, 5]) at.routes.rivals.push(routeTo('primary', epoch, 6));
    const error = await refusalOf(move(at, 'maintenance'));
    expect(error).toMatchObject({ name: 'RouteContended', retryable: true });
    expect(error.message).toBe(
      'The route of shop was changed by somebody else 5 times in a row while it was to be moved to maintenance. Find ' +
        'out who writes to its KeyValueStore; the step is tried again.',
    );
    expect(at.routes.reads).toBe(5);
    expect(at.routes.written).toEqual([]);
  });
});

describe('move-route: what it will not do', () => {
  it.each([
    ['no evidence at all', undefined],
    ['nothing about the standby', { shield: { converged: true } }],
    ['nothing about the shield', { standby: prepared.standby }],
    ['a standby that was not ready', { ...prepared, standby: { ...prepared.standby, ready: false } }],
    ['a standby that was seen nobody knows when', { ...prepared, standby: { ready: true } }],
    [
      'a standby that was seen at no real moment',
      { ...prepared, standby: { ready: true, checkedAt: 'now' } },
    ],
    ['a shield that did not spread', { ...prepared, shield: { converged: false } }],
    ['a shield that says nothing of itself', { ...prepared, shield: {} }],
    ['evidence of another shape', 'seen healthy'],
  ])('does not go to the standby with %s', async (_, evidence) => {
    const at = bench(routeTo('maintenance', 5, 7));
    const error = await refusalOf(move(at, 'standby', evidence));
    expect(error).toMatchObject({ name: 'UnsafeMove', retryable: false });
    expect(at.routes.reads).toBe(0);
    expect(at.routes.written).toEqual([]);
    expect(at.ledger.renewals).toEqual([]);
  });

  it('shows the evidence that it was given, or that it was given none', async () => {
    const error = await refusalOf(move(bench(), 'standby', { standby: { ready: false } }));
    expect(error.message).toBe(
      'A move to the standby needs the evidence that it was seen healthy and that the shield has spread; ' +
        'got {"standby":{"ready":false}}. The route stays where it is.',
    );
    expect((await refusalOf(move(bench(), 'standby'))).message).toContain('; got nothing. The route stays');
  });

  it('writes nothing when the lease is lost', async () => {
    const at = bench();
    at.ledger.epoch = 8;
    expect((await refusalOf(move(at, 'maintenance'))).name).toBe('LeaseLost');
    expect(at.routes.reads).toBe(0);
  });

  it('writes nothing when the ledger cannot say whose lease it is', async () => {
    const at = bench();
    at.ledger.failure = unavailable('DynamoDB UpdateItem');
    expect((await refusalOf(move(at, 'maintenance'))).name).toBe('CloudUnavailable');
    expect(at.routes.reads).toBe(0);
  });

  it('does not begin what it may not finish', async () => {
    const at = bench();
    const late = at.step({ run, lease, to: 'maintenance' }, callOf(at.clock, 19));
    const error = await refusalOf(late);
    expect(error).toMatchObject({ name: 'TooLittleTime', retryable: true });
    expect(error.message).toBe(
      'moving the route to maintenance needs 20000 ms, 19000 ms are left; nothing was begun.',
    );
    expect(at.ledger.renewals).toEqual([]);
    expect(at.routes.reads).toBe(0);
  });

  it('begins with exactly the time that it needs', async () => {
    const at = bench();
    expect(await at.step({ run, lease, to: 'maintenance' }, callOf(at.clock, 20))).toMatchObject({
      epoch: 1,
    });
  });

  it('does not try again after a conflict when the time has run out', async () => {
    const at = bench();
    at.routes.rivals.push(routeTo('primary', 1, 6));
    const left = [20_000, 19_999];
    const late = at.step({ run, lease, to: 'maintenance' }, { remainingMs: () => left.shift() ?? 0 });
    expect((await refusalOf(late)).name).toBe('TooLittleTime');
    expect(at.routes.reads).toBe(1);
    expect(at.routes.written).toEqual([]);
  });

  it('names everything that is wrong with its input', async () => {
    const at = bench();
    expect(await problemsOf(at.step, { run: brokenRun, lease: {}, to: 'azure' })).toEqual([
      ...problemsOfBrokenRun,
      'lease.taken: got nothing, expected true',
      'lease.epoch: got nothing, expected number',
      'to: got "azure", expected one of "primary"|"standby"|"maintenance"',
    ]);
    expect(at.routes.reads).toBe(0);
  });

  it('refuses a workload that the config does not have', async () => {
    const at = bench();
    const input = { run: { ...run, workload: 'blog' }, lease, to: 'maintenance' };
    expect(await problemsOf(at.step, input)).toEqual(['workload: got "blog", expected one of shop']);
    expect(at.routes.reads).toBe(0);
  });
});
