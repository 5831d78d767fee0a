import type { Workload } from '../config/schema.ts';
import type { Route } from '../route/route.ts';

/* What is so while users are on the standby: for `status`. */

/** Dollars an hour of a standby that serves, by its tier. Source: docs/cost.md, "A failover hour, and a warm standby" and "A month of a parked standby". */
const HOUR = { cold: 1.617, parked: 1.72, warm: 1.089 } as const;
/** Dollars an hour of each node that a warm standby grows by. Source: the same. */
const NODE_HOUR = 0.192;
const HOURS = 24;

/** Users on the standby. Money in dollars; null where it is not ours. */
export interface Away {
  /** ISO 8601. */
  readonly since: string;
  readonly dollarsPerDay: number | null;
  readonly next: string;
}

/** What is so of a workload whose users are on the standby; null where they are not. */
export function awayOf(id: string, { standby }: Pick<Workload, 'standby'>, route: Route | null): Away | null {
  if (route?.origin !== 'standby') return null;
  return {
    since: route.at,
    dollarsPerDay: dollarsPerDayOf(standby),
    next: `when the primary is well: pilotlight failback ${id} --reason "..."`,
  };
}

function dollarsPerDayOf(standby: Workload['standby']): number | null {
  if (standby.tier === 'external') return null;
  const grown = standby.tier === 'warm' ? (standby.warmNodeCount - 1) * NODE_HOUR : 0;
  return Math.round((HOUR[standby.tier] + grown) * HOURS * 100) / 100;
}
