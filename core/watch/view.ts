import type { LeaseItem } from '../ledger/lease.ts';
import { failingPercent, type HealthMemory, type HealthPolicy } from './health.ts';
import type { WatchMemory } from './memory.ts';
import { describeUnrest, recentMoves } from './unrest.ts';

/** A watch that has written nothing for so long does not look, or cannot write. Milliseconds. */
const SILENT_AFTER_MS = 180_000;

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
  /** Why the next move is harder than on an ordinary day; null on one. */
  readonly unrest: string | null;
}

/** @param about what is remembered, the lease with the moves of the last hours, and the policy that judges. */
export function healthView(
  about: { readonly memory: WatchMemory; readonly lease: LeaseItem | null; readonly policy: HealthPolicy },
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
    unrest: describeUnrest(
      { moves: recentMoves(lease?.moves ?? [], now).length, spells: spells.length },
      { recoverySeconds: policy.recovery.seconds, outageSeconds: policy.outage.seconds },
    ),
  };
}
