import type { Clock } from '../core/ports.ts';

/** The real clock; in the drill the timers under it are virtual. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
