import { makeScaleStandby } from '../../lambdas/scale-standby/scale-standby.ts';
import type { Step } from '../../lambdas/runtime.ts';
import { brokenRun, config, lease, problemsOf, problemsOfBrokenRun, refusalOf, run } from './fixture.ts';
import { MemoryStandby, onlyFor } from './azure-helpers.ts';
import { callOf, MemoryLedger, MemoryLog, VirtualClock } from './helpers.ts';

const clock = new VirtualClock();

function bench(): { step: Step; ledger: MemoryLedger; standby: MemoryStandby } {
  const ledger = new MemoryLedger();
  const standby = new MemoryStandby();
  const step = makeScaleStandby({ config, clock, log: new MemoryLog(), ledger, standby: onlyFor(standby) });
  return { step, ledger, standby };
}

describe('scale-standby', () => {
  it('asks for as many nodes as the config says and tells how many there were', async () => {
    const { step, ledger, standby } = bench();
    expect(await step({ run, lease }, callOf(clock, 60))).toEqual({ nodeCount: 3, previousNodeCount: 1 });
    expect(standby.nodeCount).toBe(3);
    expect(ledger.renewals).toEqual([1_772_446_000_000]);
  });

  it('may run again', async () => {
    const { step } = bench();
    await step({ run, lease }, callOf(clock, 60));
    expect(await step({ run, lease }, callOf(clock, 60))).toEqual({ nodeCount: 3, previousNodeCount: 3 });
  });

  it('scales nothing when the lease is lost', async () => {
    const { step, ledger, standby } = bench();
    ledger.holder = 'run-2';
    expect((await refusalOf(step({ run, lease }, callOf(clock, 60)))).name).toBe('LeaseLost');
    expect(standby.nodeCount).toBe(1);
  });

  it('does not begin what it may not finish', async () => {
    const { step, ledger, standby } = bench();
    const error = await refusalOf(step({ run, lease }, callOf(clock, 19)));
    expect(error).toMatchObject({
      name: 'TooLittleTime',
      message: 'scaling the standby needs 20000 ms, 19000 ms are left; nothing was begun.',
    });
    expect(ledger.renewals).toEqual([]);
    expect(standby.nodeCount).toBe(1);
  });

  it('names everything that is wrong with its input', async () => {
    const { step, standby } = bench();
    expect(await problemsOf(step, { run: brokenRun, lease: { taken: true, epoch: 1.5 } })).toEqual([
      ...problemsOfBrokenRun,
      'lease.epoch: got 1.5, expected int',
    ]);
    expect(standby.nodeCount).toBe(1);
  });
});
