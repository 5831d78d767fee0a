import type { Config } from '../../core/config/schema.ts';
import { isByHand, type LeaseItem } from '../../core/ledger/lease.ts';
import type { Clock, Log, RunEnds } from '../../core/ports.ts';
import { endedEventOf, forgottenRun, type EndedRun } from '../../core/run/ending.ts';
import type { Step } from '../runtime.ts';

export interface WatchRunsDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly leaseOf: (workload: string) => Promise<LeaseItem | null>;
  readonly ends: RunEnds;
  /** Hands the event of an end to the function that closes runs; returns when Lambda has taken it. */
  readonly close: (event: unknown) => Promise<void>;
}

/** A read takes milliseconds; more of them side by side would only queue for connections. */
const AT_ONCE_MAX = 25;
/**
 * So long after its end a run that still holds its lease is closed from here: the event comes within seconds, and what it leads to
 * takes up to 25 s. Somebody who is slower still tells people a second time, which is better than not at all. Milliseconds.
 */
const UNHEARD_MS = 30_000;

interface Left {
  readonly workload: string;
  readonly holder: string;
  readonly epoch: number;
  readonly run: EndedRun;
}

/**
 * Looks once a minute whether each run that holds a lease still goes. Step Functions tells of an end by an event, and an event may be
 * lost; then this finds the run, and the same function closes it in the same way.
 */
export const makeWatchRuns =
  (deps: WatchRunsDeps): Step =>
  async (): Promise<{ readonly closed: readonly string[] }> => {
    const ids = Object.keys(deps.config.workloads);
    const left: Left[] = [];
    const attempt = attempts(deps.log);
    let next = 0;
    const work = async (): Promise<void> => {
      for (let id = ids[next]; id !== undefined; id = ids[next]) {
        next += 1;
        const workload = id;
        await attempt.at(workload, async () => {
          const found = await leftIn(deps, workload);
          if (found !== null) left.push(found);
        });
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE_MAX, ids.length) }, work));
    const closed: string[] = [];
    // The first to end is the first to be closed, and no wait is longer than one.
    for (const one of left.toSorted((a, b) => a.run.endedAt - b.run.endedAt))
      await attempt.at(one.workload, async () => {
        if (await close(deps, one)) closed.push(one.run.name);
      });
    // All others were looked at all the same. The alarm on this function tells of it where it goes on.
    attempt.end();
    return { closed };
  };

/** One that cannot be looked at must not keep the others from it; the first failure is thrown when all have had their turn. */
function attempts(log: Log) {
  const failures: unknown[] = [];
  return {
    async at(workload: string, act: () => Promise<void>): Promise<void> {
      try {
        await act();
      } catch (error) {
        log.warn('the run of a workload could not be looked at', { workload, error });
        failures.push(error);
      }
    },
    end(): void {
      if (failures.length > 0) throw failures[0];
    },
  };
}

/**
 * The run that holds the lease of a workload and has ended; null where none has. A run that succeeded has told people itself. One that
 * Step Functions does not know may have begun this moment: it counts as ended when its lease has, for who lives renews it.
 */
async function leftIn(deps: WatchRunsDeps, workload: string): Promise<Left | null> {
  const lease = await deps.leaseOf(workload);
  if (lease?.holder == null || isByHand(lease.holder)) return null;
  const { holder } = lease;
  const seen = await deps.ends.of(holder);
  if (seen.kind === 'goes-on' || seen.kind === 'succeeded') return null;
  if (seen.kind === 'ended') return { workload, holder, epoch: lease.epoch, run: seen.run };
  if (lease.expiresAt > deps.clock.now()) return null;
  const run = forgottenRun({ workload, execution: holder, endedAt: lease.expiresAt });
  return { workload, holder, epoch: lease.epoch, run };
}

/** @returns false where somebody else has closed it meanwhile */
async function close(deps: WatchRunsDeps, { workload, holder, epoch, run }: Left): Promise<boolean> {
  const waitMs = run.endedAt + UNHEARD_MS - deps.clock.now();
  if (waitMs > 0) await deps.clock.sleep(waitMs);
  const now = await deps.leaseOf(workload);
  if (now?.holder !== holder || now.epoch !== epoch) return false;
  await deps.close(endedEventOf(run));
  deps.log.warn('a run has ended and nobody has heard of it: it is closed now', {
    workload,
    execution: run.name,
    status: run.status,
  });
  return true;
}
