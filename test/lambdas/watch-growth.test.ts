import { makeWatchGrowth } from '../../lambdas/watch-growth/watch-growth.ts';
import type { Step } from '../../lambdas/runtime.ts';
import { healthyMachinery, MemoryStandby, onlyFor } from './azure-helpers.ts';
import { brokenRun, config, problemsOf, problemsOfBrokenRun, run } from './fixture.ts';
import { callOf, MemoryAnnouncer, MemoryLog, VirtualClock } from './helpers.ts';

const growing = {
  ...healthyMachinery,
  cluster: { good: false, detail: 'node pool work is Scaling, expected Succeeded' },
};

function bench(): { step: Step; clock: VirtualClock; standby: MemoryStandby; announcer: MemoryAnnouncer } {
  const clock = new VirtualClock();
  const standby = new MemoryStandby();
  const announcer = new MemoryAnnouncer();
  const step = makeWatchGrowth({
    ...{ config, clock, log: new MemoryLog(), announcer },
    standby: onlyFor(standby),
  });
  return { step, clock, standby, announcer };
}

const look = (at: ReturnType<typeof bench>): Promise<unknown> =>
  at.step({ run, since: '2026-03-02T10:00:00.000Z' }, callOf(at.clock, 60));

describe('watch-growth', () => {
  it('sees a standby that has all its nodes, and tells nobody', async () => {
    const at = bench();
    expect(await look(at)).toEqual({ state: 'whole', detail: 'all of it is there' });
    expect(at.standby.wanted).toEqual(['whole']);
    expect(at.announcer.messages).toEqual([]);
  });

  it('waits for one that grows, up to the limit', async () => {
    const at = bench();
    at.standby.checks = growing;
    await at.clock.sleep(300_000);
    expect(await look(at)).toMatchObject({ state: 'growing' });
    expect(at.announcer.messages).toEqual([]);
  });

  it('tells people of one that has not grown at the limit, with what is missing', async () => {
    const at = bench();
    at.standby.checks = growing;
    await at.clock.sleep(301_000);
    expect(await look(at)).toEqual({
      state: 'stuck',
      detail: 'kubernetes cluster: node pool work is Scaling, expected Succeeded',
    });
    expect(at.announcer.messages).toHaveLength(1);
    expect(at.announcer.messages[0]).toMatchObject({ workload: 'shop', outcome: 'FailedOver' });
  });

  it('names everything that is wrong with its input', async () => {
    const { step } = bench();
    expect(await problemsOf(step, { run: brokenRun, since: 'long ago' })).toEqual([
      ...problemsOfBrokenRun,
      'since: got "long ago", expected a valid ISO datetime',
    ]);
  });
});
