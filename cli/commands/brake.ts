import * as z from 'zod';
import { readArgs } from '../arguments.ts';
import type { Command } from '../command.ts';
import { EXIT, exitMeanings } from '../exit.ts';
import { see } from '../look.ts';
import { ownerSchema, requireCaller, wordsSchema } from '../people.ts';
import { isoOf, requireWorkload } from '../workload.ts';

const argsSchema = z.object({
  state: z.enum(['on', 'off']),
  workload: z.string(),
  reason: wordsSchema,
  owner: ownerSchema,
});

/** The operator's switch: automatic starts stop at once, a person may still act. */
export const brake: Command = {
  name: 'brake',
  summary: 'Stop automatic starts of a workload at once, or let them go on',
  details:
    'A run that is under way goes on; pilotlight stop ends it. A person may start a run while the brake is on.',
  operands: [
    {
      name: 'state',
      about: 'on stops automation, off lets it go on',
      required: true,
      choices: ['on', 'off'],
    },
    { name: 'workload', about: 'id of the workload', required: true, completes: 'workload' },
  ],
  options: [
    { name: 'reason', value: 'TEXT', about: 'why; it is shown in every message', required: true },
    { name: 'owner', value: 'NAME', about: 'whom to ask about it', required: true },
  ],
  examples: [
    'pilotlight brake on petclinic --reason "database move until 06:00" --owner "Kim, platform"',
    'pilotlight brake off petclinic --reason "move done" --owner "Kim, platform"',
  ],
  exits: {
    ok: 'the brake is as it was asked for',
    failed: 'it could not be set',
    usage: exitMeanings.usage,
    notFound: 'there is no such workload, or no configuration',
  },
  needs: 'clouds',
  async run(raw, deps) {
    const args = readArgs(argsSchema, raw, 'brake');
    const { workload, owner, reason } = args;
    requireWorkload(deps.config, workload);
    const { arn } = await requireCaller(deps);
    const at = isoOf(deps.clock.now());
    const on = args.state === 'on';
    // The brake must be possible to pull when its old state cannot be understood; only the words depend on it.
    const before = await see(() => deps.operations.readBrake(workload));
    const was = before.read ? before.value?.on === true : null;
    await deps.operations.setBrake(
      workload,
      { on, owner, reason },
      {
        kind: on ? 'brake-on' : 'brake-off',
        workload,
        at,
        by: arn,
        owner,
        why: reason,
        detail: `the brake was ${was === null ? 'unreadable' : was ? 'on' : 'off'} before`,
        result: 'done',
      },
    );
    const { out } = deps;
    out.document({ workload, brake: { on, owner, reason, at }, changed: was !== on });
    const state = on ? out.dress.warn('ON') : out.dress.good('off');
    out.line(`The brake of ${workload} is ${state}${was === on ? ', as it was' : ''}.`);
    out.line(
      on
        ? `No alarm starts a run any more. Let it go on with: pilotlight brake off ${workload} --reason "..." --owner "..."`
        : `Alarms start runs again, unless something else stops them: pilotlight status ${workload}`,
    );
    return EXIT.ok;
  },
};
