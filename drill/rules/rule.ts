import type { Execution } from '../engine/executions.ts';
import type { UserRequest } from '../world/users.ts';

/** A write to the route's store, as the world saw it arrive. */
export interface RouteWrite {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly origin: string;
  /** How many of the users the write sends to the standby: all, a share, or none. Percent. */
  readonly percentOnStandby: number;
  /** The same of the primary. */
  readonly percentOnPrimary: number;
  readonly by: string;
  readonly epoch: number;
  /** The number of the change that the edge was told of. */
  readonly change: number;
  /** The truth at that moment, which the controller cannot know. */
  readonly standbyWasFit: boolean;
  readonly primaryWasUp: boolean;
}

/** A write that an application accepted. */
export interface AcceptedWrite {
  readonly id: number;
  readonly at: number;
}

/** How the data got to the standby. Moments in milliseconds since the Unix epoch. */
export interface DataEvidence {
  readonly mode: 'none' | 'dump' | 'ship';
  /** Lines of the journal in the store: everything that was committed by `wholeUntil` was in the store by `storedAt`. */
  readonly beats: readonly { readonly storedAt: number; readonly wholeUntil: number | null }[];
  /** Dumps in the store, and the moment that each of them is of. */
  readonly dumps: readonly { readonly storedAt: number; readonly at: number }[];
  /** Ids of the primary's writes in the standby's database, in the order in which they were put there. */
  readonly applied: readonly number[];
  /** When the standby's database was opened for writes; null where it was not, or long before. */
  readonly openedAt: number | null;
  /** Ids of the writes in the primary's database at the end; null where nobody carries data home. */
  readonly onPrimary: readonly number[] | null;
  /** When every edge location knew of a shield. */
  readonly shieldedAt: readonly number[];
}

/** What the checkers look at: the world after the run, nothing that the controller says of itself but its effects. */
export interface Evidence {
  readonly executions: readonly Execution[];
  /** Where users were before the first write of the route. */
  readonly startsOn: string;
  readonly routeWrites: readonly RouteWrite[];
  readonly primaryWrites: readonly AcceptedWrite[];
  readonly standbyWrites: readonly AcceptedWrite[];
  readonly data: DataEvidence;
  /** Gateway, cluster and database of the standby are all stopped; left out where nobody asks. */
  readonly standbyIsParked?: boolean;
  readonly requests: readonly UserRequest[];
  /** Beacons whose spread was measured during the drill. */
  readonly measurements: number;
  /** Who holds the lease in the ledger at the end; null when nobody does. */
  readonly leaseHolder: string | null;
  /** The texts of all announcements. */
  readonly announcements: readonly string[];
  /** The moments of the announcements, in the same order; left out where nobody asks. */
  readonly announcedAt?: readonly number[];
  /** What people told runs; left out where nobody did. */
  readonly orders?: readonly OrderTaken[];
  /** Records of runs in the ledger, by execution. */
  readonly recordedExecutions: readonly string[];
  readonly unexpectedCalls: readonly string[];
  readonly executionSecondsMax: number;
}

/** An order that a run was given by a person, as the world saw it taken. */
export interface OrderTaken {
  readonly execution: string;
  readonly order: string;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

/** Whether a rule held, and what was looked at or what broke it. */
export interface RuleResult {
  readonly name: string;
  readonly held: boolean;
  readonly detail: string;
}

/** Whether an execution was started as a planned move, by the input that it was given. */
export const wasPlanned = (input: unknown): boolean =>
  typeof input === 'object' && input !== null && (input as Record<string, unknown>)['planned'] === true;

/** Whether an execution brings a site home, by its name. */
export const wasFailback = (name: string): boolean => name.startsWith('failback-');

/** The state by which a planned move says that its primary has died half-way. */
const UNGRACEFUL = 'The planned move becomes a failover';

/** Whether an execution was a planned move to its end. */
export const isGraceful = ({ input, states }: Pick<Execution, 'input' | 'states'>): boolean =>
  wasPlanned(input) && !states.some(({ name }) => name === UNGRACEFUL);

/** Makes a result from what broke the rule: nothing broke it, it held. */
export function judge(name: string, broken: readonly string[], otherwise: string): RuleResult {
  return { name, held: broken.length === 0, detail: broken.length === 0 ? otherwise : broken.join('; ') };
}
