import * as z from 'zod';
import type { Execution, RunEntry } from '../../core/ledger/operations.ts';
import { readArgs } from '../arguments.ts';
import type { Command, Deps } from '../command.ts';
import { EXIT, notFound, exitMeanings } from '../exit.ts';
import { evidenceText, runText } from '../run-text.ts';
import { sinceText } from '../time.ts';
import { makeTimeline, type TimelineEntry } from '../timeline.ts';
import { consoleUrlOf, executionSchema, isoOf } from '../workload.ts';

const argsSchema = z.object({ execution: executionSchema });

/** One run, whole: from the ledger where it has a record, and from Step Functions where it has none (yet). */
export const show: Command = {
  name: 'show',
  summary: 'Tell the whole story of one run',
  operands: [{ name: 'execution', about: 'name of the run, or its ARN', required: true }],
  options: [],
  examples: [
    'pilotlight show failover-petclinic-20261123T030000000Z',
    'pilotlight show failover-petclinic-20261123T030000000Z --json > run.json',
  ],
  exits: {
    ok: 'the run is told',
    failed: 'the ledger or Step Functions could not be read',
    usage: exitMeanings.usage,
    notFound: 'there is no such run, or no configuration',
  },
  needs: 'clouds',
  async run(raw, deps) {
    const { execution: name } = readArgs(argsSchema, raw, 'show');
    const entry = await findRun(deps, name);
    if (entry !== null) {
      deps.out.document({ execution: name, outcome: entry.outcome, record: entry.record });
      deps.out.line(runText(entry, deps.out.dress));
      if (entry.record !== null) deps.out.line(`\n${evidenceText(entry.record, deps.out.dress)}`);
      return EXIT.ok;
    }
    const execution = await deps.workflow.describe(name);
    if (execution === null) {
      throw notFound(
        `There is no run ${name}, neither in the ledger nor in Step Functions.`,
        'List the runs with: pilotlight history WORKLOAD',
      );
    }
    await showUnrecorded(deps, execution);
    return EXIT.ok;
  },
};

/** The name alone does not say whose run it was: one that an alarm started has a name of AWS's making. */
async function findRun(deps: Deps, name: string): Promise<RunEntry | null> {
  for (const workload of Object.keys(deps.config.workloads)) {
    const entry = await deps.operations.findRun(workload, name);
    if (entry !== null) return entry;
  }
  return null;
}

async function showUnrecorded(deps: Deps, execution: Execution): Promise<void> {
  const { out, config } = deps;
  const timeline = makeTimeline()(await deps.workflow.events(execution.name, 0));
  out.document({
    execution: execution.name,
    status: execution.status,
    startedAt: isoOf(execution.startedAt),
    error: execution.error,
    cause: execution.cause,
    timeline: timeline.map(({ at, text }) => ({ at: isoOf(at), event: text })),
  });
  out.line(`${out.dress.strong(execution.name)}  ${execution.status}`);
  out.line(consoleUrlOf(config, execution.name));
  const line = ({ at, text }: TimelineEntry): string =>
    `  ${out.dress.dim(sinceText(at - execution.startedAt))}  ${text}`;
  for (const entry of timeline) out.line(line(entry));
  if (execution.cause !== null)
    out.line(`\n${out.dress.bad(execution.error ?? 'failed')}: ${execution.cause}`);
  out.line(
    execution.status === 'RUNNING'
      ? '\nIt is under way and has no record yet; follow it with: pilotlight status WORKLOAD'
      : '\nIt left no record. Look at the route with: pilotlight status',
  );
}
