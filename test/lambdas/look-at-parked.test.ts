import { recordOf } from '../../core/standby/parked.ts';
import { makeLookAtParked } from '../../lambdas/look-at-parked/look-at-parked.ts';
import { config } from './fixture.ts';
import { onlyFor } from './azure-helpers.ts';
import { callOf, MemoryAnnouncer, MemoryLog, MemoryRoutes, unavailable, VirtualClock } from './helpers.ts';
import { allOf, MemoryParked, MemoryPower, parkedConfig } from './power-helpers.ts';

function bench(whenAwake: 'tell' | 'park' = 'tell') {
  const clock = new VirtualClock();
  const parts = { clock, log: new MemoryLog(), routes: new MemoryRoutes(), records: new MemoryParked() };
  const announcer = new MemoryAnnouncer();
  const power = new MemoryPower();
  power.states = allOf('running');
  const held: { lease: { holder: string; expiresAt: number } | null | Error } = { lease: null };
  const step = makeLookAtParked({
    ...parts,
    ...{ announcer, config: parkedConfig(whenAwake), power: onlyFor(power) },
    standing: async () => {
      if (held.lease instanceof Error) throw held.lease;
      const { lease } = held;
      return {
        lease:
          lease === null
            ? null
            : { ...lease, epoch: 1, cooldownUntil: 0, disarmed: false, moves: [], vouch: null },
        brake: null,
      };
    },
  });
  return {
    ...parts,
    step,
    announcer,
    power,
    held,
    look: (seconds = 120) => step({}, callOf(clock, seconds)),
  };
}

describe('look-at-parked', () => {
  it('tells people once of a set that is awake without a reason, and stops nothing where the policy says tell', async () => {
    const { look, announcer, power, records } = bench('tell');
    expect(await look()).toEqual({ looked: 1 });
    await look();
    expect(announcer.messages).toHaveLength(1);
    expect(announcer.messages[0]?.text).toContain('standby.parked.whenAwake: tell');
    expect(power.asked).toEqual([]);
    expect(records.record?.needless?.toldAt).toBe('2026-03-02T10:00:00.000Z');
  });

  it('parks it too where the policy says so, and says what came of it', async () => {
    const { look, announcer, power } = bench('park');
    await look();
    expect(power.asked).toEqual(['stop gateway', 'stop cluster', 'stop database']);
    expect(announcer.messages[0]?.text).toContain(
      'It is being parked again: application gateway: is being stopped',
    );
  });

  it('finishes a parking that could not be done at once, without a word', async () => {
    const { look, announcer, power, records } = bench();
    const by = { kind: 'run', name: 'run-1' } as const;
    records.record = recordOf(null, { wanted: 'parked', by, at: '2026-03-02T09:50:00.000Z', why: 'over' });
    power.states = { gateway: 'stopped', cluster: 'running', database: 'stopping' };
    await look();
    expect([power.asked, announcer.messages]).toEqual([['stop cluster'], []]);
  });

  it('wakes what a person wants awake, at once and for that workload alone, and starts again what stopped', async () => {
    const { look, step, power, records, announcer, clock } = bench('park');
    const by = { kind: 'person', name: 'kim' } as const;
    records.record = recordOf(null, { wanted: 'awake', by, at: '2026-03-02T09:59:00.000Z', why: 'exercise' });
    power.states = { gateway: 'stopped', cluster: 'starting', database: 'stopped' };
    expect(await step({ workload: 'shop' }, callOf(clock, 120))).toEqual({ looked: 1 });
    expect(power.asked).toEqual(['start gateway', 'start database']);
    power.states = allOf('running');
    await look();
    expect([power.asked.length, announcer.messages]).toEqual([2, []]);
  });

  it('leaves alone what a run may need, and what nobody can tell', async () => {
    const { look, power, held, announcer, clock } = bench('park');
    held.lease = { holder: 'run-9', expiresAt: clock.now() + 1 };
    await look();
    held.lease = unavailable('DynamoDB GetItem');
    await look();
    expect([power.asked, announcer.messages]).toEqual([[], []]);
    held.lease = { holder: 'run-9', expiresAt: clock.now() };
    await look();
    expect(power.asked).toHaveLength(3);
  });

  it('remembers since when it is stopped', async () => {
    const { look, power, records } = bench();
    power.states = allOf('stopped');
    await look();
    expect(records.record).toMatchObject({ parkedSince: '2026-03-02T10:00:00.000Z', needless: null });
  });

  it('tells again with the next look where nobody could be told', async () => {
    const { look, announcer, records } = bench();
    announcer.failure = unavailable('SNS Publish');
    await look();
    expect(records.record?.needless?.toldAt).toBeNull();
    announcer.failure = null;
    await look();
    expect(announcer.messages).toHaveLength(1);
  });

  it('looks at no other tier, begins nothing late, and survives a cloud that refuses', async () => {
    const { look, power } = bench();
    expect(await look(29)).toEqual({ looked: 0 });
    power.refusal = unavailable('ARM');
    expect(await look()).toEqual({ looked: 0 });
    const step = makeLookAtParked({
      ...bench(),
      config,
      power: onlyFor(power),
      standing: async () => ({}) as never,
    });
    expect(await step({}, callOf(new VirtualClock(), 120))).toEqual({ looked: 0 });
  });
});
