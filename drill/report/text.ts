import { styleText } from 'node:util';
import { phases } from '../../core/run/rto.ts';
import type { JournalEntry } from '../world/journal.ts';
import type { Convergence, DrillReport } from './summary.ts';

/** How text is dressed; plain when the output is not a terminal. */
export interface Dress {
  readonly strong: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly who: (who: JournalEntry['who'], text: string) => string;
}

const same = (text: string): string => text;

export const plain: Dress = { strong: same, dim: same, good: same, bad: same, who: (_, text) => text };

const COLOURS = {
  world: 'red',
  users: 'yellow',
  alarm: 'magenta',
  controller: 'cyan',
  azure: 'blue',
  edge: 'green',
  people: 'white',
} as const satisfies Record<JournalEntry['who'], Parameters<typeof styleText>[0]>;

/** Colours for a terminal. */
export const coloured: Dress = {
  strong: (text) => styleText('bold', text, { validateStream: false }),
  dim: (text) => styleText('dim', text, { validateStream: false }),
  good: (text) => styleText('green', text, { validateStream: false }),
  bad: (text) => styleText('red', text, { validateStream: false }),
  who: (who, text) => styleText(COLOURS[who], text, { validateStream: false }),
};

/** Milliseconds as T+MM:SS, or T-MM:SS before the fault. */
export function clockText(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `T${ms < 0 ? '-' : '+'}${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}`;
}

const WHO_WIDTH = 11;

/** One line of the timeline. */
export function entryText(entry: JournalEntry, faultAt: number, dress: Dress): string {
  return `${dress.dim(clockText(entry.at - faultAt))}  ${dress.who(entry.who, entry.who.padEnd(WHO_WIDTH))} ${entry.event}`;
}

const seconds = (value: number): string => `${value.toFixed(1)} s`;

function rtoLines(report: DrillReport, dress: Dress): string[] {
  const { rto, pageSeconds } = report;
  const page =
    pageSeconds === undefined
      ? []
      : [
          `${dress.strong(`Page ${seconds(pageSeconds)}`)} from its write to the first user who was served again`,
        ];
  if (rto === null) return page.length > 0 ? page : ['RTO: nothing was switched'];
  const widest = Math.max(...phases.map((phase) => rto.phases[phase]), 1);
  const bars = phases.map((phase) => {
    const value = rto.phases[phase];
    const bar = '█'.repeat(Math.round((value / widest) * 40));
    // No blanks and no colours where there is nothing to be seen.
    const drawn = bar === '' ? '' : `  ${dress.dim(bar)}`;
    return `  ${phase.padEnd(9)}${seconds(value).padStart(9)}${drawn}`;
  });
  return [
    dress.strong(`RTO ${seconds(rto.totalSeconds)}`) +
      ' from the first failed request to the first good one after the switch',
    ...bars,
    ...page,
  ];
}

function comparisonLines(report: DrillReport): string[] {
  const { limit, savedSeconds, gateway } = report;
  return [
    ...(limit === null
      ? []
      : [
          `The unavoidable steps take ${seconds(limit.seconds)}: the RTO is ${limit.ratio.toFixed(2)} times that`,
          '',
        ]),
    ...(savedSeconds === undefined
      ? []
      : [
          `Starting the standby on suspicion saved ${seconds(savedSeconds)} against starting it on confirmation`,
          '',
        ]),
    ...(gateway === null
      ? []
      : [
          `The gateway answered ${gateway.requests} clicks, the slowest after ${gateway.slowestMs} ms (Slack waits 3000)`,
          '',
        ]),
  ];
}

function convergenceLines(report: DrillReport): string[] {
  const { convergence } = report;
  if (convergence === null) return [];
  const line = (measured: Convergence): string =>
    `  ${measured.strategy.padEnd(13)}first edge location after ${seconds(measured.firstSeconds)}, last after ${seconds(measured.lastSeconds)}`;
  const { compared } = convergence;
  return [
    'Convergence of the switch',
    line(convergence),
    ...(compared === undefined
      ? []
      : [
          line(compared),
          `  ${convergence.strategy} took ${compared.ratio.toFixed(1)} times as long as ${compared.strategy}`,
        ]),
    '',
  ];
}

function dataLines({ data, users }: DrillReport, dress: Dress): string[] {
  if (data === null) return [];
  const { mode, recoveryPoint, promisedLossSeconds, lostSeconds } = data;
  const promised =
    recoveryPoint === null || promisedLossSeconds === null
      ? 'The site brings its data over by its own means: no recovery point is in a store'
      : `Recovery point ${recoveryPoint.slice(11, 19)} UTC (mode ${mode}): to move would lose ${seconds(promisedLossSeconds)}`;
  return [
    dress.strong('The data'),
    `  ${promised}`,
    `  Really lost: ${users.writesLost} writes of ${seconds(lostSeconds)}`,
    '',
  ];
}

function fleetLines({ fleet }: DrillReport, dress: Dress): string[] {
  if (fleet === undefined) return [];
  const { firstRtoSeconds: first, lastRtoSeconds: last, ratio } = fleet;
  const spread =
    first === null || last === null || ratio === null
      ? []
      : [
          `  RTO ${seconds(first)} of the first, ${seconds(last)} of the last: ${ratio.toFixed(2)} times as long`,
        ];
  return [
    dress.strong('The fleet'),
    `  ${fleet.moved} of ${fleet.workloads} workloads are on their standbys`,
    ...spread,
    '',
  ];
}

/** What a person reads after the run. */
export function summaryText(
  report: DrillReport,
  extra: { expected: readonly string[] },
  dress: Dress,
): string {
  const { users } = report;
  const rules = report.rules.map((rule) => {
    const mark = rule.held ? dress.good('held  ') : dress.bad('BROKEN');
    return rule.detail === ''
      ? `  ${mark}  ${rule.name}`
      : `  ${mark}  ${rule.name.padEnd(24)}${dress.dim(rule.detail)}`;
  });
  const verdict =
    extra.expected.length === 0
      ? dress.good('as expected')
      : [dress.bad('NOT as expected:'), ...extra.expected.map((line) => `  - ${line}`)].join('\n');
  return [
    '',
    dress.strong(`${report.scenario}, seed ${report.seed}: ${report.outcome}`),
    '',
    ...rtoLines(report, dress),
    '',
    ...convergenceLines(report),
    ...comparisonLines(report),
    ...dataLines(report, dress),
    ...fleetLines(report, dress),
    dress.strong('What the users saw'),
    `  ${users.requests} requests, ${users.failed} failed, ${users.maintenance} answered by the maintenance page`,
    `  ${users.downSeconds} s without the site, ${users.writesLost} writes lost, ${users.splitBrainWrites} split-brain writes`,
    '',
    dress.strong('Rules'),
    ...rules,
    '',
    `Outcome ${report.outcome}, ${verdict}`,
    '',
  ].join('\n');
}
