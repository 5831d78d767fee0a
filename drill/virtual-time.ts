import fakeTimers, { type Clock as FakeClock } from '@sinonjs/fake-timers';

/** Real turns of the event loop after each virtual moment: streams and promises of the SDKs settle in them. */
const TURNS = 2;

/** Far beyond what a drill needs; a run that gets here waits for something that never comes. */
const MOMENTS_MAX = 2_000_000;

/**
 * Time that passes only when nothing is left to do: `Date` and timers are virtual, promises and streams are real. Randomness
 * that libraries draw by themselves (the jitter of SDK retries) is seeded too, or no run would be repeatable.
 */
export class VirtualTime {
  private readonly clock: FakeClock;
  private readonly realRandom = Math.random;

  constructor(start: Date, random: () => number) {
    this.clock = fakeTimers.install({
      now: start,
      toFake: ['Date', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
    });
    Math.random = random;
  }

  /** Lets time pass, moment by moment, until the condition holds. @throws when nothing is left that could happen. */
  async passUntil(done: () => boolean): Promise<void> {
    for (let moment = 0; moment < MOMENTS_MAX; moment += 1) {
      await settle();
      if (done()) return;
      if (this.clock.countTimers() === 0)
        throw new Error('The drill is stuck: nothing is left that could happen.');
      this.clock.next();
    }
    throw new Error(`The drill does not end: ${MOMENTS_MAX} moments have passed.`);
  }

  /** Gives the process its real time back. */
  restore(): void {
    this.clock.uninstall();
    Math.random = this.realRandom;
  }
}

/** Real work of the process that a promise may wait for: file reads of the SDKs, mostly. Timers are not among them. */
const REAL_WORK = /^(?:FSReq|GetAddrInfo|Zlib|Work)/;

async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  // Virtual time must not run ahead of real work, or the same seed would not give the same run.
  while (process.getActiveResourcesInfo().some((resource) => REAL_WORK.test(resource))) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
