import { makeWatchRuns } from '../../lambdas/watch-runs/watch-runs.ts';
import { readEnded } from '../../core/run/ending.ts';
import type { LeaseItem } from '../../core/ledger/lease.ts';
import type { RunEnd } from '../../core/ports.ts';
import { config, START } from './fixture.ts';
import { callOf, MemoryLog, unavailable, VirtualClock } from './helpers.ts';

/*
 * Goal: a run that ended and that nobody has heard of is handed to what closes runs, within a minute and once; a run that goes on, or
 * that its own end has closed, is left alone.
 */

/** Two workloads, all alike. */
const settings = { ...config, workloads: { other: config.workloads['shop']!, ...config.workloads } };

const held = (holder: string | null, expiresAt = START + 600_000): LeaseItem => ({
  ...{ holder, expiresAt, epoch: 7, cooldownUntil: 0, disarmed: false, moves: [], vouch: null },
});

const ended = (secondsAgo: number, status: 'ABORTED' | 'TIMED_OUT' | 'FAILED' = 'ABORTED'): RunEnd => ({
  kind: 'ended',
  run: {
    ...{ name: 'run-1', status, startedAt: START - 900_000, endedAt: START - secondsAgo * 1000 },
    ...{ input: '{"workload":"shop","reason":"it is dark","requestedBy":"Mina"}', error: null, cause: null },
  },
});

function bench(
  leases: Readonly<Record<string, LeaseItem | Error | null>>,
  ends: Record<string, RunEnd | Error>,
) {
  const clock = new VirtualClock();
  const now = { ...leases };
  const closed: unknown[] = [];
  const log = new MemoryLog();
  const valueOf = <T>(value: T | Error): T => {
    if (value instanceof Error) throw value;
    return value;
  };
  const step = makeWatchRuns({
    ...{ config: settings, clock, log },
    leaseOf: async (workload) => valueOf(now[workload] ?? null),
    ends: {
      of: async (execution) => {
        const end = ends[execution];
        if (end === undefined) throw new Error(`nobody prepared ${execution}`);
        return valueOf(end);
      },
    },
    close: async (event) => void closed.push(event),
  });
  return { clock, now, closed, log, look: () => step({}, callOf(clock, 55)) };
}

describe('watch-runs', () => {
  it.each(['ABORTED', 'TIMED_OUT', 'FAILED'] as const)(
    'has a run closed that is %s and still holds its lease, by the event that was lost',
    async (status) => {
      const at = bench({ shop: held('run-1') }, { 'run-1': ended(45, status) });
      expect(await at.look()).toEqual({ closed: ['run-1'] });
      expect(at.clock.now()).toBe(START);
      expect(readEnded(config, at.closed[0])).toMatchObject({
        run: { execution: 'run-1', workload: 'shop', requestedBy: 'Mina' },
        untold: false,
      });
    },
  );

  it('waits until the event must have come, and leaves a run alone that was closed by then', async () => {
    const at = bench({ shop: held('run-1') }, { 'run-1': ended(10) });
    void at.clock.sleep(15_000).then(() => (at.now['shop'] = held(null)));
    expect(await at.look()).toEqual({ closed: [] });
    expect(at.clock.now()).toBe(START + 20_000);
    expect(at.closed).toEqual([]);
  });

  it('has it closed after that wait where nobody came', async () => {
    const at = bench({ shop: held('run-1') }, { 'run-1': ended(10) });
    expect(await at.look()).toEqual({ closed: ['run-1'] });
    expect(at.clock.now()).toBe(START + 20_000);
  });

  it('leaves the next run alone that has taken the lease meanwhile', async () => {
    const at = bench({ shop: held('run-1') }, { 'run-1': ended(10) });
    void at.clock.sleep(15_000).then(() => (at.now['shop'] = { ...held('run-2'), epoch: 8 }));
    expect(await at.look()).toEqual({ closed: [] });
  });

  it.each(['goes-on', 'succeeded'] as const)('leaves a run alone that %s', async (kind) => {
    const at = bench({ shop: held('run-1') }, { 'run-1': { kind } });
    expect(await at.look()).toEqual({ closed: [] });
  });

  it('asks nothing where nobody holds a lease, or a person does by hand', async () => {
    expect(await bench({ shop: held(null) }, {}).look()).toEqual({ closed: [] });
    expect(await bench({ shop: null }, {}).look()).toEqual({ closed: [] });
    expect(await bench({ shop: held('by-hand-20261128T014539000Z') }, {}).look()).toEqual({ closed: [] });
  });

  it('takes a run that Step Functions does not know for a young one until its lease has ended', async () => {
    const young = bench({ shop: held('run-1', START + 1_000) }, { 'run-1': { kind: 'unknown' } });
    expect(await young.look()).toEqual({ closed: [] });
    const gone = bench({ shop: held('run-1', START - 60_000) }, { 'run-1': { kind: 'unknown' } });
    expect(await gone.look()).toEqual({ closed: ['run-1'] });
    expect(readEnded(config, gone.closed[0])).toMatchObject({
      run: { execution: 'run-1', workload: 'shop' },
      failure: {
        Error: 'ExecutionFailed',
        Cause: expect.stringContaining('does not know the run') as string,
      },
    });
  });

  it('looks at the others where one cannot be looked at, and fails all the same, so that its alarm rings', async () => {
    const at = bench({ other: unavailable('DynamoDB GetItem'), shop: held('run-1') }, { 'run-1': ended(45) });
    await expect(at.look()).rejects.toThrow('HTTP 503');
    expect(at.closed).toHaveLength(1);
    expect(at.log.warnings[0]?.message).toBe('the run of a workload could not be looked at');
  });
});
