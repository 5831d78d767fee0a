import { LOOK_INTERVAL_MS } from '../../core/watch/beat.ts';
import type { Execution } from '../engine/executions.ts';
import {
  measureConvergence,
  measurePage,
  measureRto,
  summariseData,
  summariseUsers,
  type Convergence,
  type DrillReport,
} from '../report/summary.ts';
import { wasPlanned, type Evidence } from '../rules/rule.ts';
import { checkRules } from '../rules/rules.ts';
import type { UnavoidableSeconds } from './azure-side.ts';
import type { Database } from './database.ts';
import type { Journal } from './journal.ts';
import { outcomeOf } from './outcome.ts';

/** What a report is made from. */
export interface ReportSources {
  readonly scenario: string;
  readonly seed: number;
  readonly workload: string;
  readonly evidence: Evidence;
  readonly main: Execution | null;
  readonly journal: Journal;
  readonly standby: Database;
  /** The database behind what users are served at the end. */
  readonly serving: Database;
  readonly convergenceOf: (change: number) => Convergence | null;
  /** Answers of the gateway for Slack, in the order in which they were given. */
  readonly gatewayAnswers: readonly { readonly tookMs: number }[];
  /** What Azure itself needed; null where nothing was asked of it. */
  readonly azure: UnavoidableSeconds | null;
}

/** One bad look is no evidence; two are the least. */
const LOOKS_MIN = 2;

/**
 * What cannot be avoided: two looks, then Azure's own work while the shield spreads, the last data behind it, and the first edge
 * location that learns of the switch. Everything else is ours.
 */
function limitOf({ evidence, main, azure }: ReportSources): DrillReport['limit'] {
  const rto = main === null || wasPlanned(main.input) ? null : measureRto(evidence, main);
  if (main === null || rto === null || azure === null) return null;
  const shield = evidence.routeWrites.find(({ by, origin }) => by === main.name && origin === 'maintenance');
  const until = shield === undefined ? undefined : evidence.data.shieldedAt.find((at) => at >= shield.at);
  const spread = shield === undefined || until === undefined ? 0 : (until - shield.at) / 1000;
  const looks = (LOOKS_MIN * LOOK_INTERVAL_MS) / 1000;
  const seconds = looks + Math.max(azure.prepare, spread) + azure.handover + rto.phases.converge;
  return {
    seconds: Math.round(seconds * 1000) / 1000,
    ratio: Math.round((rto.totalSeconds / seconds) * 100) / 100,
  };
}

/** Of a planned move alone. */
function pageOf({ evidence, main }: ReportSources): Pick<DrillReport, 'pageSeconds'> {
  const pageSeconds = main === null ? null : measurePage(evidence, main);
  return pageSeconds === null ? {} : { pageSeconds };
}

/** Slack waits three seconds for an answer: the slowest one is what counts. */
function gatewayOf(answers: ReportSources['gatewayAnswers']): DrillReport['gateway'] {
  if (answers.length === 0) return null;
  const slowestMs = Math.round(Math.max(...answers.map(({ tookMs }) => tookMs)));
  return { requests: answers.length, slowestMs };
}

/** The document of a run. */
export function reportOf(sources: ReportSources): DrillReport {
  const { evidence, main, journal, serving, standby } = sources;
  return {
    scenario: sources.scenario,
    seed: sources.seed,
    workload: sources.workload,
    outcome: main === null ? 'NothingStarted' : outcomeOf(main),
    rto: main === null ? null : measureRto(evidence, main),
    data: summariseData(evidence, (id) => standby.holds(id)),
    users: summariseUsers(evidence, (id) => serving.holds(id)),
    convergence: main === null ? null : measureConvergence(evidence, main, sources.convergenceOf),
    limit: limitOf(sources),
    ...pageOf(sources),
    gateway: gatewayOf(sources.gatewayAnswers),
    rules: checkRules(evidence),
    timeline: journal.entries.map(({ at, who, event }) => ({
      at: new Date(at).toISOString(),
      event: `${who}: ${event}`,
    })),
    states: main?.states.map((state) => state.name) ?? [],
  };
}
