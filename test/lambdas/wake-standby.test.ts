import { CloudRefused } from '../../core/errors.ts';
import type { Wake } from '../../core/standby/power.ts';
import { makeWakeStandby } from '../../lambdas/wake-standby/wake-standby.ts';
import { brokenRun, lease, problemsOf, problemsOfBrokenRun, refusalOf, run } from './fixture.ts';
import { onlyFor } from './azure-helpers.ts';
import { callOf, MemoryAnnouncer, MemoryLedger, MemoryLog, unavailable, VirtualClock } from './helpers.ts';
import { allOf, MemoryParked, MemoryPower, parkedConfig } from './power-helpers.ts';

const SINCE = '2026-03-02T10:00:00.000Z';

function bench() {
  const clock = new VirtualClock();
  const parts = {
    ...{ clock, log: new MemoryLog(), ledger: new MemoryLedger() },
    ...{ power: new MemoryPower(), records: new MemoryParked(), announcer: new MemoryAnnouncer() },
  };
  const step = makeWakeStandby({ ...parts, config: parkedConfig(), power: onlyFor(parts.power) });
  const look = async (before: Wake | null, more: object = {}): Promise<Wake> =>
    (await step({ run, lease, waitingSince: SINCE, before, ...more }, callOf(clock, 60))) as Wake;
  return { ...parts, step, look };
}

describe('wake-standby', () => {
  it('starts what is stopped, side by side, and notes who wakes it', async () => {
    const { look, power, records } = bench();
    const wake = await look(null);
    expect(power.asked).toEqual(['start gateway', 'start cluster', 'start database']);
    expect(wake).toMatchObject({
      state: 'waking',
      detail: expect.stringContaining('asked to start') as string,
    });
    expect(records.record).toMatchObject({
      wanted: 'awake',
      by: { kind: 'run', name: 'run-1' },
      at: SINCE,
      needless: null,
    });
  });

  it('asks nothing of what is on its way, and is awake when all three run', async () => {
    const { look, power } = bench();
    const first = await look(null);
    power.states = { gateway: 'starting', cluster: 'running', database: 'starting' };
    const second = await look(first);
    expect(second).toMatchObject({
      state: 'waking',
      detail: 'application gateway: starting; database: starting',
    });
    power.states = allOf('running');
    expect((await look(second)).state).toBe('awake');
    expect(power.asked).toHaveLength(3);
  });

  it('waits for what is being stopped, and starts it then', async () => {
    const { look, power } = bench();
    power.states = { gateway: 'running', cluster: 'stopping', database: 'running' };
    const first = await look(null);
    expect(power.asked).toEqual([]);
    power.states.cluster = 'stopped';
    await look(first);
    expect(power.asked).toEqual(['start cluster']);
  });

  it('asks again where the question was not taken', async () => {
    const { look, power } = bench();
    power.states = { ...allOf('running'), database: 'stopped' };
    power.answer = () => ({ accepted: false, final: false, detail: '429 TooManyRequests' });
    const first = await look(null);
    expect(first).toMatchObject({
      state: 'waking',
      detail: 'database: stopped, not asked yet: 429 TooManyRequests',
    });
    power.answer = () => ({ accepted: true, operation: null });
    await look(first);
    expect(power.asked).toEqual(['start database', 'start database']);
  });

  it('does not ask twice while the start has not shown yet', async () => {
    const { look, power } = bench();
    const first = await look(null);
    await look(first);
    expect(power.asked).toHaveLength(3);
  });

  it('is refused at once where Azure has no machines, and tells people what happens now', async () => {
    const { look, power, announcer } = bench();
    const first = await look(null);
    power.states = { gateway: 'running', cluster: 'stopped', database: 'running' };
    power.outcome = { kind: 'failed', detail: 'AllocationFailed: no machines', final: true };
    expect(await look(first)).toMatchObject({
      state: 'refused',
      detail: 'kubernetes cluster: started 1 times and is stopped again: AllocationFailed: no machines',
    });
    expect(announcer.messages).toEqual([
      expect.objectContaining({
        subject: '[Pilotlight] Shop: the parked standby cannot be woken',
        text: expect.stringMatching(/AllocationFailed[^]*the rest built, by the pipeline 42/) as string,
      }),
    ]);
  });

  it('starts once more what has failed for another reason, and not for ever', async () => {
    const { look, power } = bench();
    const first = await look(null);
    power.states = { gateway: 'running', cluster: 'running', database: 'stopped' };
    power.outcome = { kind: 'failed', detail: 'InternalServerError: try again', final: false };
    const second = await look(first);
    expect(second.state).toBe('waking');
    expect(power.asked.filter((asked) => asked === 'start database')).toHaveLength(2);
    expect((await look(second)).state).toBe('refused');
  });

  it('is too slow after the limit, by what is not awake', async () => {
    const { look, power, clock, announcer } = bench();
    power.states = { ...allOf('running'), gateway: 'starting' };
    await clock.sleep(301_000);
    expect(await look(null)).toMatchObject({
      state: 'too-slow',
      detail: expect.stringContaining('not awake after 301 s, the limit is 300 s') as string,
    });
    expect(announcer.messages).toHaveLength(1);
  });

  it('takes the slow way where it may not even look', async () => {
    const { look, power } = bench();
    power.refusal = new CloudRefused({ call: 'ARM', got: '403', next: 'Give the role.' });
    expect(await look(null)).toMatchObject({ state: 'refused', resources: [] });
  });

  it('says of what was never built that it was not', async () => {
    const { look, power } = bench();
    power.states = { ...allOf('running'), cluster: 'missing' };
    expect((await look(null)).detail).toBe('kubernetes cluster: it was never built');
  });

  it('wakes although the ledger cannot note it, and leaves a person’s word in place', async () => {
    const down = bench();
    down.records.failure = unavailable('DynamoDB UpdateItem');
    expect((await down.look(null)).state).toBe('waking');
    const held = bench();
    await held.look(null);
    const by = { kind: 'person', name: 'arn:aws:iam::111122223333:user/kim' } as const;
    held.records.record = { ...held.records.record!, by };
    await held.look(null);
    expect(held.records.record.by).toEqual(by);
  });

  it('starts nothing when the lease is lost, or where it may not finish', async () => {
    const { look, step, power, ledger, clock } = bench();
    const short = { run, lease, waitingSince: SINCE, before: null };
    expect((await refusalOf(step(short, callOf(clock, 24)))).name).toBe('TooLittleTime');
    ledger.holder = 'run-2';
    expect((await refusalOf(look(null))).name).toBe('LeaseLost');
    expect(power.asked).toEqual([]);
  });

  it('only looks in a dry run, and finds out that nothing was ever built', async () => {
    const { look, power } = bench();
    const dry = { run: { ...run, dryRun: true } };
    expect(await look(null, dry)).toMatchObject({
      state: 'awake',
      detail: expect.stringContaining('stopped') as string,
    });
    power.states = allOf('missing');
    expect((await refusalOf(look(null, dry))).message).toContain(
      'run the pipeline with action apply and tier parked',
    );
    expect(power.asked).toEqual([]);
  });

  it('names everything that is wrong with its input', async () => {
    const { step } = bench();
    const input = { run: brokenRun, lease, waitingSince: 'then', before: null };
    expect(await problemsOf(step, input)).toEqual([
      ...problemsOfBrokenRun,
      'waitingSince: got "then", expected a valid ISO datetime',
    ]);
  });
});
