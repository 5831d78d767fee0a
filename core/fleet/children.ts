import type { BrakeItem, LeaseItem } from '../ledger/lease.ts';
import type { HealthPolicy } from '../watch/health.ts';
import { whyNot, wishOf } from '../watch/level.ts';
import type { WatchMemory } from '../watch/memory.ts';

/** What is known of a workload that another one depends on. */
export interface Child {
  readonly lease: LeaseItem | null;
  readonly brake: BrakeItem | null;
  readonly memory: WatchMemory | null;
  readonly policy: HealthPolicy;
}

/**
 * Whether a workload is still on its way to its standby: a run acts on it, or will within seconds, because it is down and
 * automation may act. One that is well, moved already, or left to people keeps nobody waiting.
 */
export function isOnItsWay({ lease, brake, memory, policy }: Child, now: number): boolean {
  // A brake keeps runs from starting, and stops none that is under way.
  if (whyNot({ lease, brake: null }, now) === 'held') return true;
  if (memory === null || whyNot({ lease, brake }, now) !== null) return false;
  return wishOf({ memory, policy, now })?.wish === 'down';
}
