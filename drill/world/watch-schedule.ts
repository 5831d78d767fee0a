import { watchFunction } from '../../core/functions.ts';
import type { Runtime, Step } from '../../lambdas/runtime.ts';
import { compose } from '../../lambdas/watch/compose.ts';
import type { SeededRandom } from '../random.ts';

/** EventBridge calls within the minute, at the same second of it as a rule. Seconds of lateness; assumed. */
const LATE_SECONDS = [0.1, 1.5] as const;
const MINUTE_MS = 60_000;

/** The schedule of the watch, and the function that it calls: the code that is deployed. */
export class WatchSchedule {
  private readonly step: Step;
  private readonly random: SeededRandom;
  private stopped = false;

  constructor(runtime: Runtime, random: SeededRandom) {
    this.step = compose(runtime);
    this.random = random;
  }

  start(): void {
    if (this.stopped) return;
    const begins = Date.now();
    setTimeout(
      () => {
        this.tick();
      },
      this.random.between(...LATE_SECONDS) * 1000,
    );
    setTimeout(
      () => {
        this.start();
      },
      MINUTE_MS - (Date.now() - begins),
    );
  }

  stop(): void {
    this.stopped = true;
  }

  private tick(): void {
    const endsAt = Date.now() + watchFunction.timeoutSeconds * 1000;
    const call = { remainingMs: () => (this.stopped ? 0 : endsAt - Date.now()) };
    void this.step({}, call).catch(() => undefined);
  }
}
