import type { DueLook, LookQueue } from '../../core/ports.ts';
import { workloadOf } from '../../core/config/parse.ts';
import { makeScheduleLooks } from '../../lambdas/schedule-looks/schedule-looks.ts';
import { config, problemsOf, refusalOf, START } from './fixture.ts';
import { callOf, unavailable, VirtualClock } from './helpers.ts';

/* Goal: each minute has its looks in the queue, and a queue that takes none fails the call, so that it is tried again. */

/** The event of EventBridge for the minute at the beginning of the test. */
const TICK = { source: 'aws.events', time: '2026-03-02T10:00:00Z' };

function bench(workloads = config.workloads) {
  const clock = new VirtualClock();
  const sent: { looks: readonly DueLook[]; now: number }[] = [];
  let failure: Error | null = null;
  const queue: LookQueue = {
    send: async (looks, now) => {
      if (failure !== null) throw failure;
      sent.push({ looks, now });
    },
  };
  const step = makeScheduleLooks({ config: { ...config, workloads }, clock, queue });
  const fail = (error: Error): void => {
    failure = error;
  };
  const call = (event: unknown = TICK): Promise<unknown> => step(event, callOf(clock, 20));
  return { call, step, clock, sent, fail };
}

describe('schedule-looks', () => {
  it('sends the six looks of the minute that the event is for, however late it comes', async () => {
    const at = bench();
    await at.clock.sleep(1_500);
    expect(await at.call()).toEqual({ sent: 6 });
    expect(at.sent).toEqual([
      {
        now: START + 1_500,
        looks: [0, 10_000, 20_000, 30_000, 40_000, 50_000].map((after) => ({
          dueAt: START + after,
          workloads: ['shop'],
        })),
      },
    ]);
  });

  it('sends the same looks again where the event comes twice', async () => {
    const at = bench();
    await at.call();
    await at.clock.sleep(900);
    await at.call();
    expect(at.sent[1]?.looks).toEqual(at.sent[0]?.looks);
    await at.call({ ...TICK, time: '2026-03-02T10:01:00Z' });
    expect(at.sent[2]?.looks[0]?.dueAt).toBe(START + 60_000);
  });

  it.each([
    [{}, 'time: got nothing, expected string'],
    [{ time: 'now' }, 'time: got "now", expected a valid ISO datetime'],
  ])('sends nothing for an event that is for no moment: %j', async (event, problem) => {
    const at = bench();
    expect(await problemsOf(at.step, event)).toEqual([problem]);
    expect(at.sent).toEqual([]);
  });

  it('divides many workloads among looks', async () => {
    const shop = workloadOf(config, 'shop');
    const at = bench(Object.fromEntries(Array.from({ length: 26 }, (_, n) => [`shop${n}`, shop])));
    expect(await at.call()).toEqual({ sent: 12 });
    expect(at.sent[0]?.looks.slice(0, 2).map(({ workloads }) => workloads.length)).toEqual([25, 1]);
  });

  it('fails where the queue does', async () => {
    const at = bench();
    at.fail(unavailable('SQS SendMessageBatch'));
    expect((await refusalOf(at.call())).name).toBe('CloudUnavailable');
  });
});
