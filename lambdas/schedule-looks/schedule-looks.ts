import type { Config } from '../../core/config/schema.ts';
import type { Clock, LookQueue } from '../../core/ports.ts';
import { looksOfMinute } from '../../core/watch/beat.ts';
import type { Step } from '../runtime.ts';

export interface ScheduleLooksDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly queue: LookQueue;
}

/**
 * Sends the looks of the next minute to the queue, each with the moment at which it is due. A call that is repeated sends
 * them again: the watch takes each look once.
 */
export const makeScheduleLooks =
  (deps: ScheduleLooksDeps): Step =>
  async (): Promise<{ sent: number }> => {
    const now = deps.clock.now();
    const looks = looksOfMinute(Object.keys(deps.config.workloads), now);
    await deps.queue.send(looks, now);
    return { sent: looks.length };
  };
