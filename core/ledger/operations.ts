/**
 * What people do to a workload beside its runs, and what they want to know of it. The command line decides on these; the
 * adapters in `clouds/` implement the two ports.
 */
import * as z from 'zod';
import type { BrakeItem, LeaseGrant, LeaseItem, LeaseRequest } from './lease.ts';
import type { RunRecord } from '../run/record.ts';

/** Something that a person did to a workload by hand. It stands in the history beside the runs, for ever. */
export const actSchema = z.object({
  kind: z.enum(['brake-on', 'brake-off', 'acknowledge', 'route-set', 'stop', 'park', 'wake']),
  workload: z.string().min(1),
  /** ISO 8601; the act's place in the history. */
  at: z.iso.datetime(),
  /** Who did it, as AWS knows them: an ARN. */
  by: z.string().min(1),
  /** Whom to ask about it, in people's words. */
  owner: z.string().min(1),
  why: z.string(),
  /** What it changed, or what stood against it. */
  detail: z.string(),
  /** `begun` stays where the process died half-way: look at the route then. */
  result: z.enum(['begun', 'done', 'failed']),
});
export type Act = z.infer<typeof actSchema>;

/** The brake with the moment it was last moved (ISO 8601); null in items that were written by other means. */
export interface BrakeView extends BrakeItem {
  readonly at: string | null;
}

/** One run in the history. `record` is null where it was written in a form that this version cannot read. */
export interface RunEntry {
  readonly execution: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly outcome: string;
  readonly record: RunRecord | null;
}

/** What the ledger does for people. */
export interface Operations {
  readLease(workload: string): Promise<LeaseItem | null>;
  readBrake(workload: string): Promise<BrakeView | null>;
  /** The newest runs, newest first. */
  runs(workload: string, limit: number): Promise<readonly RunEntry[]>;
  /** The newest acts of people, newest first. */
  acts(workload: string, limit: number): Promise<readonly Act[]>;
  /** The run of that execution; null where the workload has none. Reads the history from its new end. */
  findRun(workload: string, execution: string): Promise<RunEntry | null>;
  /** Sets the brake and records the act, both or neither. */
  setBrake(workload: string, brake: BrakeItem, act: Act): Promise<void>;
  /** Arms automation again and records it. False where it was not disarmed: nothing is written then. */
  acknowledge(workload: string, act: Act): Promise<boolean>;
  /**
   * Takes the lease whoever holds it. The epoch grows, so that whatever the other execution does next is refused.
   * Not taken only where others keep taking it at the same time.
   */
  seizeLease(request: LeaseRequest): Promise<LeaseGrant>;
  /** Writes or rewrites an act alone. */
  record(act: Act): Promise<void>;
  /**
   * Gives back a lease that was taken by hand, or that a stopped execution left, and writes the act, both or neither.
   * False where that holder has it no more: only the act is written then.
   */
  release(lease: ReleaseByHand, act: Act): Promise<boolean>;
}

/** A lease that a person gives back. */
export interface ReleaseByHand {
  readonly workload: string;
  readonly holder: string;
  readonly epoch: number;
  /** Whether automation waits for an acknowledgement from now on; false leaves that as it is. */
  readonly disarms: boolean;
}

/** States of an execution, as Step Functions names them. */
export const executionStatuses = [
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'TIMED_OUT',
  'ABORTED',
  'PENDING_REDRIVE',
] as const;
export type ExecutionStatus = (typeof executionStatuses)[number];

/** One execution of the workflow. Times are milliseconds since the Unix epoch. */
export interface Execution {
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly startedAt: number;
  readonly stoppedAt: number | null;
  readonly error: string | null;
  readonly cause: string | null;
  /** It was started as a planned move; missing where it was not, or its input is not known. */
  readonly planned?: true;
}

/** One event of an execution's history, as far as people follow it. */
export interface ExecutionEvent {
  readonly id: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly type: string;
  /** Name of the state that is entered or left; null for every other event. */
  readonly state: string | null;
  readonly error: string | null;
  readonly cause: string | null;
}

/** The failover workflow, as people use it. */
export interface Workflow {
  /** Starts an execution. Asking again with the same name and input while it runs is harmless. */
  start(name: string, input: Readonly<Record<string, unknown>>): Promise<{ readonly startedAt: number }>;
  /** Ends an execution where it stands; null where there is none of that name. */
  stop(name: string, why: string): Promise<{ readonly stoppedAt: number } | null>;
  /** Null where there is none of that name, or where it ended so long ago that it was forgotten (90 days). */
  describe(name: string): Promise<Execution | null>;
  /** The newest executions of that status, newest first. */
  list(status: ExecutionStatus, limit: number): Promise<readonly Execution[]>;
  /** The events after the one with that id, in their order; 0 is before the first. */
  events(name: string, afterId: number): Promise<readonly ExecutionEvent[]>;
}

/** Whom the credentials stand for. */
export interface Caller {
  readonly account: string;
  readonly arn: string;
}
