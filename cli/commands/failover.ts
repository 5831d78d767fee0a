import * as z from 'zod';
import type { Workload } from '../../core/config/schema.ts';
import { barrierToPlanning, pageSecondsOf } from '../../core/data/planned.ts';
import { promiseText } from '../../core/data/words.ts';
import { PLANNED_NAME } from '../../core/run/run.ts';
import { readArgs } from '../arguments.ts';
import type { Command, Deps } from '../command.ts';
import { EXIT, misuse, refusal, type ExitCode, exitMeanings } from '../exit.ts';
import { follow, tellEnding, type Ending } from '../follow.ts';
import { holderOf, look, problemsOf, settleTimeOfLook, type Look } from '../look.ts';
import { lookText } from '../look-text.ts';
import { nameOf, requireCaller, requireYes, switchSchema, wordsSchema } from '../people.ts';
import { consoleUrlOf, isoOf, requireWorkload, stampOf } from '../workload.ts';

const argsSchema = z.object({
  workload: z.string(),
  reason: wordsSchema,
  'skip-confirmation': switchSchema,
  planned: switchSchema,
  'dry-run': switchSchema,
  yes: switchSchema,
  'no-follow': switchSchema,
});

/** Longest `requestedBy` that the workflow takes. */
const REQUESTED_BY_MAX = 200;

/** Starts a run by a person's word. */
export const failover: Command = {
  name: 'failover',
  summary: 'Start a failover and follow it until it ends',
  details:
    'The run confirms the outage first. With --skip-confirmation you vouch for it yourself: users are taken off the\n' +
    'primary even if it is well; a run that is confirming it already is told so. Brake, cooldown and a missing\n' +
    'acknowledgement do not stop a person.\n' +
    'With --planned the primary is well and its users are moved all the same: the standby is prepared while they work,\n' +
    'then they see the page for as long as their last writes take. Nothing that was acknowledged is lost; what fails\n' +
    'before the switch takes them home; and a primary that dies half-way makes it a failover.',
  operands: [{ name: 'workload', about: 'id of the workload', required: true, completes: 'workload' }],
  options: [
    { name: 'reason', value: 'TEXT', about: 'why, in your words; it stands in the history', required: true },
    { name: 'skip-confirmation', value: null, about: 'do not confirm the outage: you vouch for it' },
    { name: 'planned', value: null, about: 'move the users of a primary that is well, and lose nothing' },
    { name: 'dry-run', value: null, about: 'walk the whole workflow and change nothing' },
    { name: 'yes', value: null, about: 'do not ask' },
    { name: 'no-follow', value: null, about: 'start it and return at once' },
  ],
  examples: [
    'pilotlight failover petclinic --reason "site is down, the alarm was lost"',
    'pilotlight failover petclinic --reason "Seoul burns" --skip-confirmation --yes',
    'pilotlight failover petclinic --planned --reason "maintenance in Seoul"',
    'pilotlight failover petclinic --reason "rehearsal" --dry-run',
    'pilotlight failover petclinic --reason "site is down" --yes --no-follow --json',
  ],
  exits: {
    ok: 'the site has failed over, the dry run went through, or with --no-follow the run has begun',
    failed: 'the start was refused or failed, or the run ended otherwise',
    usage: exitMeanings.usage,
    notFound: 'there is no such workload, or no configuration',
  },
  needs: 'clouds',
  async run(raw, deps) {
    const args = readArgs(argsSchema, raw, 'failover');
    const { workload, planned } = args;
    const site = requireWorkload(deps.config, workload);
    if (planned) refuseContradictions(site, args['skip-confirmation']);
    const caller = await requireCaller(deps);
    const seen = await look(deps, workload);
    const now = deps.clock.now();
    deps.out.line(lookText(seen, site, { now, dress: deps.out.dress }));
    // A dry run holds no lease and tells nobody anything.
    const vouches = args['skip-confirmation'] && !args['dry-run'];
    if (planned) refuseElsewhere(seen);
    const acting = refuseStart(seen, { now, vouches });
    if (acting !== null)
      deps.out.line(`${acting} acts already: it will be told that you vouch for the outage.`);
    const doubt = problemsOf(seen).length > 0 ? ' Not everything could be read.' : '';
    const skip = args['skip-confirmation'] ? ' WITHOUT confirming the outage' : '';
    const kind = planned ? 'planned move' : 'failover';
    const what = args['dry-run'] ? `Begin a dry run of the ${kind}` : `Begin the ${kind}`;
    const promise = planned ? ` ${promiseText(pageSecondsOf(site, settleTimeOfLook(seen, site, now)))}` : '';
    await requireYes(deps, `${what} of ${workload} to its standby${skip}?${promise}${doubt}`, args.yes);
    const name = `${planned ? PLANNED_NAME : 'failover-'}${workload}-${stampOf(deps.clock.now())}`;
    const { startedAt } = await deps.workflow.start(name, {
      workload,
      reason: args.reason,
      requestedBy: nameOf(caller.arn).slice(0, REQUESTED_BY_MAX),
      skipConfirmation: args['skip-confirmation'],
      dryRun: args['dry-run'],
      // Left out where it is none: a controller that is older than planned moves takes every other start as ever.
      ...(planned ? { planned } : {}),
    });
    deps.out.line(`\nStarted ${deps.out.dress.strong(name)}\n${consoleUrlOf(deps.config, name)}`);
    if (args['no-follow']) {
      deps.out.document({ execution: name, workload, startedAt: isoOf(startedAt) });
      deps.out.line(`Follow it with: pilotlight status ${workload}; end it with: pilotlight stop ${name}`);
      return EXIT.ok;
    }
    deps.out.line(`Ctrl-C ends the watching, not the run; pilotlight stop ${name} ends the run.\n`);
    const ending = await follow(deps, workload, name);
    if (acting === null || ending.entry?.outcome !== 'NothingToDo') return end(deps, workload, ending);
    deps.out.line(`${ending.entry.record?.why ?? 'It had nothing to do.'}\nFollowing ${acting}:\n`);
    return end(deps, workload, await follow(deps, workload, acting));
  },
};

/** What stands against a planned move by the command line and the configuration, all at once. No cloud was asked for anything. */
function refuseContradictions({ data }: Workload, skipsConfirmation: boolean): void {
  const problems = [
    skipsConfirmation
      ? '--skip-confirmation: got it with --planned, expected one of the two; a planned move confirms nothing, and who vouches for an outage wants a failover'
      : null,
    barrierToPlanning(data),
  ].filter((problem) => problem !== null);
  if (problems.length > 0) throw misuse(problems, 'failover');
}

/** A planned move is refused by the controller too; who reads it here need not start anything to find out. */
function refuseElsewhere({ workload, route }: Look): void {
  const where = route.read ? (route.value?.origin ?? 'primary') : 'primary';
  if (where === 'primary' && (!route.read || route.value?.canary === undefined)) return;
  throw refusal(
    `The users of ${workload} are not all on the primary (route: ${where}); a planned move begins there. Nothing was started.`,
    `See where they are with: pilotlight route show ${workload}; an ordinary failover takes them from behind the page.`,
  );
}

/**
 * Refuses starts that could only end as "nothing to do", or that would take users off a standby that serves them.
 * @returns the run that acts already and is to be told that a person vouches; null where none acts.
 */
function refuseStart(
  seen: Look,
  { now, vouches }: { readonly now: number; readonly vouches: boolean },
): string | null {
  const { workload, route, lease, execution } = seen;
  if (route.read && route.value?.origin === 'standby') {
    throw refusal(
      `${workload} is served by its standby already; nothing was started.`,
      `To bring it home: pilotlight route set ${workload} maintenance, then primary. See docs/cli.md, "Going home by hand".`,
    );
  }
  const holder = lease.read ? holderOf(lease.value, now) : null;
  const isRun = execution.read && execution.value?.status === 'RUNNING';
  if (holder === null || (vouches && isRun)) return holder;
  throw refusal(
    `${holder} acts on ${workload} at this moment; nothing was started.`,
    `Follow it with: pilotlight status ${workload}; vouch for the outage with --skip-confirmation, and it is told; or end it ` +
      `with: pilotlight stop ${holder}`,
  );
}

/** Only a failover that failed over, or a dry run that went through, is what was asked for. */
function end(deps: Deps, workload: string, ending: Ending): ExitCode {
  const { execution, entry } = ending;
  tellEnding(deps, workload, ending);
  deps.out.document({
    execution: execution.name,
    workload,
    startedAt: isoOf(execution.startedAt),
    status: execution.status,
    outcome: entry?.outcome ?? null,
    record: entry?.record ?? null,
  });
  return entry?.outcome === 'FailedOver' || entry?.outcome === 'DryRun' ? EXIT.ok : EXIT.failed;
}
