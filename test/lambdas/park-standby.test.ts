import { recordOf } from '../../core/standby/parked.ts';
import { makeParkStandby } from '../../lambdas/park-standby/park-standby.ts';
import { lease, problemsOf, problemsOfBrokenRun, brokenRun, refusalOf, run } from './fixture.ts';
import { onlyFor } from './azure-helpers.ts';
import { callOf, MemoryLedger, MemoryLog, VirtualClock } from './helpers.ts';
import { allOf, MemoryParked, MemoryPower, parkedConfig } from './power-helpers.ts';

const AT = '2026-03-02T10:00:00.000Z';

function bench(by: { kind: 'run' | 'person'; name: string } | null = { kind: 'run', name: 'run-1' }) {
  const clock = new VirtualClock();
  const parts = { clock, log: new MemoryLog(), ledger: new MemoryLedger(), records: new MemoryParked() };
  const power = new MemoryPower();
  power.states = allOf('running');
  if (by !== null) parts.records.record = recordOf(null, { wanted: 'awake', by, at: AT, why: 'outage' });
  const step = makeParkStandby({ ...parts, config: parkedConfig(), power: onlyFor(power) });
  return { ...parts, power, step, park: () => step({ run, lease }, callOf(clock, 60)) };
}

describe('park-standby', () => {
  it('stops what this run has woken, and notes that it shall stay so', async () => {
    const { park, power, records } = bench();
    expect(await park()).toEqual({
      parked: true,
      detail:
        'application gateway: is being stopped, kubernetes cluster: is being stopped, database: is being stopped',
    });
    expect(power.asked).toEqual(['stop gateway', 'stop cluster', 'stop database']);
    expect(records.record).toMatchObject({ wanted: 'parked', by: { kind: 'run', name: 'run-1' } });
  });

  it('says what cannot be stopped yet, which the standing look then does', async () => {
    const { park, power } = bench();
    power.states = { gateway: 'stopped', cluster: 'starting', database: 'stopping' };
    power.answer = () => ({ accepted: false, final: false, detail: '409 OperationNotAllowed' });
    expect(await park()).toEqual({
      parked: true,
      detail: 'kubernetes cluster: not stopped yet (409 OperationNotAllowed)',
    });
    expect(power.asked).toEqual(['stop cluster']);
  });

  it.each([[{ kind: 'person' as const, name: 'kim' }], [{ kind: 'run' as const, name: 'run-0' }], [null]])(
    'leaves alone what %j has woken',
    async (by) => {
      const { park, power } = bench(by);
      expect(await park()).toEqual({ parked: false, detail: 'this run did not wake the standby' });
      expect(power.asked).toEqual([]);
    },
  );

  it('stops nothing when the lease is lost: another run may need it', async () => {
    const { park, power, ledger, records } = bench();
    ledger.holder = 'run-2';
    expect((await refusalOf(park())).name).toBe('LeaseLost');
    expect([power.asked, records.record?.wanted]).toEqual([[], 'awake']);
  });

  it('does nothing in a dry run, or where it may not finish', async () => {
    const { step, power, clock } = bench();
    const dry = { run: { ...run, dryRun: true }, lease };
    expect(await step(dry, callOf(clock, 60))).toMatchObject({ parked: false });
    expect((await refusalOf(step({ run, lease }, callOf(clock, 24)))).name).toBe('TooLittleTime');
    expect(power.asked).toEqual([]);
  });

  it('names everything that is wrong with its input', async () => {
    expect(await problemsOf(bench().step, { run: brokenRun, lease })).toEqual([...problemsOfBrokenRun]);
  });
});
