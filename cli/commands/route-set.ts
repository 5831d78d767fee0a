import * as z from 'zod';
import { shown } from '../../core/problems.ts';
import { originIds, type OriginId } from '../../core/route/route.ts';
import { readArgs } from '../arguments.ts';
import type { Command, Deps } from '../command.ts';
import { EXIT, refusal, exitMeanings } from '../exit.ts';
import { settleTimeNow } from '../look.ts';
import { routeText } from '../look-text.ts';
import { moveByHand, refuseUnsafe, type HandMove } from '../move-by-hand.ts';
import { callerIfKnown, switchSchema, wordsSchema } from '../people.ts';
import { requireWorkload } from '../workload.ts';

const argsSchema = z.object({
  workload: z.string(),
  origin: z.enum(originIds),
  reason: wordsSchema,
  confirm: z.string().optional(),
  'even-if-held': switchSchema,
  'without-shield': switchSchema,
  'without-ledger': switchSchema,
});
type RouteSetArgs = z.output<typeof argsSchema>;

/** The break-glass move: it needs neither the workflow nor its functions. */
export const routeSet: Command = {
  name: 'route set',
  summary: 'Break glass: move the route by hand, when the workflow cannot',
  details:
    'Nothing is checked for you: not that the standby is healthy, not that the primary takes no more writes. Between\n' +
    'primary and standby the way leads over maintenance, so that both never take writes at the same time.\n' +
    'It takes the lease while it writes, so that no run acts meanwhile, and it is recorded in the history. Away from\n' +
    'the primary it disarms automation until somebody acknowledges.',
  operands: [
    { name: 'workload', about: 'id of the workload', required: true, completes: 'workload' },
    { name: 'origin', about: 'what the users shall be served by', required: true, choices: originIds },
  ],
  options: [
    { name: 'reason', value: 'TEXT', about: 'why, in your words', required: true },
    { name: 'confirm', value: 'NAME', about: 'id of the workload again, instead of typing it when asked' },
    {
      name: 'even-if-held',
      value: null,
      about: 'fence off the run that holds the lease: its next step fails',
    },
    {
      name: 'without-shield',
      value: null,
      about: 'move straight between primary and standby: writes may be lost',
    },
    { name: 'without-ledger', value: null, about: 'when the ledger is down: no lease, no fence, no record' },
  ],
  examples: [
    'pilotlight route set petclinic maintenance --reason "primary corrupts orders"',
    'pilotlight route set petclinic primary --reason "primary is well again" --confirm petclinic',
    'pilotlight route set petclinic standby --reason "run hangs" --even-if-held',
  ],
  exits: {
    ok: 'the route is moved',
    failed: 'the move was refused or failed, or the name was not typed',
    usage: exitMeanings.usage,
    notFound: 'there is no such workload, or no configuration',
  },
  needs: 'clouds',
  async run(raw, deps) {
    const args = readArgs(argsSchema, raw, 'route set');
    const workload = requireWorkload(deps.config, args.workload);
    const caller = await callerIfKnown(deps);
    const { route } = await deps.routes.read(args.workload);
    const { out } = deps;
    out.line(`Now: ${routeText(route, out.dress)}`);
    if (!args['without-shield']) {
      const settleTime = () => settleTimeNow(deps, args.workload, args['without-ledger']);
      await refuseUnsafe(route, args, { settleTime, now: deps.clock.now() });
    }
    await requireName(deps, args);
    const move: HandMove = {
      workload: args.workload,
      origin: args.origin,
      reason: args.reason,
      caller,
      evenIfHeld: args['even-if-held'],
      withoutLedger: args['without-ledger'],
    };
    const moved = await moveByHand(deps, move);
    out.document({ workload: args.workload, ...moved });
    out.line(`Moved: ${routeText(moved.route, out.dress)}`);
    for (const line of whatNow(args.workload, args.origin, workload.url)) out.line(line);
    return EXIT.ok;
  },
};

/** A slip of the hand must not move a site: the name is typed out. */
async function requireName(deps: Deps, { workload, origin, confirm }: RouteSetArgs): Promise<void> {
  const typed = confirm ?? (await deps.ask(`Type the name of the workload to move its users to ${origin}: `));
  if (typed === null) {
    throw refusal(
      'There is no terminal to ask on; nothing was moved.',
      `Give --confirm ${workload} to go on.`,
    );
  }
  if (typed.trim() === workload) return;
  throw refusal(
    `Got ${shown(typed)}, expected "${workload}"; nothing was moved.`,
    'Run the command again when you are sure.',
  );
}

function whatNow(workload: string, origin: OriginId, url: string): string[] {
  const look = `Edge locations learn of it within a minute. Ask the site a few times until only ${origin} answers: curl -sI ${url}`;
  if (origin === 'primary')
    return [
      look,
      `Arm automation when the site is well: pilotlight acknowledge ${workload} --owner NAME --comment "..."`,
    ];
  return [
    look,
    `No alarm starts a run until somebody does: pilotlight acknowledge ${workload} --owner NAME --comment "..."`,
  ];
}
