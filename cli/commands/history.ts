import * as z from 'zod';
import type { Act, RunEntry } from '../../core/ledger/operations.ts';
import { readArgs } from '../arguments.ts';
import type { Command } from '../command.ts';
import { EXIT, exitMeanings } from '../exit.ts';
import { tableText } from '../output.ts';
import { nameOf } from '../people.ts';
import { durationText, momentText } from '../time.ts';
import { requireWorkload } from '../workload.ts';

const LIMIT_DEFAULT = '20';
const argsSchema = z.object({
  workload: z.string(),
  limit: z
    .string()
    .default(LIMIT_DEFAULT)
    .pipe(z.string().regex(/^[1-9]\d{0,2}$/, 'a whole number from 1 to 999'))
    .transform(Number),
});

type Entry = { readonly at: string } & (
  { readonly kind: 'run'; readonly run: RunEntry } | { readonly kind: 'act'; readonly act: Act }
);

/** What happened to a workload: its runs, and what people did by hand. */
export const history: Command = {
  name: 'history',
  summary: 'List the runs of a workload and what people did by hand, newest first',
  operands: [{ name: 'workload', about: 'id of the workload', required: true, completes: 'workload' }],
  options: [{ name: 'limit', value: 'N', about: `most entries that are shown (default ${LIMIT_DEFAULT})` }],
  examples: ['pilotlight history petclinic', 'pilotlight history petclinic --limit 100 --json'],
  exits: {
    ok: 'it is listed, even if it is empty',
    failed: 'the ledger could not be read',
    usage: exitMeanings.usage,
    notFound: 'there is no such workload, or no configuration',
  },
  needs: 'clouds',
  async run(raw, deps) {
    const { workload, limit } = readArgs(argsSchema, raw, 'history');
    requireWorkload(deps.config, workload);
    const { operations, out } = deps;
    const [runs, acts] = await Promise.all([
      operations.runs(workload, limit),
      operations.acts(workload, limit),
    ]);
    const entries: Entry[] = [
      ...runs.map((run) => ({ at: run.startedAt, kind: 'run' as const, run })),
      ...acts.map((act) => ({ at: act.at, kind: 'act' as const, act })),
    ]
      .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
      .slice(0, limit);
    out.document({ workload, entries });
    if (entries.length === 0) out.line(`Nothing has ever happened to ${workload}.`);
    else {
      out.line(
        tableText(
          ['WHEN', 'WHAT', 'OUTCOME', 'TOOK', 'WHO', 'WHY'],
          entries.map((entry) => rowOf(entry)),
          out.dress,
        ),
      );
      const [newest] = runs;
      if (newest !== undefined)
        out.line(out.dress.dim(`The whole story of one: pilotlight show ${newest.execution}`));
    }
    return EXIT.ok;
  },
};

function rowOf(entry: Entry): string[] {
  const when = momentText(entry.at);
  if (entry.kind === 'act') {
    const { act } = entry;
    return [when, act.kind, act.result, '', `${act.owner} (${nameOf(act.by)})`, `${act.why}: ${act.detail}`];
  }
  const { run } = entry;
  const took = durationText(Date.parse(run.endedAt) - Date.parse(run.startedAt));
  const kind = run.record?.run.planned === true ? 'planned move: ' : '';
  const words = run.record === null ? 'written by another version' : `${kind}${run.record.run.reason}`;
  return [when, run.execution, run.outcome, took, run.record?.run.requestedBy ?? '', words];
}
