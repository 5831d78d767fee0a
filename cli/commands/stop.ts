import * as z from 'zod';
import type { Act, Execution } from '../../core/ledger/operations.ts';
import { readArgs } from '../arguments.ts';
import type { Command, Deps } from '../command.ts';
import { EXIT, notFound, refusal, exitMeanings } from '../exit.ts';
import { see } from '../look.ts';
import { routeText } from '../look-text.ts';
import { nameOf, requireCaller, requireYes, switchSchema, wordsSchema } from '../people.ts';
import { executionSchema, isoOf } from '../workload.ts';

const argsSchema = z.object({ execution: executionSchema, reason: wordsSchema, yes: switchSchema });

/** Ends a run where it stands, and gives its lease back. */
export const stop: Command = {
  name: 'stop',
  summary: 'End a run where it stands; the route stays as it is',
  details:
    'The brutal way: pilotlight cancel takes a run back to the nearest safe state instead.\n' +
    'Nothing is undone: the route stays where it is. Within a minute the controller cancels the pipeline run, parks what the\n' +
    'run has woken where users are on the primary, and tells people what it found.\n' +
    'A step that is under way may still have its effect, so look at the route again after a minute.',
  operands: [{ name: 'execution', about: 'name of the run, or its ARN', required: true }],
  options: [
    { name: 'reason', value: 'TEXT', about: 'why, in your words', required: true },
    { name: 'yes', value: null, about: 'do not ask' },
  ],
  examples: ['pilotlight stop failover-petclinic-20261123T030000000Z --reason "wrong workload"'],
  exits: {
    ok: 'the run was ended',
    failed: 'it has ended already, nobody said yes, or a cloud refused',
    usage: exitMeanings.usage,
    notFound: 'there is no such run, or no configuration',
  },
  needs: 'clouds',
  async run(raw, deps) {
    const args = readArgs(argsSchema, raw, 'stop');
    const caller = await requireCaller(deps);
    const execution = await requireRunning(deps, args.execution);
    await requireYes(deps, `End ${execution.name} where it stands?`, args.yes);
    const stopped = await deps.workflow.stop(execution.name, `${nameOf(caller.arn)}: ${args.reason}`);
    if (stopped === null) throw unknown(args.execution);
    deps.out.line(`${execution.name} was ended.`);
    const workload = await giveBack(deps, execution, { by: caller.arn, why: args.reason });
    deps.out.document({ execution: execution.name, stoppedAt: isoOf(stopped.stoppedAt), workload });
    return EXIT.ok;
  },
};

const unknown = (name: string) =>
  notFound(
    `There is no run ${name} in Step Functions; nothing was done.`,
    'See the runs that there are with: pilotlight status; what happened with: pilotlight history WORKLOAD',
  );

async function requireRunning(deps: Deps, name: string): Promise<Execution> {
  const execution = await deps.workflow.describe(name);
  if (execution === null) throw unknown(name);
  if (execution.status === 'RUNNING' || execution.status === 'PENDING_REDRIVE') return execution;
  throw refusal(
    `${name} has ended already, as ${execution.status}; nothing was done.`,
    `See it with: pilotlight show ${name}`,
  );
}

/** Frees the workload that the run held, so that nobody has to wait for the lease to end. @returns null where it held none. */
async function giveBack(
  deps: Deps,
  { name }: Execution,
  { by, why }: { readonly by: string; readonly why: string },
): Promise<string | null> {
  for (const workload of Object.keys(deps.config.workloads)) {
    const lease = await deps.operations.readLease(workload);
    if (lease?.holder !== name) continue;
    const act: Act = {
      kind: 'stop',
      workload,
      at: isoOf(deps.clock.now()),
      by,
      owner: nameOf(by),
      why,
      detail: `ended ${name}`,
      result: 'done',
    };
    await deps.operations.release({ workload, holder: name, epoch: lease.epoch, disarms: false }, act);
    const route = await see(async () => (await deps.routes.read(workload)).route);
    deps.out.line(
      `The lease of ${workload} is free again. Its route: ${route.read ? routeText(route.value, deps.out.dress) : route.problem}`,
    );
    deps.out.line(
      `What now: pilotlight status ${workload} in a minute: the controller cancels the pipeline run and tells what is left;\n` +
        `pilotlight failover ${workload} to begin again, or pilotlight route set ${workload} to move it by hand.`,
    );
    return workload;
  }
  deps.out.line('It held no lease, so it had not begun to act.');
  return null;
}
