import type { Config } from '../config/schema.ts';
import type { BrakeItem, LeaseItem } from '../ledger/lease.ts';
import { failingPercent, isDown, mostFail, someFail, streakOf, type HealthPolicy } from './health.ts';
import type { Incident, WatchMemory, Wish } from './memory.ts';
import { isNews } from './memory.ts';
import { recentMoves, unrestOf } from './unrest.ts';

/*
 * Alarms are edges and outages are levels: an alarm that rings already starts nothing. As long as a workload is down, armed
 * and without a run, the watch asks for one.
 */

/** What automation is allowed at this moment; `null` where it may act. */
export function whyNot(
  found: { readonly lease: LeaseItem | null; readonly brake: BrakeItem | null },
  now: number,
): 'brake' | 'held' | 'disarmed' | 'cooldown' | null {
  const { lease, brake } = found;
  if (brake?.on === true) return 'brake';
  if (lease === null) return null;
  if (lease.holder !== null && lease.expiresAt > now) return 'held';
  if (lease.disarmed) return 'disarmed';
  return lease.cooldownUntil > now ? 'cooldown' : null;
}

interface Level {
  readonly memory: WatchMemory;
  readonly policy: HealthPolicy;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

const lastElsewhere = ({ memory }: Level): readonly string[] =>
  Object.values(memory.health.rounds.at(-1)?.elsewhere ?? {});

/** What the workload needs a run for, by its health alone; null on an ordinary day. */
export function wishOf(level: Level): { readonly wish: Wish; readonly from: number } | null {
  const { memory, policy, now } = level;
  const { health } = memory;
  const elsewhere = lastElsewhere(level);
  // Users of the standby need no run about a primary that nobody uses.
  if (elsewhere.includes('standby')) return null;
  const judging = { policy, unrest: 0, now };
  if (isDown(health, judging)) return { wish: 'down', from: health.spellFrom ?? health.since };
  if (elsewhere.length >= policy.places) {
    const { seenGood, seconds, needed } = streakOf(health, judging);
    const from = health.goodSince;
    return from !== null && seenGood && seconds >= needed ? { wish: 'shielded', from } : null;
  }
  if (health.troubleFrom === null || health.health !== 'degraded' || !someFail(health, policy, now))
    return null;
  return isNews(memory, now) ? { wish: 'degraded', from: health.troubleFrom } : null;
}

/** Whether a wish still holds against the moves of the last hours, which the lease remembers. */
export function holdsDespiteMoves(level: Level, wish: Wish, lease: LeaseItem | null): boolean {
  if (wish !== 'down') return true;
  const moves = recentMoves(lease?.moves ?? [], level.now).length;
  const unrest = unrestOf({ moves, spells: 0 });
  return isDown(level.memory.health, { policy: level.policy, unrest, now: level.now });
}

/** A run that changed nothing is asked for again, more and more rarely. Milliseconds. */
const ASK_AGAIN_MS = 300_000;
const ASK_AGAIN_MS_MAX = 3_600_000;

/** The incident that a wish belongs to; null where it is not yet time to ask again. */
export function incidentOf(
  known: Incident | null,
  wanted: { readonly wish: Wish; readonly from: number },
  now: number,
): Incident | null {
  const same = known?.wish === wanted.wish && known.from === wanted.from ? known : null;
  if (same !== null && now < same.nextAt) return null;
  const asked = (same?.asked ?? 0) + 1;
  const pause = Math.min(ASK_AGAIN_MS * 2 ** (asked - 1), ASK_AGAIN_MS_MAX);
  return { ...wanted, asked, nextAt: now + pause };
}

/**
 * The outage that goes on, as the watch asks or would ask for a run about it, though it may be too young to be believed;
 * null where most looks do not fail, or nobody uses the primary.
 */
export function currentIncident(level: Level): Incident | null {
  const { memory, policy, now } = level;
  const { spellFrom } = memory.health;
  if (spellFrom === null || !mostFail(memory.health, policy, now)) return null;
  if (lastElsewhere(level).includes('standby')) return null;
  const known = memory.incident;
  const wanted = { wish: 'down', from: spellFrom } as const;
  const same = known?.wish === wanted.wish && known.from === wanted.from ? known : null;
  return same ?? incidentOf(null, wanted, now);
}

/** A run of that name was there already and acts no more, or not yet: the next look asks under another name. Milliseconds. */
const ASK_NEXT_MS = 10_000;

/** The incident after its run was asked for. */
export const afterAsking = (incident: Incident, started: boolean, now: number): Incident =>
  started ? incident : { ...incident, nextAt: now + ASK_NEXT_MS };

/** The name of the run: the incident and the number of the question, so that asking twice starts once. */
export function runNameOf(workload: string, { wish, from, asked }: Incident): string {
  const at = new Date(from)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(/[-:]/g, '');
  return `watch-${workload}-${at}-${wish}-${asked}`;
}

/** What makes a workload's primary down, degraded or well. */
export const healthPolicyOf = ({ policy }: Pick<Config['workloads'][string], 'policy'>): HealthPolicy => ({
  outage: policy.outage,
  degraded: policy.degraded,
  recovery: policy.recovery,
  places: policy.confirm.quorum.places,
});

/** Why a run is asked for, in words with figures. */
export function reasonOf(incident: Incident, memory: WatchMemory): string {
  const { primary, edge } = failingPercent(memory.health);
  const since = new Date(incident.from).toISOString();
  const words: Readonly<Record<Wish, string>> = {
    down: `the primary is down since ${since}: ${primary} % of the looks at it fail, ${edge} % of those through the edge`,
    degraded: `the primary is degraded since ${since}: ${primary} % of the looks at it fail, ${edge} % of those through the edge`,
    shielded: `users see the maintenance page, nobody acts, and the primary is good since ${since}`,
  };
  return words[incident.wish];
}
