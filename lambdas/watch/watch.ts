import type { Config } from '../../core/config/schema.ts';
import type { BrakeItem, LeaseItem } from '../../core/ledger/lease.ts';
import type { Announcer, Call, Log, Metrics, Starter } from '../../core/ports.ts';
import { failingPercent } from '../../core/watch/health.ts';
import {
  healthPolicyOf,
  holdsDespiteMoves,
  incidentOf,
  runNameOf,
  whyNot,
  wishOf,
} from '../../core/watch/level.ts';
import type { Incident, WatchMemory, Wish } from '../../core/watch/memory.ts';
import { newsOf, type News } from '../../core/watch/news.ts';
import { lookAround, type LookDeps, type Looked } from '../looks.ts';
import type { Step } from '../runtime.ts';
import { Notebook } from './notebook.ts';

/** Who may act on a workload now. */
export interface Standing {
  readonly lease: LeaseItem | null;
  readonly brake: BrakeItem | null;
}

export interface WatchDeps extends LookDeps {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly announcer: Announcer;
  readonly starter: Starter;
  readonly standing: (workload: string) => Promise<Standing>;
}

/** A workload, and what is known of it during this call. */
interface Watched extends Looked {
  readonly book: Notebook;
}

/** How often every place looks. Milliseconds. */
export const LOOK_INTERVAL_MS = 10_000;
/** The schedule calls once a minute; what is left over is for the calls that come late. */
const ROUNDS = 6;
/** A round with time-outs, and what it leads to. Milliseconds. */
const ROUND_MS = 9_000;

/**
 * Looks at every workload six times, ten seconds apart, and asks for a run where one is down and nobody acts. It never
 * acts itself. A tick that comes twice looks twice; one that is lost leaves a gap, which no streak bridges.
 */
export const makeWatch =
  (deps: WatchDeps): Step =>
  async (_, call): Promise<{ rounds: number }> => {
    const began = deps.clock.now();
    const books = Object.entries(deps.config.workloads).map(([id, workload]) => {
      const looked = { id, workload };
      return { ...looked, book: new Notebook(deps, looked) };
    });
    let rounds = 0;
    for (; rounds < ROUNDS && isTimeLeft(call); rounds += 1) {
      const waitMs = began + rounds * LOOK_INTERVAL_MS - deps.clock.now();
      if (waitMs > 0) await deps.clock.sleep(waitMs);
      const last = rounds === ROUNDS - 1;
      await Promise.all(books.map((watched) => lookSafely(deps, watched, last)));
    }
    return { rounds };
  };

const isTimeLeft = (call: Call): boolean => call.remainingMs() > ROUND_MS;

/** What is wrong with one workload must not blind the watch for the others. */
async function lookSafely(deps: WatchDeps, looked: Watched, last: boolean): Promise<void> {
  try {
    await look(deps, looked, last);
  } catch (error) {
    deps.metrics.count('LookFailed', 1);
    deps.log.warn('a look of the watch failed; the next one is seconds away', { workload: looked.id, error });
  }
}

async function look(deps: WatchDeps, looked: Watched, last: boolean): Promise<void> {
  const { round } = await lookAround(deps, looked.workload);
  const memory = await looked.book.add(round, last);
  const news = newsOf(memory, looked.workload, deps.clock.now());
  if (news !== null) await tell(deps, looked, news);
  const level = { memory, policy: healthPolicyOf(looked.workload), now: deps.clock.now() };
  const wanted = wishOf(level);
  if (wanted === null) return;
  const standing = await deps.standing(looked.id);
  const reason = whyNot(standing, level.now);
  if (reason !== null || !holdsDespiteMoves(level, wanted.wish, standing.lease)) {
    deps.log.info('a run is wanted and may not start', { workload: looked.id, ...wanted, reason });
    return;
  }
  const incident = incidentOf(memory.incident, wanted, level.now);
  if (incident !== null) await ask(deps, looked, { incident, memory });
}

/** Asks for the run of an incident, and remembers that. The name starts it once, however often this is repeated. */
async function ask(
  deps: WatchDeps,
  looked: Watched,
  { incident, memory }: { readonly incident: Incident; readonly memory: WatchMemory },
): Promise<void> {
  const name = runNameOf(looked.id, incident);
  const started = await deps.starter.start(name, {
    watch: incident.wish,
    workload: looked.id,
    reason: reasonOf(incident, memory),
  });
  await looked.book.write((known) => ({ ...known, incident }));
  deps.metrics.count('RunAsked', 1);
  deps.log.info('the watch asked for a run', { workload: looked.id, name, started });
}

function reasonOf(incident: Incident, memory: WatchMemory): string {
  const { primary, edge } = failingPercent(memory.health);
  const since = new Date(incident.from).toISOString();
  const words: Readonly<Record<Wish, string>> = {
    down: `the primary is down since ${since}: ${primary} % of the looks at it fail, ${edge} % of those through the edge`,
    degraded: `the primary is degraded since ${since}: ${primary} % of the looks at it fail, ${edge} % of those through the edge`,
    shielded: `users see the maintenance page, nobody acts, and the primary is good since ${since}`,
  };
  return words[incident.wish];
}

/** Says it once: who remembers it first is the one who speaks. */
async function tell(deps: WatchDeps, looked: Watched, news: News): Promise<void> {
  const found = { open: false };
  await looked.book.write((known) => {
    found.open = news.isOpen(known);
    return found.open ? news.remember(known) : known;
  });
  if (!found.open) return;
  await deps.announcer.announce({ ...news.message, workload: looked.id, outcome: 'Watch' });
}
