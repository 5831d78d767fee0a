import type { Workload } from '../core/config/schema.ts';
import { REPLICATION_SECONDS_MAX } from '../core/data/planned.ts';
import type { LagProbe } from '../core/data/ports.ts';
import { CloudUnavailable, LastDataNotApplied } from '../core/errors.ts';
import type { Call, Clock, Ledger, Log } from '../core/ports.ts';
import { iso, renewLease, requireTime, type HeldStep } from './step-input.ts';

/** Zero must be said so often in a row: a figure that is rounded down may be a moment early. */
const ZEROS = 2;
const POLL_MS = 2_000;
/** One round with its call. Milliseconds. */
const ROUND_MS = 20_000;

/**
 * Waits until the site's own replication says that it is not behind any more: nobody writes on the primary, so then everything is there.
 * @returns how long it took, in seconds, and when it was so @throws LastDataNotApplied
 */
export async function waitUntilEven(
  deps: { readonly clock: Clock; readonly log: Log; readonly ledger: Ledger; readonly lag: LagProbe },
  about: {
    readonly step: HeldStep;
    readonly workload: Workload;
    readonly url: string;
    /** The command that begins anew what comes to nothing here. */
    readonly again: string;
  },
  call: Call,
): Promise<{ readonly seconds: number; readonly at: string }> {
  const { clock } = deps;
  const began = clock.now();
  await renewLease(deps, about.step, about.workload);
  let zeros = 0;
  for (;;) {
    let last: string;
    requireTime(call, ROUND_MS, 'waiting for the replication');
    try {
      const lag = await deps.lag.read(about.url);
      zeros = lag === 0 ? zeros + 1 : 0;
      last = `it says ${lag} s behind`;
    } catch (error) {
      if (!(error instanceof CloudUnavailable)) throw error;
      zeros = 0;
      last = error.message;
    }
    if (zeros >= ZEROS) return { seconds: (clock.now() - began) / 1000, at: iso(clock.now()) };
    if (clock.now() - began >= REPLICATION_SECONDS_MAX * 1000) {
      throw new LastDataNotApplied(
        `The own replication was not even within ${REPLICATION_SECONDS_MAX} s (${last}), expected 0 from ${about.url}. ` +
          `Look at the replication, then begin again: ${about.again}`,
      );
    }
    await clock.sleep(POLL_MS);
  }
}
