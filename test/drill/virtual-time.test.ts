import { VirtualTime } from '../../drill/virtual-time.ts';
import { runScenario, shipped } from './fixture.ts';

const START = new Date('2026-03-01T03:00:00.000Z');

/** Virtual time with everything that is left to do; given back at the end of the test, whatever happens. */
async function inVirtualTime(act: (time: VirtualTime) => Promise<void>): Promise<void> {
  const time = new VirtualTime(START, () => 0.25);
  try {
    await act(time);
  } finally {
    time.restore();
  }
}

describe('VirtualTime', () => {
  it('begins at its start and lets an hour pass at once, timer by timer', async () => {
    const moments: number[] = [];
    await inVirtualTime(async (time) => {
      expect(Date.now()).toBe(START.getTime());
      for (const minutes of [60, 1, 30])
        setTimeout(() => moments.push((Date.now() - START.getTime()) / 60_000), minutes * 60_000);
      await time.passUntil(() => moments.length === 3);
    });
    expect(moments).toEqual([1, 30, 60]);
  });

  it('stands still while the condition holds already', async () => {
    await inVirtualTime(async (time) => {
      setTimeout(() => undefined, 1000);
      await time.passUntil(() => true);
      expect(Date.now()).toBe(START.getTime());
    });
  });

  it('lets promises settle before the next moment', async () => {
    await inVirtualTime(async (time) => {
      const seen: string[] = [];
      setTimeout(() => {
        void Promise.resolve()
          .then(() => Promise.resolve())
          .then(() => seen.push('promise of the first'));
      }, 1);
      setTimeout(() => seen.push('second'), 2);
      await time.passUntil(() => seen.length === 2);
      expect(seen).toEqual(['promise of the first', 'second']);
    });
  });

  it('seeds the chance that libraries draw by themselves', async () => {
    await inVirtualTime(() => {
      expect(Math.random()).toBe(0.25);
      return Promise.resolve();
    });
  });

  it('says that the drill is stuck when nothing is left that could happen', async () => {
    await inVirtualTime(async (time) => {
      setTimeout(() => undefined, 1000);
      await expect(time.passUntil(() => false)).rejects.toThrow(
        'The drill is stuck: nothing is left that could happen.',
      );
      expect(Date.now()).toBe(START.getTime() + 1000);
    });
  });

  it('gives real time and real chance back, after a failure too', async () => {
    const real = { timer: setTimeout, random: Math.random };
    await expect(inVirtualTime((time) => time.passUntil(() => false))).rejects.toThrow('stuck');
    expect(Math.random).toBe(real.random);
    expect(setTimeout).toBe(real.timer);
    expect(Math.abs(Date.now() - START.getTime())).toBeGreaterThan(86_400_000);
  });

  it('is given back by a drill that fails, too', async () => {
    const real = { timer: setTimeout, random: Math.random };
    const nothing = { ...shipped(), workloads: {} };
    await expect(runScenario('false-alarm', 1, { config: nothing })).rejects.toThrow('no workload');
    expect(Math.random).toBe(real.random);
    expect(setTimeout).toBe(real.timer);
    expect(Math.abs(Date.now() - START.getTime())).toBeGreaterThan(86_400_000);
  });
});
