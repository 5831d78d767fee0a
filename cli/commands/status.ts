import * as z from 'zod';
import { readArgs } from '../arguments.ts';
import type { Command, Deps } from '../command.ts';
import { EXIT, type ExitCode, exitMeanings } from '../exit.ts';
import { exitOf, follow, tellEnding } from '../follow.ts';
import { look, lookDocument, problemsOf, type Look } from '../look.ts';
import { LOOK_HEADINGS, lookRow, lookText } from '../look-text.ts';
import { tableText } from '../output.ts';
import { switchSchema } from '../people.ts';
import { requireWorkload } from '../workload.ts';

const argsSchema = z.object({ workload: z.string().optional(), 'no-follow': switchSchema });

/** Where the workloads stand; what cannot be read is said, and the rest is shown all the same. */
export const status: Command = {
  name: 'status',
  summary: 'Show where a workload stands, and follow its run until it ends',
  details:
    'Without a workload it shows all of them and follows nothing. Ctrl-C ends the watching, never the run.\n' +
    'With --json nothing is followed.',
  operands: [{ name: 'workload', about: 'id of the workload', required: false, completes: 'workload' }],
  options: [{ name: 'no-follow', value: null, about: 'look once, even while a run is under way' }],
  examples: [
    'pilotlight status',
    'pilotlight status petclinic',
    'pilotlight status petclinic --json | jq .workloads[0].origin',
  ],
  exits: {
    ok: 'what was asked for could be read, and a run that was followed has succeeded',
    failed: 'something could not be read, or the run that was followed did not succeed',
    usage: exitMeanings.usage,
    notFound: 'there is no such workload, or no configuration',
  },
  needs: 'clouds',
  async run(raw, deps) {
    const args = readArgs(argsSchema, raw, 'status');
    if (args.workload !== undefined) requireWorkload(deps.config, args.workload);
    const ids = args.workload === undefined ? Object.keys(deps.config.workloads) : [args.workload];
    const seen = await Promise.all(ids.map((id) => look(deps, id)));
    const now = deps.clock.now();
    deps.out.document({
      workloads: seen.map((one) => lookDocument(one, requireWorkload(deps.config, one.workload), now)),
    });
    tell(deps, seen, now);
    const running =
      args.workload === undefined || args['no-follow'] || deps.out.json ? null : runningOf(seen);
    if (running !== null) return followRun(deps, running);
    return seen.some((one) => problemsOf(one).length > 0) ? EXIT.failed : EXIT.ok;
  },
};

function tell(deps: Deps, seen: readonly Look[], now: number): void {
  const { out, config } = deps;
  const context = { now, dress: out.dress };
  const [only] = seen;
  if (only !== undefined && seen.length === 1) {
    out.line(lookText(only, requireWorkload(config, only.workload), context));
    return;
  }
  out.line(
    tableText(
      LOOK_HEADINGS,
      seen.map((one) => lookRow(one, now)),
      out.dress,
    ),
  );
  for (const problem of new Set(seen.flatMap(problemsOf))) out.line(out.dress.bad(`- ${problem}`));
}

function runningOf(seen: readonly Look[]): { readonly workload: string; readonly name: string } | null {
  for (const { workload, execution } of seen) {
    if (execution.read && execution.value?.status === 'RUNNING')
      return { workload, name: execution.value.name };
  }
  return null;
}

async function followRun(
  deps: Deps,
  { workload, name }: { readonly workload: string; readonly name: string },
): Promise<ExitCode> {
  deps.out.line();
  const ending = await follow(deps, workload, name);
  tellEnding(deps, workload, ending);
  return exitOf(ending);
}
