import type { Execution } from '../engine/executions.ts';
import {
  measureConvergence,
  measureRto,
  summariseData,
  summariseUsers,
  type Convergence,
  type DrillReport,
} from '../report/summary.ts';
import type { Evidence } from '../rules/rule.ts';
import { checkRules } from '../rules/rules.ts';
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
  /** Seconds that Azure itself needed, one after the other; null where nothing was asked of it. */
  readonly azureSeconds: number | null;
}

/** The alarm, Azure's own work and the first edge location cannot be avoided; everything else is ours. */
function limitOf({ evidence, main, azureSeconds }: ReportSources): DrillReport['limit'] {
  const rto = main === null ? null : measureRto(evidence, main);
  if (rto === null || azureSeconds === null) return null;
  const seconds = rto.phases.detect + azureSeconds + rto.phases.converge;
  return {
    seconds: Math.round(seconds * 1000) / 1000,
    ratio: Math.round((rto.totalSeconds / seconds) * 100) / 100,
  };
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
    gateway: gatewayOf(sources.gatewayAnswers),
    rules: checkRules(evidence),
    timeline: journal.entries.map(({ at, who, event }) => ({
      at: new Date(at).toISOString(),
      event: `${who}: ${event}`,
    })),
    states: main?.states.map((state) => state.name) ?? [],
  };
}
