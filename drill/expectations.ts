import type { DrillReport } from './report/summary.ts';
import type { Evidence } from './rules/rule.ts';
import type { Expectation } from './scenario.ts';

/** What a run came to, held against what its scenario expects. @returns one line for every difference. */
export function readExpectations(expected: Expectation, report: DrillReport, evidence: Evidence): string[] {
  const differences: string[] = [];
  if (report.outcome !== expected.outcome) {
    differences.push(`outcome: got ${report.outcome}, expected ${expected.outcome}`);
  }
  const told = [...evidence.announcements, ...evidence.executions.map((run) => run.cause ?? '')].join('\n');
  for (const words of expected.says) {
    if (!told.includes(words)) differences.push(`nobody said "${words}"`);
  }
  for (const state of expected.enters) {
    if (!report.states.includes(state)) differences.push(`"${state}" was not entered`);
  }
  for (const state of expected.avoids) {
    if (report.states.includes(state)) differences.push(`"${state}" was entered`);
  }
  if (expected.executions !== undefined && evidence.executions.length !== expected.executions) {
    differences.push(`executions: got ${evidence.executions.length}, expected ${expected.executions}`);
  }
  const moves = evidence.routeWrites.length;
  if (expected.movesAtMost !== undefined && moves > expected.movesAtMost) {
    differences.push(`moves: got ${moves}, expected at most ${expected.movesAtMost}`);
  }
  if (expected.measurements !== undefined && evidence.measurements !== expected.measurements) {
    differences.push(
      `measurements of the edge: got ${evidence.measurements}, expected ${expected.measurements}`,
    );
  }
  const at = evidence.routeWrites.at(-1)?.origin ?? evidence.startsOn;
  if (expected.servedAtEnd !== undefined && at !== expected.servedAtEnd) {
    differences.push(`users at the end: got ${at}, expected ${expected.servedAtEnd}`);
  }
  const { standbyIsParked = false } = evidence;
  if (expected.parkedAtEnd !== undefined && standbyIsParked !== expected.parkedAtEnd) {
    const words = (is: boolean): string => (is ? 'parked' : 'awake');
    differences.push(
      `standby at the end: got ${words(standbyIsParked)}, expected ${words(expected.parkedAtEnd)}`,
    );
  }
  const most = expected.announcementsAtMost;
  if (most !== undefined && evidence.announcements.length > most) {
    differences.push(`announcements: got ${evidence.announcements.length}, expected at most ${most}`);
  }
  differences.push(...lateNews(expected.toldAtMostSeconds, evidence));
  const limit = expected.rtoAtMostSeconds;
  const got = report.rto?.totalSeconds ?? null;
  if (limit !== null && (got === null || got > limit)) {
    differences.push(`RTO: got ${got ?? 'none'} s, expected at most ${limit} s`);
  }
  const { writesLost } = report.users;
  if (expected.writesLostAtMost !== undefined && writesLost > expected.writesLostAtMost) {
    differences.push(`writes lost: got ${writesLost}, expected at most ${expected.writesLostAtMost}`);
  }
  if (expected.fleet !== undefined) differences.push(...fleetDifferences(expected.fleet, report.fleet));
  return differences;
}

/** How long people had to wait for the news of executions that were stopped from outside. */
function lateNews(
  most: number | undefined,
  { executions, announcements, announcedAt = [] }: Evidence,
): string[] {
  if (most === undefined) return [];
  return executions
    .filter(({ stopped }) => stopped !== null)
    .flatMap(({ name, endedAt }) => {
      const told = announcedAt.find(
        (at, place) => at >= (endedAt ?? 0) && announcements[place]?.includes(name) === true,
      );
      const seconds = told === undefined ? null : (told - (endedAt ?? 0)) / 1000;
      if (seconds !== null && seconds <= most) return [];
      return [`people told after: got ${seconds ?? 'never'} s, expected at most ${most} s`];
    });
}

function fleetDifferences(
  { moved, ratioAtMost, before }: NonNullable<Expectation['fleet']>,
  got: DrillReport['fleet'],
): string[] {
  if (got === undefined) return ['fleet: got one workload, expected more'];
  const late = before.filter(([first, second]) => got.order.indexOf(first) > got.order.indexOf(second));
  return [
    ...(got.moved === moved ? [] : [`moved: got ${got.moved}, expected ${moved}`]),
    ...(ratioAtMost === undefined || (got.ratio !== null && got.ratio <= ratioAtMost)
      ? []
      : [`last RTO by first RTO: got ${got.ratio ?? 'none'}, expected at most ${ratioAtMost}`]),
    ...late.map(([first, second]) => `${second} was moved before ${first}`),
  ];
}
