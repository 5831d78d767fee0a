import type { DataPolicy } from '../core/config/data-schema.ts';
import { applierText } from '../core/data/handover-words.ts';
import { isAboveLimit, lossOf, lossText } from '../core/data/loss.ts';
import { ageSecondsOf, proofFault, type DataReport } from '../core/data/report.ts';
import { ageText, bytesText, momentText } from '../core/data/words.ts';
import type { Look, Seen } from './look.ts';
import type { Dress } from './output.ts';

/* The data of a workload, as they were last measured. */

/** A measurement is made once a minute; one that is so old says that nobody measures. Seconds. */
const STALE_SECONDS = 300;

interface Context {
  readonly now: number;
  readonly dress: Dress;
}

const secondsSince = (moment: string, now: number): number => (now - Date.parse(moment)) / 1000;

/** The recovery point, its age, and how far either can be trusted. */
function pointText(report: DataReport, policy: DataPolicy, { now, dress }: Context): string {
  const age = ageSecondsOf(report, now);
  const measured = secondsSince(report.measuredAt, now);
  const words = `measured ${ageText(measured)} ago`;
  const trust = measured > STALE_SECONDS ? dress.bad(`${words}: does the measuring run?`) : words;
  const why = report.detail === null ? '' : `: ${report.detail}`;
  if (report.point === null || age === null) return `${dress.bad('not known')}${why}; ${trust}`;
  const late = isAboveLimit(policy, { lossSeconds: age });
  const text = `${ageText(age)} old`;
  const at = momentText(report.point.at, new Date(now).toISOString());
  return `${late ? dress.bad(text) : dress.good(text)} (${at})${why}; ${trust}`;
}

function dumpText(report: DataReport, { now, dress }: Context): string {
  const { dump, point, dumpFault } = report;
  const seenFrom = new Date(now).toISOString();
  const backlog =
    point?.from === 'log' ? `, ${bytesText(point.backlogBytes)} of log since ${point.dump ?? ''}` : '';
  const fault =
    dumpFault === null
      ? ''
      : dress.bad(`; the newest try failed at ${momentText(dumpFault.at, seenFrom)}: ${dumpFault.detail}`);
  return `${dump ?? dress.bad('none')}${backlog}${fault}`;
}

function proofText(report: DataReport, { now, dress }: Context): string {
  const fault = proofFault(report, now);
  if (fault !== null) return dress.bad(fault);
  const { proof } = report;
  if (proof === null) return '';
  const age = ageText(secondsSince(proof.at, now));
  return `${dress.good('good')}, ${age} ago: ${proof.dump}, ${proof.tables} tables and ${proof.rows} rows in ${ageText(proof.seconds)}`;
}

/** What is shown of the data; nothing where there is nothing to know. */
export function dataFacts(
  seen: Seen<DataReport | null>,
  policy: DataPolicy,
  context: Context,
): readonly (readonly [string, string])[] {
  if (!seen.read) return [['data', 'could not be read, see below']];
  const report = seen.value;
  if (report === null) {
    const words =
      policy.mode === 'none' && policy.probe === undefined
        ? 'nobody knows what a failover would lose (data.mode none)'
        : `${context.dress.warn('not known')}, nothing was measured yet`;
    return [['data', words]];
  }
  const facts: (readonly [string, string])[] = [['data', pointText(report, policy, context)]];
  if (policy.mode === 'none') return facts;
  return [
    ...facts,
    ['dump', dumpText(report, context)],
    ['proof', proofText(report, context)],
    ['applier', applierText(report.applier, new Date(context.now).toISOString())],
  ];
}

/** The last moment at which the primary can have acknowledged a write, by what can be read now. */
function writesEndAt({ health, route }: Pick<Look, 'health' | 'route'>, now: number): number {
  const view = health.read ? health.value : null;
  if (view?.health === 'down') return Math.min(view.since, now);
  const shield = route.read && route.value?.origin === 'maintenance' ? Date.parse(route.value.at) : now;
  return Math.min(shield, now);
}

/** What to approve now would lose, by the newest measurement; null where there is none. */
export const approvalLossText = (seen: Look, now: number): string | null =>
  seen.data.read && seen.data.value !== null
    ? lossText(lossOf(seen.data.value, writesEndAt(seen, now)), 'To approve now')
    : null;
