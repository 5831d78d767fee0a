import type { Approval } from '../../core/approval/approval.ts';
import { makeFindApproval } from '../../lambdas/find-approval/find-approval.ts';
import type { Step } from '../../lambdas/runtime.ts';
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
import { callOf, MemoryLedger, unavailable, VirtualClock } from './helpers.ts';
import { approvalOf, asking, MemoryApprovals } from './people-helpers.ts';

interface Bench {
  readonly step: Step;
  readonly clock: VirtualClock;
  readonly ledger: MemoryLedger;
  readonly approvals: MemoryApprovals;
}

function bench(kept: Approval | null, own = asking('proceed')): Bench {
  const clock = new VirtualClock();
  const ledger = new MemoryLedger();
  const approvals = new MemoryApprovals(kept);
  return { step: makeFindApproval({ config: own, clock, ledger, approvals }), clock, ledger, approvals };
}

async function look(at: Bench, afterMs = 0): Promise<unknown> {
  await at.clock.sleep(afterMs);
  return at.step({ run, lease }, callOf(at.clock, 15));
}

describe('find-approval', () => {
  it.each([
    ['approved', true],
    ['pending', false],
    ['rejected', false],
    ['closed', false],
  ] as const)('takes %s for given: %s', async (state, given) => {
    const at = bench(approvalOf({ state }));
    expect(await look(at)).toEqual({ given });
    expect(at.ledger.renewals).toEqual([1_772_446_000_000]);
  });

  it('is not given while nobody was asked, or only for another execution', async () => {
    expect(await look(bench(null))).toEqual({ given: false });
    const other = approvalOf({ execution: 'run-0', state: 'approved' });
    expect(await look(bench(other))).toEqual({ given: false });
  });

  it('takes silence for a yes only after the time limit, and only where the policy does', async () => {
    expect(await look(bench(approvalOf()), 300_000)).toEqual({ given: false });
    expect(await look(bench(approvalOf()), 300_001)).toEqual({ given: true });
    expect(await look(bench(approvalOf(), asking('abort')), 300_001)).toEqual({ given: false });
    expect(await look(bench(approvalOf(), asking('escalate')), 300_001)).toEqual({ given: false });
    expect(await look(bench(approvalOf(), config), 300_001)).toEqual({ given: false });
  });

  it('takes a rejection for no yes, however long ago', async () => {
    const at = bench(approvalOf({ state: 'rejected', expiresAt: START }));
    expect(await look(at, 300_001)).toEqual({ given: false });
  });

  it('fails where the lease is lost, and where the ledger cannot be read', async () => {
    const lost = bench(approvalOf({ state: 'approved' }));
    lost.ledger.holder = 'run-2';
    expect((await refusalOf(look(lost))).name).toBe('LeaseLost');
    const dark = bench(approvalOf({ state: 'approved' }));
    dark.approvals.failure = unavailable('DynamoDB GetItem');
    expect((await refusalOf(look(dark))).name).toBe('CloudUnavailable');
  });

  it('names everything that is wrong with its input', async () => {
    expect(await problemsOf(bench(null).step, { run: brokenRun, lease })).toEqual(problemsOfBrokenRun);
  });
});
