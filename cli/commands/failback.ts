import * as z from 'zod';
import { barrierToHome, homePageSeconds } from '../../core/data/home-plan.ts';
import { FAILBACK_NAME } from '../../core/names.ts';
import { readArgs } from '../arguments.ts';
import type { Command } from '../command.ts';
import { EXIT, exitMeanings, misuse, refusal } from '../exit.ts';
import { follow, tellRun } from '../follow.ts';
import { holderOf, look, problemsOf, settleTimeOfLook, type Look } from '../look.ts';
import { lookText } from '../look-text.ts';
import { nameOf, REQUESTED_BY_MAX, requireCaller, requireYes, switchSchema, wordsSchema } from '../people.ts';
import { consoleUrlOf, isoOf, requireWorkload, stampOf } from '../workload.ts';

const argsSchema = z.object({
  workload: z.string(),
  reason: wordsSchema,
  'data-is-home': switchSchema,
  'dry-run': switchSchema,
  yes: switchSchema,
  'no-follow': switchSchema,
});

/** Brings a site home. */
export const failback: Command = {
  name: 'failback',
  summary: 'Bring a site home to its primary and follow the run until it ends',
  details:
    'The run waits until the primary is well, keeps what only the primary has (orphans), carries the data home while users\n' +
    'go on on the standby, says how long the page will be up, and asks the approvers. Then users see the page for the last\n' +
    'data; both sides are compared before anybody is moved. Until the route is moved every failure returns users to the\n' +
    'standby with nothing lost. Once they are home a new backup begins, the standby is put away and automation is armed.',
  operands: [{ name: 'workload', about: 'id of the workload', required: true, completes: 'workload' }],
  options: [
    { name: 'reason', value: 'TEXT', about: 'why, in your words; it stands in the history', required: true },
    {
      name: 'data-is-home',
      value: null,
      about:
        'with data.mode none: you vouch that the primary has everything, or that there is nothing to have',
    },
    { name: 'dry-run', value: null, about: 'walk the whole workflow and change nothing' },
    { name: 'yes', value: null, about: 'do not ask' },
    { name: 'no-follow', value: null, about: 'start it and return at once' },
  ],
  examples: [
    'pilotlight failback petclinic --reason "Seoul is well since Monday"',
    'pilotlight failback petclinic --reason "rehearsal" --dry-run',
    'pilotlight failback shop --reason "the vendor is back" --data-is-home',
  ],
  exits: {
    ok: 'the users are home, the dry run went through, or with --no-follow the run has begun',
    failed: 'the start was refused or failed, or users stay on the standby',
    usage: exitMeanings.usage,
    notFound: 'there is no such workload, or no configuration',
  },
  needs: 'clouds',
  async run(raw, deps) {
    const args = readArgs(argsSchema, raw, 'failback');
    const { workload } = args;
    const site = requireWorkload(deps.config, workload);
    const dataIsHome = args['data-is-home'] ? ({ dataIsHome: true } as const) : {};
    const barriers = barrierToHome(site, dataIsHome);
    if (barriers.length > 0) throw misuse(barriers, 'failback');
    const caller = await requireCaller(deps);
    const seen = await look(deps, workload);
    const now = deps.clock.now();
    deps.out.line(lookText(seen, site, { now, dress: deps.out.dress }));
    refuseStart(seen, now);
    const least = homePageSeconds(site, { rehearsed: null, settle: settleTimeOfLook(seen, site, now) });
    const doubt = problemsOf(seen).length > 0 ? ' Not everything could be read.' : '';
    const what = args['dry-run'] ? 'Begin a dry run of the way home' : 'Begin the way home';
    const page =
      site.data.mode === 'none'
        ? `Users will see the maintenance page for about ${least} s.`
        : `Users will see the maintenance page for ${least} s and what the last data take; the run says how long before it moves anybody.`;
    await requireYes(deps, `${what} of ${workload} to its primary? ${page}${doubt}`, args.yes);
    const name = `${FAILBACK_NAME}${workload}-${stampOf(deps.clock.now())}`;
    const { startedAt } = await deps.workflow.start(name, {
      workload,
      reason: args.reason,
      requestedBy: nameOf(caller.arn).slice(0, REQUESTED_BY_MAX),
      dryRun: args['dry-run'],
      ...dataIsHome,
    });
    deps.out.line(`\nStarted ${deps.out.dress.strong(name)}\n${consoleUrlOf(deps.config, name)}`);
    if (args['no-follow']) {
      deps.out.document({ execution: name, workload, startedAt: isoOf(startedAt) });
      deps.out.line(`Follow it with: pilotlight status ${workload}`);
      return EXIT.ok;
    }
    deps.out.line('Ctrl-C ends the watching, not the run.\n');
    const ending = await follow(deps, workload, name);
    tellRun(deps, workload, ending);
    return ending.entry?.outcome === 'CameHome' || ending.entry?.outcome === 'DryRun' ? EXIT.ok : EXIT.failed;
  },
};

/** Refuses starts that could only end as "nothing to do". */
function refuseStart({ workload, route, lease }: Look, now: number): void {
  const origin = route.read ? (route.value?.origin ?? 'primary') : 'standby';
  const isWhole = !route.read || route.value?.canary === undefined;
  if (origin === 'primary' && isWhole)
    throw refusal(
      `The users of ${workload} are at home already; nothing was started.`,
      `See where they are with: pilotlight route show ${workload}`,
    );
  if (origin !== 'standby' || !isWhole)
    throw refusal(
      `The users of ${workload} are not all on the standby (route: ${origin}); a way home begins there. Nothing was started.`,
      `See why with: pilotlight status ${workload}; by hand: docs/procedures.md, "Coming home by hand".`,
    );
  const holder = lease.read ? holderOf(lease.value, now) : null;
  if (holder === null) return;
  throw refusal(
    `${holder} acts on ${workload} at this moment; nothing was started.`,
    `Follow it with: pilotlight status ${workload}`,
  );
}
