import { phases, rtoOf, type Rto } from '../../core/run/rto.ts';
import type { Execution } from '../engine/executions.ts';
import { isGraceful, wasFailback, wasPlanned, type Evidence, type RuleResult } from '../rules/rule.ts';
import { splitBrainWrites } from '../rules/rules.ts';
import type { UserRequest } from '../world/users.ts';

/** What users saw, in numbers. */
export interface UserSummary {
  readonly requests: number;
  readonly failed: number;
  readonly maintenance: number;
  /** Seconds in which fewer than half of the requests were served. */
  readonly downSeconds: number;
  /** Writes that users were told are done and that the serving database does not hold. */
  readonly writesLost: number;
  readonly splitBrainWrites: number;
}

/** How a fleet that fell together came through. RTOs are those of the users of each workload, in seconds. */
export interface FleetSummary {
  readonly workloads: number;
  /** Workloads whose users are on their standbys. */
  readonly moved: number;
  readonly firstRtoSeconds: number | null;
  readonly lastRtoSeconds: number | null;
  /** How many times longer the last one took than the first one; null where none was moved. */
  readonly ratio: number | null;
  /** Workloads in the order in which they were moved. */
  readonly order: readonly string[];
}

/** What the move came to with the data, as the world knows it. */
export interface DataSummary {
  readonly mode: Evidence['data']['mode'];
  /** ISO 8601: what the store had when the users were moved; null where the site has its own means. */
  readonly recoveryPoint: string | null;
  /** From there to the last write that the primary accepted: what a person could know. Null with the point. */
  readonly promisedLossSeconds: number | null;
  /** From the first write that the standby does not hold to the last one that the primary accepted; 0 where it holds them all. */
  readonly lostSeconds: number;
}

/** The document that `--json` prints. */
export interface DrillReport {
  readonly scenario: string;
  readonly seed: number;
  readonly workload: string;
  readonly outcome: string;
  readonly rto: Rto | null;
  /** How the switch spread over the edge; null where nothing was switched. */
  readonly convergence: (Convergence & { readonly compared?: Comparison }) | null;
  /** How the gateway for Slack answered; null where nobody clicked. Virtual milliseconds. */
  readonly gateway: { readonly requests: number; readonly slowestMs: number } | null;
  /** Seconds of RTO that a start on suspicion saved against one on confirmation; where the scenario compares them. */
  readonly savedSeconds?: number;
  /** How long users of a planned move saw the page, where the main run is one and they came away from it again. Seconds. */
  readonly pageSeconds?: number;
  /**
   * The unavoidable steps on the critical path, one after the other, and how much longer the run took. Null where nobody was moved, and
   * for a planned move, which prepares while users are served.
   */
  readonly limit: { readonly seconds: number; readonly ratio: number } | null;
  /** Null where no user was moved to the standby. */
  readonly data: DataSummary | null;
  readonly users: UserSummary;
  /** Where more than one workload is in the drill. */
  readonly fleet?: FleetSummary;
  readonly rules: readonly RuleResult[];
  /** `at` is ISO 8601, in the drill's own time. */
  readonly timeline: readonly { readonly at: string; readonly event: string }[];
  readonly states: readonly string[];
}

/** Seconds from the write of the route until the first and the last edge location knew it entirely. */
export interface Convergence {
  readonly strategy: 'key-value' | 'distribution';
  readonly firstSeconds: number;
  readonly lastSeconds: number;
}

/** The other strategy in the same world, and how many times longer its last location took. */
export interface Comparison extends Convergence {
  readonly ratio: number;
}

const SECOND_MS = 1000;

function downSeconds(requests: readonly UserRequest[]): number {
  const bySecond = new Map<number, { all: number; served: number }>();
  for (const request of requests) {
    const second = Math.floor(request.at / SECOND_MS);
    const counts = bySecond.get(second) ?? { all: 0, served: 0 };
    counts.all += 1;
    if (request.experience === 'served') counts.served += 1;
    bySecond.set(second, counts);
  }
  return [...bySecond.values()].filter((counts) => counts.served * 2 < counts.all).length;
}

/** Sums up what users saw. `holds` says whether the database that serves at the end holds a write. */
export function summariseUsers(evidence: Evidence, holds: (id: number) => boolean): UserSummary {
  const { requests } = evidence;
  const count = (experience: UserRequest['experience']): number =>
    requests.filter((request) => request.experience === experience).length;
  const acknowledged = requests.flatMap((request) => (request.writeId === null ? [] : [request.writeId]));
  return {
    requests: requests.length,
    failed: count('failed'),
    maintenance: count('maintenance'),
    downSeconds: downSeconds(requests),
    writesLost: acknowledged.filter((id) => !holds(id)).length,
    splitBrainWrites: splitBrainWrites(evidence),
  };
}

const seconds = (ms: number): number => Math.round(Math.max(0, ms)) / 1000;

/** Sums up what the move lost. `holds` says whether the standby's database holds a write. */
export function summariseData(evidence: Evidence, holds: (id: number) => boolean): DataSummary | null {
  const { data, primaryWrites, routeWrites } = evidence;
  const moved = routeWrites.findLast(({ origin }) => origin === 'standby')?.at;
  if (moved === undefined) return null;
  const points = [
    ...data.beats.map(({ storedAt, wholeUntil }) => ({ storedAt, at: wholeUntil ?? 0 })),
    ...data.dumps,
  ];
  const point = Math.max(0, ...points.flatMap(({ storedAt, at }) => (storedAt <= moved ? [at] : [])));
  const before = primaryWrites.filter(({ at }) => at <= moved);
  const last = before.at(-1);
  const lost = before.find(({ id }) => !holds(id));
  return {
    mode: data.mode,
    recoveryPoint: point === 0 ? null : new Date(point).toISOString(),
    promisedLossSeconds: point === 0 || last === undefined ? null : seconds(last.at - point),
    lostSeconds: last === undefined || lost === undefined ? 0 : seconds(last.at - lost.at),
  };
}

const enteredAt = (run: Execution, state: string): number | null =>
  run.states.find((entered) => entered.name === state)?.at ?? null;

/**
 * RTO as users lived it: from their first failed request to the first good answer of the standby after the switch. The
 * moments are the world's own, not what the controller wrote down.
 */
export function measureRto(evidence: Evidence, main: Execution): Rto | null {
  // There was no outage to count from.
  if (isGraceful(main)) return null;
  const write = (origin: string): number | undefined =>
    evidence.routeWrites.find((entry) => entry.by === main.name && entry.origin === origin)?.at;
  const switched = write('standby');
  const shielded = write('maintenance');
  if (switched === undefined || shielded === undefined) return null;
  const firstFailed = evidence.requests.find((request) => request.experience === 'failed')?.at;
  const firstGood = evidence.requests.find(
    (request) => request.at >= switched && request.servedBy === 'standby',
  )?.at;
  if (firstFailed === undefined || firstGood === undefined) return null;
  const rto = rtoOf({
    outageBegan: firstFailed,
    executionStarted: main.startedAt,
    confirmed: enteredAt(main, 'Raise the shield') ?? main.startedAt,
    shielded,
    prepared: enteredAt(main, 'Look again at the primary') ?? switched,
    switched,
    firstGood,
  });
  return roundedToSum(rto);
}

/** From the write of the page to the first user who was served after it, by whichever side. Seconds. */
export function measurePage(evidence: Evidence, main: Execution): number | null {
  if (!wasPlanned(main.input) && !wasFailback(main.name)) return null;
  const own = evidence.routeWrites.filter(({ by }) => by === main.name);
  const shielded = own.find(({ origin }) => origin === 'maintenance');
  const left = own.find(({ origin, at }) => origin !== 'maintenance' && at >= (shielded?.at ?? 0));
  if (shielded === undefined || left === undefined) return null;
  const served = evidence.requests.find(({ at, servedBy }) => at >= left.at && servedBy === left.origin);
  return served === undefined ? null : seconds(served.at - shielded.at);
}

/** How the switch to the standby spread, as the edge itself knows it. */
export function measureConvergence(
  evidence: Evidence,
  main: Execution,
  convergenceOf: (change: number) => Convergence | null,
): Convergence | null {
  const moved = evidence.routeWrites.find((entry) => entry.by === main.name && entry.origin === 'standby');
  const measured = moved === undefined ? null : convergenceOf(moved.change);
  if (measured === null) return null;
  const rounded = (value: number): number => Math.round(value * 1000) / 1000;
  return {
    strategy: measured.strategy,
    firstSeconds: rounded(measured.firstSeconds),
    lastSeconds: rounded(measured.lastSeconds),
  };
}

/** Whole milliseconds in, so three decimals lose nothing; the total is the sum of what is printed. */
function roundedToSum(rto: Rto): Rto {
  const rounded = Object.fromEntries(
    phases.map((phase) => [phase, Math.round(rto.phases[phase] * 1000) / 1000]),
  );
  const total = Object.values(rounded).reduce((sum, seconds) => sum + seconds, 0);
  return { totalSeconds: Math.round(total * 1000) / 1000, phases: rounded as Rto['phases'] };
}
