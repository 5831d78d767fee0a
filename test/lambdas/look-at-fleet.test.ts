import type { Config } from '../../core/config/schema.ts';
import type { BrakeItem, LeaseItem } from '../../core/ledger/lease.ts';
import { workloadOf } from '../../core/config/parse.ts';
import { makeLookAtFleet, type FleetOutput } from '../../lambdas/look-at-fleet/look-at-fleet.ts';
import { past } from './confirm-outage-bench.ts';
import {
  brokenRun,
  config,
  lease,
  problemsOf,
  problemsOfBrokenRun,
  refusalOf,
  run,
  START,
} from './fixture.ts';
import { MemoryTurns } from './fleet-helpers.ts';
import { callOf, MemoryLedger, MemoryLog, MemoryMemories, unavailable, VirtualClock } from './helpers.ts';

/*
 * Goal: a run of a fleet waits for its turn and for what it depends on, within bounds, and then goes on all the same.
 * Method: a fleet of two or three in memory, whose other runs hold turns or leases.
 */

const FREE: LeaseItem = {
  ...{ holder: null, expiresAt: 0, epoch: 3, cooldownUntil: 0, disarmed: false, moves: [], vouch: null },
};
const HELD = { ...FREE, holder: 'run-of-vets', expiresAt: START + 3_600_000 };
const shop = workloadOf(config, 'shop');

/** A fleet of `shop` and `vets`, with something changed about `shop`; two may move at once. */
const fleet = (change: Partial<typeof shop> = {}, vets: Partial<typeof shop> = {}): Config => ({
  ...config,
  controller: { ...config.controller, fleet: { movesAtOnce: 1 } },
  workloads: { shop: { ...shop, ...change }, vets: { ...shop, ...vets } },
});

function bench(own = fleet()) {
  const clock = new VirtualClock();
  const log = new MemoryLog();
  const ledger = new MemoryLedger();
  const turns = new MemoryTurns();
  const memories = new MemoryMemories();
  const now: { lease: LeaseItem | null; brake: BrakeItem | null } = { lease: FREE, brake: null };
  const looked: string[] = [];
  const step = makeLookAtFleet({
    ...{ config: own, clock, log, ledger, turns, memories },
    standing: async (workload) => {
      looked.push(workload);
      return now;
    },
  });
  const input = { run, lease, purpose: 'turn', waitingSince: '2026-03-02T10:00:00.000Z' };
  const look = async (change: object = {}): Promise<FleetOutput & { seconds: number }> => {
    const began = clock.now();
    const output = (await step({ ...input, ...change }, callOf(clock, 60))) as FleetOutput;
    return { ...output, seconds: (clock.now() - began) / 1000 };
  };
  /** Somebody else has the one turn. */
  const occupy = (until = START + 3_600_000): void => {
    turns.turns = { holders: { 'run-9': { workload: 'vets', until } }, waiting: {} };
  };
  return { step, look, clock, log, ledger, turns, memories, now, looked, occupy };
}

describe('look-at-fleet: the turn of a run', () => {
  it('is there at once where there is room, and is held for as long as a move may take', async () => {
    const at = bench();
    expect(await at.look()).toEqual({ mayGo: true, detail: 'nothing is waited for', seconds: 0 });
    // 600 s for the pipeline, 300 s for the standby, twice 60 s for the route.
    expect(at.turns.turns.holders).toEqual({ 'run-1': { workload: 'shop', until: START + 1_020_000 } });
    expect(at.ledger.renewals).toHaveLength(1);
  });

  it('is waited for, for a minute and a half a call at most', async () => {
    const at = bench();
    at.occupy();
    const output = await at.look();
    expect(output).toMatchObject({
      mayGo: false,
      detail: 'its turn: 1 runs at once, 1 before it or at its side',
    });
    expect(output.seconds).toBeGreaterThan(76);
    expect(output.seconds).toBeLessThan(88);
    expect(Object.keys(at.turns.turns.waiting)).toEqual(['run-1']);
  });

  it('comes when it is given back', async () => {
    const at = bench();
    at.occupy();
    void at.clock.sleep(20_000).then(() => {
      at.turns.turns = { ...at.turns.turns, holders: {} };
      at.turns.version += 1;
    });
    const output = await at.look();
    expect(output.mayGo).toBe(true);
    expect(output.seconds).toBeGreaterThanOrEqual(20);
    expect(output.seconds).toBeLessThan(27);
  });

  it.each([
    ['a minute less', '2026-03-02T09:31:59.000Z', false],
    ['a minute more', '2026-03-02T09:29:00.000Z', true],
  ])('is waited for no longer than half an hour: %s', async (_, waitingSince, mayGo) => {
    const at = bench();
    at.occupy();
    expect(await at.look({ waitingSince })).toMatchObject({ mayGo });
    expect(at.log.warnings).toHaveLength(mayGo ? 1 : 0);
  });

  it('says so where it goes on without it', async () => {
    const at = bench();
    at.occupy();
    expect(await at.look({ waitingSince: '2026-03-02T09:00:00.000Z' })).toEqual({
      mayGo: true,
      detail: 'waited 1800 s and goes on: its turn: 1 runs at once, 1 before it or at its side',
      seconds: 0,
    });
    expect(at.log.warnings[0]).toMatchObject({
      message: 'a run has waited for long enough and goes on',
      facts: { workload: 'shop', purpose: 'turn' },
    });
  });

  it('lets others come first for some seconds, where one may go before it and turns are scarce', async () => {
    const first = bench(fleet({}, { priority: 1 }));
    expect((await first.look()).seconds).toBeGreaterThanOrEqual(8);
    expect((await bench(fleet({ priority: 1 }, { priority: 1 })).look()).seconds).toBe(0);
    const roomy = fleet({}, { priority: 1 });
    roomy.controller.fleet.movesAtOnce = 2;
    expect((await bench(roomy).look()).seconds).toBe(0);
  });
});

describe('look-at-fleet: what a workload depends on', () => {
  const children = { purpose: 'children' };
  const depends = fleet({ dependsOn: ['vets'] });

  it('is nothing where it names nobody', async () => {
    const at = bench();
    at.now.lease = HELD;
    expect(await at.look(children)).toMatchObject({ mayGo: true, seconds: 0 });
    expect([at.looked, at.turns.version]).toEqual([[], 0]);
  });

  it('is waited for while a run moves it, and named', async () => {
    const at = bench(depends);
    at.now.lease = HELD;
    expect(await at.look(children)).toMatchObject({
      mayGo: false,
      detail: 'vets, on the way to the standby',
    });
    at.now.lease = FREE;
    expect(await at.look(children)).toMatchObject({ mayGo: true, detail: 'nothing is waited for' });
  });

  it('is waited for where it is down and will be moved', async () => {
    const at = bench(depends);
    at.memories.memory = past(60).memory;
    expect(await at.look({ ...children, waitingSince: '2026-03-02T09:00:00.000Z' })).toMatchObject({
      mayGo: true,
      detail: 'waited 900 s and goes on: vets, on the way to the standby',
    });
    at.memories.memory = past().memory;
    expect(await at.look(children)).toMatchObject({ detail: 'nothing is waited for' });
  });
});

describe('look-at-fleet: what goes wrong', () => {
  it('stops before it asks for a turn when the lease is lost', async () => {
    const at = bench();
    at.ledger.holder = 'run-2';
    expect((await refusalOf(at.look())).name).toBe('LeaseLost');
    expect(at.turns.version).toBe(0);
  });

  it('fails where the turns cannot be read: the workflow tries again', async () => {
    const at = bench();
    at.turns.failure = unavailable('DynamoDB GetItem');
    expect((await refusalOf(at.look())).name).toBe('CloudUnavailable');
  });

  it('names everything that is wrong with its input', async () => {
    const at = bench();
    const input = { run: brokenRun, lease, purpose: 'wait', waitingSince: 'noon' };
    expect(await problemsOf(at.step, input)).toEqual([
      ...problemsOfBrokenRun,
      'purpose: got "wait", expected one of "turn"|"children"',
      'waitingSince: got "noon", expected a valid ISO datetime',
    ]);
  });
});
