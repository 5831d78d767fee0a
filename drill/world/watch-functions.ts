import { SPREAD_TICK_MINUTES } from '../../core/route/spread.ts';
import { watchFunctionTable, type WatchFunctionName } from '../../core/functions.ts';
import type { Runtime, Step } from '../../lambdas/runtime.ts';
import { compose as composeParked } from '../../lambdas/look-at-parked/compose.ts';
import { compose as composeData } from '../../lambdas/measure-data/compose.ts';
import { compose as composeSpread } from '../../lambdas/measure-spread/compose.ts';
import { compose as composeSchedule } from '../../lambdas/schedule-looks/compose.ts';
import { compose as composeRuns } from '../../lambdas/watch-runs/compose.ts';
import { compose as composeStart } from '../../lambdas/start-run/compose.ts';
import { compose as composeWatch } from '../../lambdas/watch/compose.ts';
import type { SeededRandom } from '../random.ts';

/** EventBridge calls within the minute, at the same second of it as a rule. Seconds of lateness; assumed. */
const LATE_SECONDS = [0.1, 1.5] as const;
/** From the second at which a message is due until the function has it. Seconds; assumed, AWS says "at least once". */
const DELIVERY_SECONDS = [0.05, 0.6] as const;
/** Of so many messages one is delivered twice, and one late. Assumed, and more than one sees. */
const ONE_TWICE_IN = 200;
const ONE_LATE_IN = 500;
const LATE_BY_SECONDS = [2, 20] as const;
const MINUTE_MS = 60_000;
/** The schedule of look-at-parked; lib/constructs/standby/parked-watch.ts has the same. */
const PARKED_MINUTES = 15;
/** Every workload has its turn to be measured within this. */
const TURNS_MS = 14_400_000;
/** Lambda tries an event that failed twice more, after one and after two minutes. Source: Lambda Developer Guide. */
const RETRY_SECONDS = [60, 120] as const;

/** The functions of the watch, and what calls them: the schedule, the queue, and the rule for alarms. */
export class WatchFunctions {
  private readonly steps: Readonly<Record<WatchFunctionName, Step>>;
  private readonly random: SeededRandom;
  private readonly dataRandom: SeededRandom;
  private readonly parkedRandom: SeededRandom;
  private readonly spreadRandom: SeededRandom;
  private readonly runsRandom: SeededRandom;
  /** Minutes since the schedules began. */
  private minutes = 0;
  /** The watch is dead: its functions do not start any more. */
  isDead = false;
  private stopped = false;

  constructor(runtime: Runtime, random: SeededRandom) {
    this.random = random;
    this.dataRandom = random.fork('data');
    this.parkedRandom = random.fork('parked');
    this.spreadRandom = random.fork('spread');
    this.runsRandom = random.fork('runs');
    this.steps = {
      'schedule-looks': composeSchedule(runtime),
      'measure-data': composeData(runtime),
      'look-at-parked': composeParked(runtime),
      'watch-runs': composeRuns(runtime),
      'measure-spread': composeSpread(runtime),
      watch: composeWatch(runtime),
      'start-run': composeStart(runtime),
    };
  }

  start(): void {
    if (this.stopped) return;
    const begins = Date.now();
    // To the second, as EventBridge writes it.
    const time = new Date(begins).toISOString().replace(/\.\d+Z$/, 'Z');
    this.after(this.random.between(...LATE_SECONDS), () => this.call('schedule-looks', { time }));
    this.after(this.dataRandom.between(...LATE_SECONDS), () => this.call('measure-data', { time }));
    this.after(this.runsRandom.between(...LATE_SECONDS), () => this.call('watch-runs', { time }));
    if (this.minutes % PARKED_MINUTES === 0)
      this.after(this.parkedRandom.between(...LATE_SECONDS), () => this.call('look-at-parked', { time }));
    this.minutes += 1;
    if (new Date(begins).getUTCMinutes() % SPREAD_TICK_MINUTES === 0)
      this.after(this.spreadRandom.between(...LATE_SECONDS), () => this.call('measure-spread', { time }));
    this.after((MINUTE_MS - (Date.now() - begins)) / 1000, () => {
      this.start();
      return Promise.resolve();
    });
  }

  /** The measuring, when it is the turn of the first workload, whatever the time of the drill is. */
  measureSpread(): void {
    const turn = new Date(Math.floor(Date.now() / TURNS_MS) * TURNS_MS).toISOString();
    void this.call('measure-spread', { time: turn });
  }

  stop(): void {
    this.stopped = true;
  }

  /** A message that the queue has taken: delivered when its delay is over, at least once. */
  queue(body: string, delaySeconds: number): void {
    const deliver = (lateSeconds: number): void => {
      const seconds = delaySeconds + this.random.between(...DELIVERY_SECONDS) + lateSeconds;
      this.after(seconds, () => this.call('watch', { Records: [{ body }] }));
    };
    const isLate = this.random.next() < 1 / ONE_LATE_IN;
    deliver(isLate ? this.random.between(...LATE_BY_SECONDS) : 0);
    if (this.random.next() < 1 / ONE_TWICE_IN) deliver(this.random.between(...DELIVERY_SECONDS));
  }

  /** An alarm that the rule has sent on. */
  async ring(event: Record<string, unknown>): Promise<void> {
    for (const wait of [0, ...RETRY_SECONDS]) {
      await new Promise((resolve) => setTimeout(resolve, wait * 1000));
      if (this.stopped || (await this.succeeds('start-run', event))) return;
    }
  }

  private after(seconds: number, then: () => Promise<void>): void {
    setTimeout(() => void then(), seconds * 1000);
  }

  private async call(name: WatchFunctionName, input: unknown): Promise<void> {
    if (!this.isDead) await this.succeeds(name, input);
  }

  private async succeeds(name: WatchFunctionName, input: unknown): Promise<boolean> {
    const endsAt = Date.now() + watchFunctionTable[name].timeoutSeconds * 1000;
    const call = { remainingMs: () => (this.stopped ? 0 : endsAt - Date.now()) };
    return this.steps[name](input, call).then(
      () => true,
      () => false,
    );
  }
}
