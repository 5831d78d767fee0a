import * as z from 'zod';
import type { Config } from '../../core/config/schema.ts';
import type { Clock, LookQueue } from '../../core/ports.ts';
import { looksOfMinute } from '../../core/watch/beat.ts';
import type { Step } from '../runtime.ts';
import { readInput } from '../step-input.ts';

export interface ScheduleLooksDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly queue: LookQueue;
}

/** A scheduled event. Source: Amazon EventBridge User Guide, "Scheduled events": `time` is the moment that it was made for. */
const eventSchema = z.object({ time: z.iso.datetime() });

/**
 * Sends the looks of the minute that the event is for to the queue, each with the moment at which it is due. An event that
 * comes twice sends the same looks again, and the watch takes each look once.
 */
export const makeScheduleLooks =
  (deps: ScheduleLooksDeps): Step =>
  async (raw): Promise<{ sent: number }> => {
    const { time } = readInput('schedule-looks', eventSchema, raw);
    const looks = looksOfMinute(Object.keys(deps.config.workloads), Date.parse(time));
    await deps.queue.send(looks, deps.clock.now());
    return { sent: looks.length };
  };
