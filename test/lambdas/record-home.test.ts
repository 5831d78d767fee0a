import type { LeaseRelease } from '../../core/ports.ts';
import { makeRecord } from '../../lambdas/record/record.ts';
import { MemoryTurns } from './fleet-helpers.ts';
import { config, lease } from './fixture.ts';
import { callOf, MemoryLog, MemoryMetrics, VirtualClock } from './helpers.ts';
import { homeLedger, homeRun } from './home-helpers.ts';
import { MemoryApprovals } from './people-helpers.ts';

/*
 * Goal: after a way home automation acts again where the users are home, and in no other case.
 */

const worldOf = (origin: string, percentOnStandby = 0) => ({
  value: {
    route: { known: true, origin, percentOnStandby, by: 'failback-1' },
    pipeline: { known: true, run: null },
  },
});
const failure = { Error: 'NotConverged', Cause: 'The edge does not serve primary everywhere' };

/** How a way home gives its lease back that ended so. */
async function releaseOf(outcome: string, parts: object = {}): Promise<LeaseRelease | null | undefined> {
  const clock = new VirtualClock();
  const ledger = homeLedger();
  const step = makeRecord({
    ...{ config, clock, log: new MemoryLog(), metrics: new MemoryMetrics(), ledger },
    ...{ approvals: new MemoryApprovals(), turns: new MemoryTurns() },
  });
  const state = { run: homeRun, lease: { value: lease }, outcome: { name: outcome }, ...parts };
  await step({ state }, callOf(clock, 30));
  expect(ledger.finished).toHaveLength(1);
  return ledger.finished[0]?.release;
}

const released = (more: Partial<LeaseRelease> = {}): LeaseRelease => ({
  ...{ epoch: 7, status: 'DONE', movedAwayAt: null, cooldownUntil: null, disarms: false },
  ...more,
});
const page = { shield: { value: { origin: 'maintenance', movedAt: '2026-03-02T10:00:00.000Z' } } };

describe('record: the lease of a way home', () => {
  it('arms automation where the users are home, and the page was no move away', async () => {
    expect(await releaseOf('CameHome', { ...page, world: worldOf('primary') })).toEqual(
      released({ arms: true }),
    );
  });

  it('arms it as well where they did not stay well at home: then a new failover is the way', async () => {
    expect(await releaseOf('Escalated', { ...page, failure, world: worldOf('primary') })).toEqual(
      released({ status: 'FAILED', arms: true }),
    );
  });

  it.each([
    ['on the standby', worldOf('standby')],
    ['behind the page', worldOf('maintenance')],
    ['in part on the standby', worldOf('primary', 5)],
    [
      'nobody knows where',
      { value: { route: { known: false, detail: 'HTTP 503' }, pipeline: { known: true, run: null } } },
    ],
    ['not looked for', undefined],
  ])('leaves automation as it was where the users are %s', async (_, world) => {
    for (const [outcome, status] of [
      ['StayedAway', 'DONE'],
      ['Escalated', 'FAILED'],
      ['CameHome', 'DONE'],
    ] as const)
      expect(await releaseOf(outcome, { ...page, failure, world })).toEqual(released({ status }));
  });

  it('is given back whatever its epoch is, where the grant was lost on its way', async () => {
    expect(await releaseOf('Escalated', { lease: undefined, failure })).toEqual(
      released({ epoch: null, status: 'FAILED' }),
    );
  });

  it('is not given back where it was refused, or never taken', async () => {
    const refused = { value: { taken: false, reason: 'not-on-standby', detail: 'some are not' } };
    expect(await releaseOf('NothingToDo', { lease: refused })).toBeNull();
    expect(
      await releaseOf('DryRun', { run: { ...homeRun, dryRun: true }, world: worldOf('primary') }),
    ).toBeNull();
  });
});
