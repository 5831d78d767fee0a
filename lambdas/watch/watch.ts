import * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import type { Announcer, Log, Metrics, Starter } from '../../core/ports.ts';
import { LOOK_INTERVAL_MS } from '../../core/watch/beat.ts';
import {
  FAILING_METRIC,
  LOOK_FAILED_METRIC,
  REFUSED_METRIC,
  SILENT_METRIC,
} from '../../core/watch/figures.ts';
import {
  afterAsking,
  healthPolicyOf,
  holdsDespiteMoves,
  incidentOf,
  reasonOf,
  runNameOf,
  whyNot,
  wishOf,
} from '../../core/watch/level.ts';
import type { Incident, WatchMemory } from '../../core/watch/memory.ts';
import { newsOf, type News } from '../../core/watch/news.ts';
import { countLooks, type Round } from '../../core/watch/round.ts';
import type { Standing } from '../adapters/standing.ts';
import { nextStandbyWatch, standbyNews, withAnswers } from '../../core/watch/standby-watch.ts';
import { standbyTarget } from '../../core/watch/targets.ts';
import {
  askOne,
  changeMemory,
  lookAtAll,
  withRound,
  type Look,
  type LookDeps,
  type Looked,
} from '../looks.ts';
import type { Step } from '../runtime.ts';
import { readInput } from '../step-input.ts';

export interface WatchDeps extends LookDeps {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly announcer: Announcer;
  readonly starter: Starter;
  readonly standing: (workload: string) => Promise<Standing>;
}

const dueSchema = z.strictObject({ dueAt: z.number(), workloads: z.array(z.string()).min(1) });
/** What SQS hands to a function. Source: AWS Lambda Developer Guide, "Using Lambda with Amazon SQS". */
const eventSchema = z.object({ Records: z.array(z.object({ body: z.string() })).min(1) });

/** A look that is so late stands beside the next one, and would count what is then as what was. Milliseconds. */
const LATE_MS = 8_000;
/** Queues deliver to the second, and clocks of AWS agree: what is due later than this was sent by another clock. */
const EARLY_MS = 5_000;
/**
 * Every so many looks are made over connections of their own, so that a dead resolver, or a certificate that has ended, is
 * seen within a minute; between them the site is spared the handshakes.
 */
const FRESH_EVERY = 6;

/**
 * Looks once at the workloads that a message names, and asks for a run where one is down and nobody acts. It never acts
 * itself. A message that comes twice, late, or out of order is no look: nothing may count twice.
 */
export const makeWatch =
  (deps: WatchDeps): Step =>
  async (raw): Promise<{ looks: number }> => {
    const { Records } = readInput('watch', eventSchema, raw);
    const made = await Promise.all(Records.map(({ body }) => takeMessage(deps, body)));
    return { looks: made.reduce((sum, looks) => sum + looks, 0) };
  };

/** @returns how many workloads were looked at. */
async function takeMessage(deps: WatchDeps, body: string): Promise<number> {
  const due = readInput('watch', dueSchema, jsonOf(body));
  const lateMs = deps.clock.now() - due.dueAt;
  if (lateMs > LATE_MS || lateMs < -EARLY_MS) {
    refuse(deps, 'a look that is not due now is left out', { ...due, lateMs });
    return 0;
  }
  // Those that were taken out of the configuration a moment ago are nobody's business any more.
  const looked = due.workloads
    .filter((id) => Object.hasOwn(deps.config.workloads, id))
    .map((id) => lookedOf(deps, id));
  const reuse = Math.round(due.dueAt / LOOK_INTERVAL_MS) % FRESH_EVERY !== 0;
  const looks = await lookAtAll(deps, looked, { reuse });
  const [first] = looks;
  if (first !== undefined) deps.metrics.count(SILENT_METRIC, silentPlaces(looks));
  await Promise.all(
    looked.map(async (one, index) => {
      const look = looks[index];
      if (look !== undefined) await concludeSafely(deps, one, { round: look.round, dueAt: due.dueAt });
    }),
  );
  return looked.length;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const lookedOf = ({ config }: WatchDeps, id: string): Looked => ({ id, workload: workloadOf(config, id) });

/** What is no evidence is left out, told in one line, and counted. */
function refuse({ log, metrics }: WatchDeps, message: string, facts: Record<string, unknown>): void {
  log.warn(message, facts);
  metrics.count(REFUSED_METRIC, 1);
}

/** How many places said nothing about any of the workloads. */
function silentPlaces(looks: readonly Look[]): number {
  const [first] = looks;
  const isSilent = (index: number): boolean =>
    looks.every(({ answers }) => {
      const answer = answers[index];
      return answer?.primary.observation === 'unknown' && answer.edge.observation === 'unknown';
    });
  return (first?.answers ?? []).filter((_, index) => isSilent(index)).length;
}

/** One round of a look that was due at a moment. */
interface DueRound {
  readonly round: Round;
  readonly dueAt: number;
}

/** What is wrong with one workload must not blind the watch for the others. */
async function concludeSafely(deps: WatchDeps, looked: Looked, seen: DueRound): Promise<void> {
  try {
    await conclude(deps, looked, seen);
  } catch (error) {
    deps.metrics.count(LOOK_FAILED_METRIC, 1);
    deps.log.warn('a look of the watch failed; the next one is seconds away', { workload: looked.id, error });
  }
}

/** Remembers a round; null where a newer one is remembered already, as when looks overlap or come twice. */
async function remember(
  deps: WatchDeps,
  looked: Looked,
  { round, dueAt }: DueRound,
): Promise<WatchMemory | null> {
  const { before, memory } = await changeMemory(deps, looked, (known) =>
    known.lookDueAt >= dueAt ? null : { ...withRound(known, looked, { round, unrest: 0 }), lookDueAt: dueAt },
  );
  if (before !== memory) return memory;
  refuse(deps, 'a look that came twice, or was overtaken, is left out', { workload: looked.id, dueAt });
  return null;
}

async function conclude(deps: WatchDeps, looked: Looked, seen: DueRound): Promise<void> {
  const memory = await remember(deps, looked, seen);
  if (memory === null) return;
  const last = memory.health.rounds.at(-1);
  const told = last === undefined ? null : countLooks([last], 'primary');
  // Where no place has a say, there is no figure: none failing would be good news.
  if (told !== null && told.all > 0) deps.metrics.level(FAILING_METRIC, told.bad, { workload: looked.id });
  await watchStandby(deps, looked, { memory, round: seen.round });
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

/** While users are on the standby it is asked too, and people hear where it fails. */
async function watchStandby(
  deps: WatchDeps,
  looked: Looked,
  { memory, round }: { readonly memory: WatchMemory; readonly round: Round },
): Promise<void> {
  const { id, workload } = looked;
  const placesMin = workload.policy.confirm.quorum.places;
  const known = nextStandbyWatch(memory.standby, round, placesMin);
  if (known === null && memory.standby === null) return;
  const target = standbyTarget(workload);
  const answers =
    known === null
      ? []
      : await Promise.all(deps.prober.places.map((place) => askOne(deps.prober, place, target)));
  const now = deps.clock.now();
  const watched = known === null ? null : withAnswers(known, answers, { placesMin, now });
  const news = watched === null ? null : standbyNews(watched, workload, { workload: id, now });
  const next = watched === null || news === null ? watched : { ...watched, toldAt: news.toldAt };
  const { before, memory: after } = await changeMemory(deps, looked, (current) =>
    // Who remembers it first is the one who speaks.
    news !== null && current.standby?.toldAt !== memory.standby?.toldAt
      ? null
      : { ...current, standby: next },
  );
  if (news !== null && before !== after)
    await deps.announcer.announce({ ...news.message, workload: id, outcome: 'Watch' });
}

/** Asks for the run of an incident, and remembers that. The name starts it once, however often this is repeated. */
async function ask(
  deps: WatchDeps,
  looked: Looked,
  { incident, memory }: { readonly incident: Incident; readonly memory: WatchMemory },
): Promise<void> {
  const name = runNameOf(looked.id, incident);
  const started = await deps.starter.start(name, {
    watch: incident.wish,
    workload: looked.id,
    reason: reasonOf(incident, memory),
  });
  const asked = afterAsking(incident, started, deps.clock.now());
  await changeMemory(deps, looked, (known) => ({ ...known, incident: asked }));
  deps.metrics.count('RunAsked', 1);
  deps.log.info('the watch asked for a run', { workload: looked.id, name, started });
}

/** Says it once: who remembers it first is the one who speaks. */
async function tell(deps: WatchDeps, looked: Looked, news: News): Promise<void> {
  const { before, memory } = await changeMemory(deps, looked, (known) =>
    news.isOpen(known) ? news.remember(known) : null,
  );
  if (before === memory) return;
  await deps.announcer.announce({ ...news.message, workload: looked.id, outcome: 'Watch' });
}
