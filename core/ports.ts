/**
 * What the decisions need from the outside, as narrow interfaces. The adapters in `clouds/` implement them; the drill
 * replaces the transport under the adapters, never the adapters.
 */
import type { Answer, AnswerResult, Approval } from './approval/approval.ts';
import type { AlarmState } from './watch/signal.ts';
import type { ProbeAnswer, ProbeTarget } from './watch/probe.ts';
import type { Route } from './route/route.ts';
import type { SpreadHistory } from './route/spread.ts';
import type { CarriedRun, RunOrder, KnownRun } from './standby/carrying.ts';
import type { PipelineRun, RunId } from './standby/pipeline.ts';
import type { StandbyChecks, StandbyWanted } from './standby/standby.ts';
import type { LeaseGrant, LeaseRequest, Vouch } from './ledger/lease.ts';
import type { EndedRun } from './run/ending.ts';
import type { RunOrders } from './ledger/orders.ts';
import type { RunRecord } from './run/record.ts';
import type { Run } from './run/run.ts';
import type { Turns } from './fleet/turns.ts';
import type { WatchMemory } from './watch/memory.ts';

/** The only source of time. Milliseconds since the Unix epoch. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** Structured log of one invocation; facts are plain values and never secrets. */
export interface Log {
  info(message: string, facts?: Record<string, unknown>): void;
  warn(message: string, facts?: Record<string, unknown>): void;
}

/** Figures that alarms and dashboards are built on. */
export interface Metrics {
  count(name: string, value: number): void;
  seconds(name: string, value: number): void;
  /** A figure of this very second about one thing, in high resolution: alarms see it within ten seconds. */
  level(name: string, value: number, about: Readonly<Record<string, string>>): void;
}

/** What an invocation knows about its own time limit. */
export interface Call {
  /** Milliseconds until the platform stops the function. */
  remainingMs(): number;
}

/** Route of a workload at the edge, with the version tag that a conditional write must name. */
export interface RouteStore {
  /** `route` is null where the store has no route yet: the edge then serves the primary. */
  read(workload: string): Promise<{ route: Route | null; version: string }>;
  /** False when somebody else wrote since `version` was read: read again and decide again. */
  write(workload: string, route: Route, version: string): Promise<boolean>;
  /**
   * Whether the service itself says that the newest route is everywhere; true where it has no say (a key-value store),
   * so that only the probes decide. Does what must follow a spread change, such as an invalidation, once.
   */
  confirmSpread(workload: string): Promise<boolean>;
}

/** Writes the beacon of a workload, beside its route and never in the way of it; see route/beacon.ts. */
export interface BeaconStore {
  /**
   * Writes once. `known` is the version after our last write, null where it is to be looked up.
   * @returns the version after this write; null where somebody else wrote at the same moment: they are left alone.
   */
  write(workload: string, value: string, known: string | null): Promise<string | null>;
}

/** How the changes of each workload's store were measured to spread. */
export interface SpreadLedger {
  /** `history` is null where there is none yet, or one of an older shape. */
  read(workload: string): Promise<{ readonly history: SpreadHistory | null; readonly version: number }>;
  /** False when somebody else wrote since `version` was read. */
  write(workload: string, history: SpreadHistory, version: number): Promise<boolean>;
}

/** The fence at the door of a primary; see route/fence.ts. */
export interface Fence {
  /** Lets nobody in any more, and says for the shield of which epoch. It is shut when the door says so, not before. */
  shut(epoch: number): Promise<void>;
  open(): Promise<void>;
}

/** The servers behind the load balancer of a primary. */
export interface Targets {
  /** How many there are, how many are healthy, and why the others are not. @throws CloudUnavailable, CloudRefused */
  health(): Promise<{
    readonly healthy: number;
    readonly all: number;
    readonly unhealthy: readonly string[];
  }>;
}

/** Alarm states of one region. */
export interface Alarms {
  /** Alarms that the region does not know are missing from the answer. */
  states(region: string, names: readonly string[]): Promise<readonly AlarmState[]>;
}

/** Probes from the places that the controller has; a place is where a probe is sent from. */
export interface Prober {
  readonly places: readonly string[];
  /**
   * Asks for all targets at once; an answer for each, in their order. Never throws: what goes wrong on the way to a target
   * is its answer, what goes wrong at the place is `unknown`. `reuse` lets it ask over connections that are open already.
   */
  probe(
    place: string,
    targets: readonly ProbeTarget[],
    how?: { readonly reuse: boolean },
  ): Promise<readonly ProbeAnswer[]>;
}

/** One look that is due: at which workloads, and when. */
export interface DueLook {
  /** Milliseconds since the Unix epoch. */
  readonly dueAt: number;
  readonly workloads: readonly string[];
}

/** The queue of the watch. */
export interface LookQueue {
  /** Each is delivered at about the moment at which it is due: at least once, in any order, perhaps late, rarely never. */
  send(looks: readonly DueLook[], now: number): Promise<void>;
}

/** What is remembered of each workload between two rounds of looks. */
export interface WatchMemories {
  /** `memory` is null where there is none yet, or one of an older shape. */
  read(workload: string): Promise<{ readonly memory: WatchMemory | null; readonly version: number }>;
  /** False when somebody else wrote since `version` was read: read again and look at it again. */
  write(workload: string, memory: WatchMemory, version: number): Promise<boolean>;
}

/** Starts runs of the failover workflow. */
export interface Starter {
  /** False where a run of that name exists already: asking twice starts once. */
  start(name: string, input: unknown): Promise<boolean>;
}

/** How a run stands by the service that runs it. `unknown` is one that it does not know, or not any more. */
export type RunEnd =
  { readonly kind: 'goes-on' | 'succeeded' | 'unknown' } | { readonly kind: 'ended'; readonly run: EndedRun };

/** How runs stand. */
export interface RunEnds {
  of(execution: string): Promise<RunEnd>;
}

/** The turns of the runs of a fleet. */
export interface TurnLedger {
  read(): Promise<{ readonly turns: Turns; readonly version: number }>;
  /** False when somebody else wrote since `version` was read. */
  write(turns: Turns, version: number): Promise<boolean>;
}

/** The leases, brake and history of all workloads. */
export interface Ledger {
  /** Takes the lease, or says why not; asking again for the same execution answers the same grant. */
  takeLease(request: LeaseRequest): Promise<LeaseGrant>;
  /**
   * Extends the lease, and tells whether a person has vouched for the outage or given orders meanwhile.
   * @throws LeaseLost when another execution, or nobody, holds it.
   */
  renewLease(request: {
    workload: string;
    execution: string;
    epoch: number;
    expiresAt: number;
  }): Promise<{ readonly vouch: Vouch | null; readonly orders?: RunOrders }>;
  /** Gives a person's word to the run that holds the lease. False where that run does not hold it any more. */
  vouch(workload: string, vouch: Vouch): Promise<boolean>;
  /** Whether the record of this run stands in the history. */
  isRecorded(run: Run): Promise<boolean>;
  /** Writes the record of a run and, where the run holds the lease, releases it: both or neither. */
  finish(record: RunRecord, release: LeaseRelease | null): Promise<void>;
}

/** What people tell runs. */
export interface OrderBook {
  /** The orders of the run that holds the lease; null where none does. */
  read(workload: string): Promise<{ readonly expiresAt: number; readonly orders: RunOrders } | null>;
  /** False where that run does not hold the lease any more, or somebody has given an order since: then nothing was changed. */
  write(workload: string, change: { readonly before: RunOrders; readonly next: RunOrders }): Promise<boolean>;
}

/** How a lease is given back. Milliseconds since the Unix epoch. */
export interface LeaseRelease {
  /** Null where the run does not know which lease it holds, if any: then whatever it holds is given back. */
  readonly epoch: number | null;
  readonly status: 'DONE' | 'FAILED';
  /** When the run moved users away from the primary; null where it did not. */
  readonly movedAwayAt: number | null;
  /** Automatic starts are refused until then; null where the run changed nothing. */
  readonly cooldownUntil: number | null;
  /** Whether automation stays off until a person acknowledges. */
  readonly disarms: boolean;
  /** Users are home again: automation may act at once, whatever an earlier run has left. */
  readonly arms?: true;
}

/** The pipeline that builds the standby, by whichever runner. */
export interface Pipeline {
  /** Finds the run of this correlation id, or null. */
  find(correlationId: string): Promise<PipelineRun | null>;
  start(correlationId: string, parameters: Readonly<Record<string, string>>): Promise<PipelineRun>;
  /** What a start would run, without running it: the pipeline's own preview of its expanded YAML. */
  preview(parameters: Readonly<Record<string, string>>): Promise<{ readonly yaml: string }>;
  read(runId: RunId): Promise<PipelineRun>;
  cancel(runId: RunId): Promise<void>;
  /** Only where there are two runners: a look at the run, with which the second may take over from the first. */
  carry?(order: RunOrder, known: KnownRun): Promise<CarriedRun>;
}

/** The standby's own machinery in Azure. */
export interface Standby {
  /** Looks once. With `serving`, what is still being added to a standby that serves counts as good, and is told as growing. */
  check(wanted?: StandbyWanted): Promise<StandbyChecks>;
  /** Asks for `nodeCount` nodes in the warm pool; asking again for the same count is harmless. */
  scale(nodeCount: number): Promise<{ nodeCount: number; previousNodeCount: number }>;
}

/** Tells people. */
export interface Announcer {
  announce(message: { subject: string; text: string; workload: string; outcome: string }): Promise<void>;
}

/** Approvals in the ledger. Deciding is one conditional write; the task token never leaves the ledger and the workflow. */
export interface Approvals {
  /**
   * Opens the approval of an execution, or finds the one that is open, and keeps the token of the waiting step; asking
   * again (a reminder, a retried step) replaces only the token. A record that is decided already is told to the waiting
   * step at once.
   */
  open(approval: Approval, taskToken: string): Promise<Approval>;
  find(workload: string, execution: string): Promise<Approval | null>;
  /** Approvals of a workload that wait for an answer. */
  pending(workload: string): Promise<readonly Approval[]>;
  /** Takes an answer; where it decides, the waiting step is told. The same answer again is harmless. */
  answer(workload: string, execution: string, answer: Answer): Promise<AnswerResult>;
  noteMessage(workload: string, execution: string, message: { channel: string; ts: string }): Promise<void>;
  /** No answer counts any more: the run is over. */
  close(workload: string, execution: string): Promise<void>;
}

/** A chat that takes messages with blocks and can rewrite them. */
export interface Messenger {
  /** `thread` is the `ts` of the message that it answers. */
  post(message: {
    text: string;
    blocks?: readonly unknown[];
    thread?: string;
  }): Promise<{ channel: string; ts: string }>;
  update(
    at: { channel: string; ts: string },
    message: { text: string; blocks: readonly unknown[] },
  ): Promise<void>;
}
