import type { RunOrders } from './orders.ts';

/** What an execution asks for when it wants to act on a workload. Times are milliseconds since the Unix epoch. */
export interface LeaseRequest {
  readonly workload: string;
  readonly execution: string;
  readonly now: number;
  readonly expiresAt: number;
  /** A person's word overrides brake and cooldown: both stop automation, not people. */
  readonly byPerson: boolean;
}

/** Why a lease was not given. */
export type LeaseRefusal = 'held' | 'brake' | 'disarmed' | 'cooldown';

export type LeaseGrant =
  | {
      readonly taken: true;
      readonly epoch: number;
      readonly expiresAt: number;
      /** Moves away from the primary in the last hours. */
      readonly recentMoves: number;
    }
  | {
      readonly taken: false;
      readonly reason: LeaseRefusal;
      readonly detail: string;
      /** The run that holds it, where one does. */
      readonly holder?: string;
    };

/** A person's word that there is an outage, given while another run holds the lease: that run takes it. */
export interface Vouch {
  /** The run that held the lease at that moment. */
  readonly execution: string;
  readonly by: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
}

/** The lease as the ledger keeps it, one item a workload. */
export interface LeaseItem {
  readonly holder: string | null;
  readonly expiresAt: number;
  /** Grows with every new holder; a writer with a smaller one has lost its right to act. */
  readonly epoch: number;
  readonly cooldownUntil: number;
  /** A failover has happened and no person has acknowledged it yet: no alarm starts another run. */
  readonly disarmed: boolean;
  /** When users were moved away from the primary, newest last; they make the next move harder for some hours. */
  readonly moves: readonly number[];
  readonly vouch: Vouch | null;
  /** What people have told the run that holds it; missing where they have told it nothing. */
  readonly orders?: RunOrders;
}

/** How the holders begin that are no executions: a person moves the route by hand. */
export const BY_HAND = 'by-hand-';
export const isByHand = (holder: string): boolean => holder.startsWith(BY_HAND);

/** The brake as the ledger keeps it. */
export interface BrakeItem {
  readonly on: boolean;
  readonly owner: string;
  readonly reason: string;
}

/**
 * Says why a refused conditional write was refused, from what the ledger holds. The write itself has decided already;
 * this only finds the words, in the order in which an operator would ask.
 */
export function explainRefusal(
  request: LeaseRequest,
  found: { readonly lease: LeaseItem | null; readonly brake: BrakeItem | null },
): { reason: LeaseRefusal; detail: string; holder?: string } {
  const { lease, brake } = found;
  if (!request.byPerson && brake?.on === true) {
    return { reason: 'brake', detail: `the brake is on: ${brake.reason} (${brake.owner})` };
  }
  if (lease?.holder != null && lease.expiresAt > request.now) {
    const until = new Date(lease.expiresAt).toISOString();
    const detail = `execution ${lease.holder} holds the lease until ${until}`;
    return { reason: 'held', detail, holder: lease.holder };
  }
  if (!request.byPerson && lease?.disarmed === true) {
    return {
      reason: 'disarmed',
      detail: 'the last failover was not acknowledged yet: "pilotlight acknowledge" arms automation again',
    };
  }
  if (!request.byPerson && lease !== null && lease.cooldownUntil > request.now) {
    const until = new Date(lease.cooldownUntil).toISOString();
    return {
      reason: 'cooldown',
      detail: `automatic starts are refused until ${until}; a person may start at once`,
    };
  }
  return { reason: 'held', detail: 'another execution took the lease at the same moment' };
}
