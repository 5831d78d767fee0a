import type { LeaseItem } from '../ledger/lease.ts';
import { failingPercent, type HealthMemory, type HealthPolicy } from './health.ts';
import { minutesOf, type MinuteView } from './hour.ts';
import type { WatchMemory } from './memory.ts';
import type { Round } from './round.ts';
import { describeUnrest, recentMoves } from './unrest.ts';

/** The watch writes down each look; one that has written nothing for so long does not look, or cannot write. Milliseconds. */
const SILENT_AFTER_MS = 60_000;

/** What is known of a primary at a moment, for people and for programs. Times are milliseconds since the Unix epoch. */
export interface HealthView {
  readonly health: HealthMemory['health'];
  readonly since: number;
  /** Percent of the looks that failed since the trouble began; null where there is no trouble. */
  readonly failingPercent: { readonly primary: number; readonly edge: number } | null;
  /** The newest look that was written down; null where there was none yet. */
  readonly lookedAt: number | null;
  /** Nothing was written for minutes: what is shown is old. */
  readonly silent: boolean;
  /** Places that said nothing in the newest look: their votes are missing. */
  readonly silentPlaces: readonly string[];
  /** The last hour by the minute, oldest first; the last one goes on. */
  readonly lastHour: readonly MinuteView[];
  /** Why the next move is harder than on an ordinary day; null on one. */
  readonly unrest: string | null;
}

const silentPlaces = (last: Round | undefined, places: readonly string[]): readonly string[] =>
  last === undefined
    ? []
    : places.filter((place) => !(place in last.primary || place in last.edge || place in last.elsewhere));

/** @param about what is remembered, the lease with the moves of the last hours, the policy that judges, and the places that look. */
export function healthView(
  about: {
    readonly memory: WatchMemory;
    readonly lease: LeaseItem | null;
    readonly policy: HealthPolicy;
    readonly places: readonly string[];
  },
  now: number,
): HealthView {
  const { memory, lease, policy } = about;
  const { health, since, troubleFrom, rounds, spells } = memory.health;
  const lookedAt = rounds.at(-1)?.at ?? null;
  return {
    health,
    since,
    failingPercent: troubleFrom === null ? null : failingPercent(memory.health),
    lookedAt,
    silent: now - (lookedAt ?? 0) > SILENT_AFTER_MS,
    silentPlaces: silentPlaces(rounds.at(-1), about.places),
    lastHour: minutesOf(memory.hour, now),
    unrest: describeUnrest(
      { moves: recentMoves(lease?.moves ?? [], now).length, spells: spells.length },
      { recoverySeconds: policy.recovery.seconds, outageSeconds: policy.outage.seconds },
    ),
  };
}
