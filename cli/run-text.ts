import type { RunEntry } from '../core/ledger/operations.ts';
import { dataText } from '../core/run/data-story.ts';
import { homeText } from '../core/run/home-story.ts';
import { plannedText } from '../core/run/planned-story.ts';
import type { RunRecord } from '../core/run/record.ts';
import { isFailback } from '../core/run/run.ts';
import { factsText, tableText, type Dress } from './output.ts';
import { durationText, momentText } from './time.ts';

/** What to do after each way in which a run may end. */
const NEXT: Readonly<Record<RunRecord['outcome'], (workload: string) => string>> = {
  FailedOver: (workload) =>
    `When you have looked at the site: pilotlight acknowledge ${workload} --owner NAME --comment "..."`,
  StoodDown: (workload) =>
    `Nothing. If users still complain: pilotlight failover ${workload} --reason "..." --skip-confirmation`,
  Degraded: (workload) =>
    `Look after the primary; users are on it. To move them all the same: pilotlight failover ${workload} --reason "..." --skip-confirmation`,
  Rejected: (workload) => `If it is needed after all: pilotlight failover ${workload} --reason "..."`,
  Cancelled: (workload) =>
    `See where users are: pilotlight status ${workload}; to move them after all: pilotlight failover ${workload} --reason "..."`,
  DryRun: (workload) =>
    `Nothing was changed. The same for real: pilotlight failover ${workload} --reason "..."`,
  NothingToDo: (workload) => `See what stands against it: pilotlight status ${workload}`,
  Escalated: (workload) =>
    `A person decides: pilotlight status ${workload}, then failover again or route set`,
  InvalidInput: () => 'Correct the input and start again.',
  CameHome: (workload) => `Look at the site and at its standby: pilotlight status ${workload}`,
  StayedAway: (workload) =>
    `Users are on the standby. When what stood against it is mended: pilotlight failback ${workload} --reason "..."`,
};

/** The same where a run that brings the site home ends otherwise than a failover does. */
const NEXT_AT_HOME: Partial<typeof NEXT> = {
  Rejected: (workload) =>
    `Users are on the standby. If they are to go home after all: pilotlight failback ${workload} --reason "..."`,
  Cancelled: (workload) =>
    `See where users are: pilotlight status ${workload}; to bring them home after all: pilotlight failback ${workload} --reason "..."`,
  DryRun: (workload) =>
    `Nothing was changed. The same for real: pilotlight failback ${workload} --reason "..."`,
  Escalated: (workload) =>
    `A person decides: pilotlight status ${workload}, then failback again or route set`,
};

function nextOf({ run, outcome }: RunRecord): string {
  const next = (isFailback(run) ? NEXT_AT_HOME[outcome] : undefined) ?? NEXT[outcome];
  return next(run.workload);
}

const kindOf = (run: RunRecord['run']): string =>
  isFailback(run) ? 'way home' : run.planned ? 'planned move' : run.trigger;

export function dressOutcome(outcome: string, dress: Dress): string {
  if (['FailedOver', 'StoodDown', 'DryRun', 'CameHome'].includes(outcome)) return dress.good(outcome);
  return outcome === 'Escalated' || outcome === 'InvalidInput' ? dress.bad(outcome) : dress.warn(outcome);
}

function rtoLines(record: RunRecord, dress: Dress): string[] {
  if (record.rto === null) return [];
  const phases = Object.entries(record.rto.phases).map(([phase, seconds]) => [
    phase,
    durationText(seconds * 1000),
  ]);
  return [
    '',
    `RTO ${durationText(record.rto.totalSeconds * 1000)}`,
    tableText(['PHASE', 'TOOK'], phases, dress),
  ];
}

/** One run, whole. */
export function runText(entry: RunEntry, dress: Dress): string {
  const { record } = entry;
  const head = `${dress.strong(entry.execution)}  ${dressOutcome(entry.outcome, dress)}`;
  if (record === null) {
    const unread = 'The record was written by another version of Pilotlight; only its frame can be read.';
    return [
      head,
      factsText(
        [
          ['began', momentText(entry.startedAt)],
          ['ended', momentText(entry.endedAt)],
        ],
        dress,
      ),
      unread,
    ].join('\n');
  }
  const lasted = durationText(Date.parse(entry.endedAt) - Date.parse(entry.startedAt));
  const facts: (readonly [string, string])[] = [
    ['workload', record.run.workload],
    ['began', momentText(entry.startedAt)],
    ['ended', `${momentText(entry.endedAt)}, after ${lasted}`],
    ['started by', `${record.run.requestedBy} (${kindOf(record.run)})`],
    ['reason', record.run.reason],
    ['why', record.why],
  ];
  const timeline = record.timeline.map(({ at, event }) => `  ${dress.dim(momentText(at))}  ${event}`);
  return [
    head,
    factsText(facts, dress),
    ...rtoLines(record, dress),
    ...dataText(record.data),
    ...plannedText(record.planned),
    ...homeText(record.home),
    ...(timeline.length === 0 ? [] : ['', 'Timeline', ...timeline]),
    '',
    `What now: ${nextOf(record)}`,
  ].join('\n');
}

/** The signals of the confirmation, each on a line. */
export function evidenceText(record: RunRecord, dress: Dress): string {
  if (record.evidence.length === 0) return 'No evidence was collected.';
  const lines = record.evidence.map(
    (signal) =>
      `  ${Object.entries(signal)
        .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
        .join(', ')}`,
  );
  return [dress.strong('Evidence'), ...lines].join('\n');
}
