import * as z from 'zod';
import {
  countLooks,
  isBad,
  percentOf,
  percentOfBoth,
  percentOfTime,
  placesIn,
  roundSchema,
  subjects,
  type Round,
  type Subject,
} from './round.ts';
import { outageSeconds, recoverySeconds, SPELL_MEMORY_MS } from './unrest.ts';

/** What the primary has been over a stretch of time: most requests are served, some fail, or most fail. */
export const healths = ['well', 'degraded', 'down'] as const;

/** What makes a primary down, degraded or well. */
export interface HealthPolicy {
  readonly outage: { readonly errorPercent: number; readonly seconds: number };
  readonly degraded: { readonly errorPercent: number };
  readonly recovery: { readonly seconds: number };
  /** Places that must see it. */
  readonly places: number;
}

/** What is remembered of a primary from round to round. Times are milliseconds since the Unix epoch. */
export const healthMemorySchema = z.object({
  health: z.enum(healths),
  since: z.number(),
  /** The first bad look after it was last well. */
  troubleFrom: z.number().nullable(),
  /** The first bad look since which most requests fail; null while they do not. */
  spellFrom: z.number().nullable(),
  /** When earlier spells ended by themselves, newest last. */
  spells: z.array(z.number()),
  lastBadAt: z.number().nullable(),
  /** The first good look after the last bad one; null where none came yet. */
  goodSince: z.number().nullable(),
  /** When each subject was first seen good. A look that was never good is no evidence: its fault may be ours. */
  goodFrom: z.object({ primary: z.number().nullable(), edge: z.number().nullable() }),
  rounds: z.array(roundSchema),
});
export type HealthMemory = z.infer<typeof healthMemorySchema>;

/** Rounds are kept for as long as any window looks back. */
const ROUNDS_KEPT_MS = 300_000;
/** Nothing shorter is called degraded: a blip is over before anybody has read of it. */
const DEGRADED_AFTER_MS = 60_000;
/** A look is believed once it has been good for so long. */
const LEARNED_AFTER_MS = 120_000;
/** What tells half a site from a third of one: twenty seconds hold too few looks for that. */
const TREND_MS = 120_000;
/** A primary that was gone for so long was gone for good; one that is back from that, is back. */
const CLEAN_SPELL_MS = 150_000;
/** As long as a restart, or a database that fails over inside its Region. */
const MOMENT_MS = 90_000;
/** Percent of the looks of a spell that must have failed for it to have been a clean death, not a limp. */
const CLEAN_PERCENT = 90;
/** After a gap like this nothing is known of what lies between: a streak begins anew. */
const GAP_MS = 45_000;
/** So many percent of the last looks are no chance. */
const CLEAR_PERCENT = 75;
/** What falls short of the limit by so little may be chance. */
const NEARLY = 0.9;
/** Less than that is told from a limping site only after so long. */
const YOUNG_MS = 60_000;
/** Looks come to the second, not to the millisecond: the third one must not miss twenty seconds by a hair. */
const JITTER_MS = 2_000;
/** One lost look is no share. */
const LOOKS_MIN = 2;

/** Nothing is known yet. */
export const noMemory = (now: number): HealthMemory => ({
  health: 'well',
  since: now,
  troubleFrom: null,
  spellFrom: null,
  spells: [],
  lastBadAt: null,
  goodSince: null,
  goodFrom: { primary: null, edge: null },
  rounds: [],
});

const since = (rounds: readonly Round[], from: number): readonly Round[] =>
  rounds.filter(({ at }) => at >= from);

/** The places that see at least so many percent of their looks fail, and those that see fewer. */
function sides(
  rounds: readonly Round[],
  percent: number,
  {
    subject = 'primary',
    looksMin = LOOKS_MIN,
  }: { readonly subject?: Subject; readonly looksMin?: number } = {},
): { readonly failing: number; readonly fine: number } {
  const counts = placesIn(rounds, subject)
    .map((place) => countLooks(rounds, subject, place))
    .filter(({ all }) => all >= looksMin);
  const failing = counts.filter((count) => percentOf(count) >= percent).length;
  return { failing, fine: counts.length - failing };
}

/** Whether a subject has been seen good for long enough that its bad looks are evidence. */
export function isLearned(memory: HealthMemory, subject: Subject, now: number): boolean {
  const from = memory.goodFrom[subject];
  return from !== null && now - from >= LEARNED_AFTER_MS;
}

/** The round without bad looks that may be a fault of the configuration: a wrong path, a text that is not there. */
function believed(memory: HealthMemory, round: Round): Round {
  const keep = (subject: Subject): Round[Subject] =>
    isLearned(memory, subject, round.at)
      ? round[subject]
      : Object.fromEntries(Object.entries(round[subject]).filter(([, good]) => good));
  return { ...round, primary: keep('primary'), edge: keep('edge') };
}

function goodFromOf(memory: HealthMemory, round: Round): HealthMemory['goodFrom'] {
  const next = (subject: Subject): number | null =>
    memory.goodFrom[subject] ?? (Object.values(round[subject]).includes(true) ? round.at : null);
  return { primary: next('primary'), edge: next('edge') };
}

/** Whether most requests fail now: from enough places, from more than see it well, and not by the luck of a few looks. */
export function mostFail(
  memory: Pick<HealthMemory, 'rounds' | 'troubleFrom'>,
  policy: HealthPolicy,
  now: number,
): boolean {
  const { errorPercent, seconds } = policy.outage;
  const { failing, fine } = sides(since(memory.rounds, now - seconds * 1000), errorPercent);
  // Up to the look before the window: the first two looks of an outage are enough to begin with.
  const lastMs = seconds * 1000 - JITTER_MS;
  return failing >= policy.places && failing > fine && isBadEnough(memory, { errorPercent, lastMs }, now);
}

type Trend = Pick<HealthMemory, 'rounds' | 'troubleFrom'>;

/**
 * Whether an outage may be what is seen: nearly all looks of the last seconds fail, whatever was before; or the last minutes,
 * taken together, are bad enough. Twenty seconds hold too few looks to tell half of a site from a third of one.
 */
function isBadEnough(
  { rounds, troubleFrom }: Trend,
  { errorPercent, lastMs }: { readonly errorPercent: number; readonly lastMs: number },
  now: number,
): boolean {
  const last = percentOfBoth(since(rounds, now - lastMs));
  if (last >= Math.max(errorPercent, CLEAR_PERCENT)) return true;
  const from = troubleFrom ?? now;
  if (now - from < YOUNG_MS) return false;
  return percentOfBoth(since(rounds, Math.max(now - TREND_MS, from))) >= errorPercent;
}

/** Whether the last minutes may still turn out to be an outage: they may fall a little short of it by chance alone. */
export const mayBecomeDown = (memory: Trend, { outage }: HealthPolicy, now: number): boolean =>
  isBadEnough(
    memory,
    { errorPercent: outage.errorPercent * NEARLY, lastMs: outage.seconds * 1000 - JITTER_MS },
    now,
  );

/** Whether some requests fail, at the primary's door and for users alike, for a while already and still now. */
export function someFail(
  memory: Pick<HealthMemory, 'rounds' | 'troubleFrom' | 'lastBadAt'>,
  policy: HealthPolicy,
  now: number,
): boolean {
  const { troubleFrom, lastBadAt, rounds } = memory;
  if (troubleFrom === null || lastBadAt === null) return false;
  if (now - troubleFrom < DEGRADED_AFTER_MS || now - lastBadAt > policy.outage.seconds * 1000) return false;
  const window = since(rounds, troubleFrom);
  const fails = (subject: Subject): boolean =>
    percentOfTime(window, subject) >= policy.degraded.errorPercent &&
    sides(window, policy.degraded.errorPercent, { subject }).failing >= policy.places;
  // Behind the shield nobody sees the primary through the edge.
  return fails('primary') && (countLooks(window, 'edge').all === 0 || fails('edge'));
}

const seesGood = (round: Round): boolean => Object.values(round.primary).includes(true);

/** The beginning of the spell that a look now belongs to. */
function spellFromOf(memory: HealthMemory, policy: HealthPolicy, now: number): number | null {
  if (memory.spellFrom !== null) return memory.spellFrom;
  if (!mostFail(memory, policy, now)) return null;
  const recent = since(memory.rounds, now - policy.outage.seconds * 1000);
  return recent.find((round) => Object.values(round.primary).includes(false))?.at ?? now;
}

/**
 * Adds one round, and says what the primary is now. `moves` away from the primary in the last hours and its own earlier
 * spells make both `down` and `well` harder to reach.
 */
export function nextHealth(
  memory: HealthMemory,
  seen: Round,
  { policy, unrest }: { readonly policy: HealthPolicy; readonly unrest: number },
): HealthMemory {
  // Two watchers may look at once; time only goes on.
  const now = Math.max(seen.at, memory.rounds.at(-1)?.at ?? 0);
  const round = { ...believed(memory, seen), at: now };
  const bad = isBad(round);
  const followsOn = now - (memory.rounds.at(-1)?.at ?? now) <= GAP_MS;
  const goodSince = followsOn ? memory.goodSince : null;
  const added: HealthMemory = {
    ...memory,
    goodFrom: goodFromOf(memory, round),
    rounds: [...since(memory.rounds, now - ROUNDS_KEPT_MS), round],
    lastBadAt: bad ? now : memory.lastBadAt,
    goodSince: bad ? null : (goodSince ?? (seesGood(round) ? now : null)),
    troubleFrom: memory.troubleFrom ?? (bad ? now : null),
    spells: memory.spells.filter((at) => now - at < SPELL_MEMORY_MS),
  };
  const goodMs = added.goodSince === null ? 0 : now - added.goodSince;
  if (added.spellFrom !== null && goodMs >= policy.outage.seconds * 1000) {
    // It came back by itself: the next time it must be gone for longer.
    return judged({ ...added, spellFrom: null, spells: [...added.spells, now] }, { policy, unrest, now });
  }
  return judged({ ...added, spellFrom: spellFromOf(added, policy, now) }, { policy, unrest, now });
}

/** What judges a memory: the policy, how restless the last hours were, and the moment. */
export interface Judging {
  readonly policy: HealthPolicy;
  readonly unrest: number;
  readonly now: number;
}

function judged(memory: HealthMemory, { policy, unrest, now }: Judging): HealthMemory {
  if (isWellAgain(memory, { policy, unrest, now })) {
    const since = memory.health === 'well' ? memory.since : now;
    return { ...memory, health: 'well', since, troubleFrom: null, spellFrom: null };
  }
  const health = isDown(memory, { policy, unrest, now })
    ? 'down'
    : someFail(memory, policy, now) || memory.health !== 'well'
      ? 'degraded'
      : 'well';
  return { ...memory, health, since: health === memory.health ? memory.since : now };
}

/** Spells before the one that is going on, or that the primary is just coming back from: it is not held against itself. */
const restless = ({ spells, spellFrom }: HealthMemory, unrest: number): number =>
  Math.max(spells.length - (spellFrom === null ? 1 : 0), unrest);

/** Whether most requests have failed for as long as the last hours demand. */
export function isDown(memory: HealthMemory, { policy, unrest, now }: Judging): boolean {
  const { spellFrom } = memory;
  if (spellFrom === null || !mostFail(memory, policy, now)) return false;
  // Windows look back: what was bad and is good in this moment is no reason to move anybody.
  const last = sides(memory.rounds.slice(-1), policy.outage.errorPercent, { looksMin: 1 });
  if (last.failing < policy.places) return false;
  const { errorPercent, seconds } = policy.outage;
  // Three looks: two of a limping site are bad together now and then.
  if (!isBadEnough(memory, { errorPercent, lastMs: seconds * 1000 + JITTER_MS }, now)) return false;
  const needed = outageSeconds(policy.outage.seconds, restless(memory, unrest));
  return now - spellFrom >= needed * 1000 - JITTER_MS;
}

/** Percent of the looks that must fail for the page to take nothing away from anybody. */
const GONE_PERCENT = 80;

/** Whether a primary that failed some requests fails nearly all of them now, for twice as long as an outage takes. */
export function isGone(memory: HealthMemory, judging: Judging): boolean {
  const from = judging.now - 2 * judging.policy.outage.seconds * 1000;
  return isDown(memory, judging) && percentOfTime(since(memory.rounds, from), 'primary') >= GONE_PERCENT;
}

/** How long the primary has been seen good without a break, and how long it must be. */
export interface Streak {
  readonly seconds: number;
  readonly needed: number;
  /** Whether enough places saw it good in the last round. */
  readonly seenGood: boolean;
  /** How much the hours before make it longer. */
  readonly unrest: number;
}

export function streakOf(memory: HealthMemory, { policy, unrest, now }: Judging): Streak {
  const from = memory.goodSince ?? now;
  const before = restless(memory, unrest);
  const last = memory.rounds.at(-1);
  const good = last === undefined ? 0 : Object.values(last.primary).filter((seen) => seen).length;
  return {
    seconds: (now - from) / 1000,
    needed: recoverySeconds(policy.recovery.seconds, before),
    seenGood: good >= policy.places,
    unrest: before,
  };
}

/** Seconds of good looks that are enough for a trial after a moment: the page must not outlive what it hides by more. */
const MOMENT_TRIAL_SECONDS = 2;

/** For how long a primary that was cleanly gone must be good before users are let home on trial. Seconds. */
export const trialSecondsOf = ({ spellFrom, lastBadAt }: HealthMemory, trialSeconds: number): number =>
  spellFrom !== null && lastBadAt !== null && lastBadAt - spellFrom <= MOMENT_MS
    ? Math.min(trialSeconds, MOMENT_TRIAL_SECONDS)
    : trialSeconds;

/**
 * Whether the primary was altogether gone, for a moment or for long: then good looks mean that it is back, and not luck. A
 * moment is what a restart takes, and the page would outlive it. What comes back in between may be gone again as soon.
 */
export function wasCleanlyGone(memory: HealthMemory): boolean {
  const { spellFrom, lastBadAt, rounds } = memory;
  if (spellFrom === null || lastBadAt === null) return false;
  const spellMs = lastBadAt - spellFrom;
  if (spellMs > MOMENT_MS && spellMs < CLEAN_SPELL_MS) return false;
  const spell = rounds.filter(({ at }) => at >= spellFrom && at <= lastBadAt);
  return percentOf(countLooks(spell, 'primary')) >= CLEAN_PERCENT;
}

function isWellAgain(memory: HealthMemory, judging: Judging): boolean {
  if (memory.troubleFrom === null) return memory.health === 'well';
  const { seconds, needed, seenGood } = streakOf(memory, judging);
  return seenGood && seconds >= needed;
}

/** Percent of the looks that failed since the trouble began, at the primary's door and as users met the site. */
export function failingPercent(memory: HealthMemory): Readonly<Record<Subject, number>> {
  const window = since(memory.rounds, memory.troubleFrom ?? 0);
  const of = (subject: Subject): number => Math.round(percentOfTime(window, subject));
  return Object.fromEntries(subjects.map((subject) => [subject, of(subject)])) as Record<Subject, number>;
}
