import { awayOf } from '../core/standby/away.ts';
import type { Approval } from '../core/approval/approval.ts';
import type { Workload } from '../core/config/schema.ts';
import { PilotlightError } from '../core/errors.ts';
import { ageSecondsOf, proofFault, type DataReport } from '../core/data/report.ts';
import type { LeaseItem } from '../core/ledger/lease.ts';
import type { BrakeView, Execution } from '../core/ledger/operations.ts';
import type { ParkedRecord } from '../core/standby/parked.ts';
import { parkedDocument } from './parked-text.ts';
import type { Route } from '../core/route/route.ts';
import { settleTimeOf, type SettleTime } from '../core/route/settle-time.ts';
import { summaryOf, type SpreadHistory } from '../core/route/spread.ts';
import { healthPolicyOf } from '../core/watch/level.ts';
import type { WatchMemory } from '../core/watch/memory.ts';
import { placesOf } from '../core/watch/places.ts';
import { healthView, type HealthView } from '../core/watch/view.ts';
import { requireWorkload } from './workload.ts';
import type { Deps } from './command.ts';

/** Something that was read, or why it could not be: at 3 a.m. half a picture is better than none. */
export type Seen<T> =
  { readonly read: true; readonly value: T } | { readonly read: false; readonly problem: string };

/** Everything that people want to know of a workload before they act. */
export interface Look {
  readonly workload: string;
  readonly route: Seen<Route | null>;
  readonly lease: Seen<LeaseItem | null>;
  readonly brake: Seen<BrakeView | null>;
  readonly approvals: Seen<readonly Approval[]>;
  /** What the watch knows of the primary; null where it has written nothing yet. */
  readonly health: Seen<HealthView | null>;
  /** How the data are, as last measured; null where nobody has measured them. */
  readonly data: Seen<DataReport | null>;
  /** What is remembered of a parked standby; null for every other tier, and before anything was. */
  readonly parked: Seen<ParkedRecord | null>;
  /** How changes of the edge were measured to spread; null where nothing was measured. */
  readonly spread: Seen<SpreadHistory | null>;
  /** The execution that holds the lease; null where nobody does, or a person does by hand. */
  readonly execution: Seen<Execution | null>;
}

/** Whether alarms may start a run, and if not, why. */
export type Automation = 'armed' | 'brake' | 'disarmed' | 'cooldown' | 'unknown';

export async function see<T>(read: () => Promise<T>): Promise<Seen<T>> {
  try {
    return { read: true, value: await read() };
  } catch (error) {
    if (error instanceof PilotlightError) return { read: false, problem: error.message };
    throw error;
  }
}

/** The lease of a moment: an expired one is held by nobody. */
export const holderOf = (lease: LeaseItem | null, now: number): string | null =>
  lease !== null && lease.expiresAt > now ? lease.holder : null;

async function executionOf(deps: Deps, lease: Seen<LeaseItem | null>): Promise<Seen<Execution | null>> {
  if (!lease.read) return lease;
  // A run that ended without a record leaves its lease behind: whoever held it last is worth a look all the same.
  const holder = lease.value?.holder ?? null;
  return see(() => (holder === null ? Promise.resolve(null) : deps.workflow.describe(holder)));
}

/** Looks at one workload. Throws nothing that a cloud did: what cannot be read is said. */
export async function look(deps: Deps, workload: string): Promise<Look> {
  const isParked = requireWorkload(deps.config, workload).standby.tier === 'parked';
  const [route, lease, brake, approvals, memory, data, parked, spread] = await Promise.all([
    see(async () => (await deps.routes.read(workload)).route),
    see(() => deps.operations.readLease(workload)),
    see(() => deps.operations.readBrake(workload)),
    see(() => deps.approvals.pending(workload)),
    see(async () => (await deps.memories.read(workload)).memory),
    see(() => deps.reports.read(workload)),
    see(() => (isParked ? deps.parked.read(workload) : Promise.resolve(null))),
    see(async () => (await deps.spreads.read(workload)).history),
  ]);
  const health = healthOf(deps, workload, { memory, lease });
  const execution = await executionOf(deps, lease);
  return { workload, route, lease, brake, approvals, health, data, parked, spread, execution };
}

function healthOf(
  deps: Deps,
  id: string,
  { memory, lease }: { readonly memory: Seen<WatchMemory | null>; readonly lease: Seen<LeaseItem | null> },
): Seen<HealthView | null> {
  if (!memory.read) return memory;
  if (!lease.read) return lease;
  if (memory.value === null) return { read: true, value: null };
  const about = {
    memory: memory.value,
    lease: lease.value,
    policy: healthPolicyOf(requireWorkload(deps.config, id)),
    places: placesOf(deps.config),
  };
  return { read: true, value: healthView(about, deps.clock.now()) };
}

/** In the order in which the ledger asks; what cannot be read counts as a reason not to act. */
export function automationOf({ lease, brake }: Look, now: number): Automation {
  if (!lease.read || !brake.read) return 'unknown';
  if (brake.value?.on === true) return 'brake';
  if (lease.value?.disarmed === true) return 'disarmed';
  return lease.value !== null && lease.value.cooldownUntil > now ? 'cooldown' : 'armed';
}

/** Why parts of the picture are missing. */
export const problemsOf = (seen: Look): string[] => [
  // Both come from one table, which then says the same twice.
  ...new Set(
    [
      ...[seen.route, seen.lease, seen.brake, seen.approvals],
      ...[seen.health, seen.data, seen.parked, seen.spread, seen.execution],
    ].flatMap((part) => (part.read ? [] : [part.problem])),
  ),
];

const valueOf = <T>(seen: Seen<T>): T | null => (seen.read ? seen.value : null);

/** How long the shield of a workload would settle now. What cannot be read is said in its reason. */
export const settleTimeOfLook = (
  { spread }: Pick<Look, 'spread'>,
  workload: Workload,
  now: number,
): SettleTime => settleTimeOf(workload, spread.read ? spread.value : 'unreadable', now);

/** The same, read now; without the ledger the configuration alone says it. */
export async function settleTimeNow(deps: Deps, id: string, withoutLedger: boolean): Promise<SettleTime> {
  const spread = withoutLedger
    ? ({ read: false, problem: 'the ledger is not asked' } as const)
    : await see(async () => (await deps.spreads.read(id)).history);
  return settleTimeOfLook({ spread }, requireWorkload(deps.config, id), deps.clock.now());
}

/** The look for programs. Times of the ledger become ISO 8601. */
export function lookDocument(seen: Look, workload: Workload, now: number): Record<string, unknown> {
  const lease = valueOf(seen.lease);
  const iso = (ms: number): string => new Date(ms).toISOString();
  const execution = valueOf(seen.execution);
  return {
    workload: seen.workload,
    // Null means that it could not be read, and a route that was never written means the primary.
    origin: seen.route.read ? (seen.route.value?.origin ?? 'primary') : null,
    route: valueOf(seen.route),
    /** Null where users are not on the standby. */
    away: awayOf(seen.workload, workload, valueOf(seen.route)),
    automation: automationOf(seen, now),
    cooldownUntil: lease === null || lease.cooldownUntil <= now ? null : iso(lease.cooldownUntil),
    lease:
      lease === null
        ? null
        : { holder: holderOf(lease, now), epoch: lease.epoch, expiresAt: iso(lease.expiresAt) },
    orders: lease?.orders ?? null,
    brake: valueOf(seen.brake),
    approvals: valueOf(seen.approvals),
    health: healthDocument(valueOf(seen.health)),
    data: dataDocument(valueOf(seen.data), now),
    ...parkedDocument(valueOf(seen.parked), now),
    settle: settleDocument(seen, workload, now),
    execution:
      execution === null
        ? null
        : {
            ...execution,
            startedAt: iso(execution.startedAt),
            stoppedAt: execution.stoppedAt === null ? null : iso(execution.stoppedAt),
          },
    problems: problemsOf(seen),
  };
}

function healthDocument(view: HealthView | null): Record<string, unknown> | null {
  if (view === null) return null;
  const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  const lastHour = view.lastHour.map(({ at, failingPercent }) => ({ at: iso(at), failingPercent }));
  return { ...view, since: iso(view.since), lookedAt: iso(view.lookedAt), lastHour };
}

/** The settle time for programs: what it follows from, in seconds. Null means that nothing was measured. */
function settleDocument(seen: Look, workload: Workload, now: number): Record<string, unknown> {
  const history = valueOf(seen.spread);
  const summary = history === null ? null : summaryOf(history, now);
  return {
    ...settleTimeOfLook(seen, workload, now),
    measurements: summary?.measurements ?? null,
    slowest: summary === null ? null : { place: summary.place, seconds: summary.worstSeconds },
    last: history?.last ?? null,
    trouble: history?.trouble ?? null,
  };
}

/** The data for programs. Seconds and bytes are numbers; null means that it is not known. */
function dataDocument(report: DataReport | null, now: number): Record<string, unknown> | null {
  if (report === null) return null;
  const { point, detail, dump, dumpFault, heardAt, measuredAt, proof, applier } = report;
  return {
    recoveryPoint: point?.at ?? null,
    ageSeconds: ageSecondsOf(report, now),
    from: point?.from ?? null,
    backlogBytes: point?.backlogBytes ?? null,
    detail,
    dump,
    dumpFault,
    heardAt,
    measuredAt,
    proof,
    proofFault: proofFault(report, now),
    applier,
  };
}
