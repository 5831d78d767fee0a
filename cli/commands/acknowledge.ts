import * as z from 'zod';
import { readArgs } from '../arguments.ts';
import type { Command } from '../command.ts';
import { EXIT, exitMeanings } from '../exit.ts';
import { see } from '../look.ts';
import { routeText } from '../look-text.ts';
import { ownerSchema, requireCaller, wordsSchema } from '../people.ts';
import { isoOf, requireWorkload } from '../workload.ts';

const argsSchema = z.object({ workload: z.string(), owner: ownerSchema, comment: wordsSchema });

/** A person has seen the last failover: alarms may start runs again. */
export const acknowledge: Command = {
  name: 'acknowledge',
  summary: 'Say that you have seen the last failover, which arms automation again',
  details: 'Until then no alarm starts a run. Do it when the site is where it should stay for now.',
  operands: [{ name: 'workload', about: 'id of the workload', required: true, completes: 'workload' }],
  options: [
    { name: 'owner', value: 'NAME', about: 'who has looked at it', required: true },
    { name: 'comment', value: 'TEXT', about: 'what you saw', required: true },
  ],
  examples: ['pilotlight acknowledge petclinic --owner Kim --comment "home again, orders checked"'],
  exits: {
    ok: 'automation is armed again, or was so already',
    failed: 'it could not be written',
    usage: exitMeanings.usage,
    notFound: 'there is no such workload, or no configuration',
  },
  needs: 'clouds',
  async run(raw, deps) {
    const { workload, owner, comment } = readArgs(argsSchema, raw, 'acknowledge');
    requireWorkload(deps.config, workload);
    const { arn } = await requireCaller(deps);
    const at = isoOf(deps.clock.now());
    const changed = await deps.operations.acknowledge(workload, {
      kind: 'acknowledge',
      workload,
      at,
      by: arn,
      owner,
      why: comment,
      detail: 'automation is armed again',
      result: 'done',
    });
    const { out } = deps;
    const route = await see(async () => (await deps.routes.read(workload)).route);
    const origin = route.read ? (route.value?.origin ?? 'primary') : null;
    out.document({ workload, acknowledged: changed, at, origin });
    out.line(
      changed
        ? `${out.dress.good('Acknowledged.')} Alarms of ${workload} may start runs again, unless brake or cooldown stop them.`
        : `Nothing of ${workload} waits for an acknowledgement; nothing was changed.`,
    );
    if (origin !== 'primary') {
      const where = route.read ? routeText(route.value, out.dress) : route.problem;
      out.warn(
        `The route is not known to be primary (${where}). An alarm that rings now would start a run from there: ` +
          `bring the site home, or pull the brake with: pilotlight brake on ${workload} --reason "..." --owner "..."`,
      );
    }
    return EXIT.ok;
  },
};
