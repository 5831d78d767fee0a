import type { DueLook, LookQueue } from '../../core/ports.ts';
import { workloadOf } from '../../core/config/parse.ts';
import { makeScheduleLooks } from '../../lambdas/schedule-looks/schedule-looks.ts';
import { config, refusalOf, START } from './fixture.ts';
import { callOf, unavailable, VirtualClock } from './helpers.ts';

/* Goal: each minute has its looks in the queue, and a queue that takes none fails the call, so that it is tried again. */

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
  return { call: () => step({}, callOf(clock, 20)), clock, sent, fail };
}

describe('schedule-looks', () => {
  it('sends the six looks of the minute that begins now', async () => {
    const at = bench();
    await at.clock.sleep(500);
    expect(await at.call()).toEqual({ sent: 6 });
    expect(at.sent).toEqual([
      {
        now: START + 500,
        looks: [500, 10_500, 20_500, 30_500, 40_500, 50_500].map((after) => ({
          dueAt: START + after,
          workloads: ['shop'],
        })),
      },
    ]);
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
