import { shieldSpreadAt, type WorkflowState } from './state.ts';

type Seen = Pick<WorkflowState, 'confirmation' | 'shield' | 'prepared'>;

/**
 * The last moment at which the primary can have acknowledged a write: the start of the outage while it is down, the shield
 * where it still served, and now where neither is. Milliseconds since the Unix epoch.
 */
export function writesEndAt(state: Seen, now: number): number {
  const seen = state.confirmation?.value;
  if (seen?.verdict === 'outage' && seen.since !== null) return Math.min(Date.parse(seen.since), now);
  const shield = shieldSpreadAt(state) ?? state.shield?.value.movedAt ?? null;
  return shield === null ? now : Math.min(Date.parse(shield), now);
}
