import * as z from 'zod';
import { readArgs } from '../arguments.ts';
import type { Command } from '../command.ts';
import { EXIT, exitMeanings } from '../exit.ts';
import { routeText } from '../look-text.ts';
import { requireWorkload } from '../workload.ts';

const argsSchema = z.object({ workload: z.string() });

/** What the edge serves. It asks the store alone, so it works while the rest does not. */
export const routeShow: Command = {
  name: 'route show',
  summary: 'Show what the edge serves for a workload',
  details: 'It reads the route where the edge reads it, and nothing else.',
  operands: [{ name: 'workload', about: 'id of the workload', required: true, completes: 'workload' }],
  options: [],
  examples: ['pilotlight route show petclinic', 'pilotlight route show petclinic --json'],
  exits: {
    ok: 'the route is shown',
    failed: 'the store of the route could not be read',
    usage: exitMeanings.usage,
    notFound: 'there is no such workload, or no configuration',
  },
  needs: 'clouds',
  async run(raw, deps) {
    const { workload } = readArgs(argsSchema, raw, 'route show');
    requireWorkload(deps.config, workload);
    const { route } = await deps.routes.read(workload);
    deps.out.document({ workload, origin: route?.origin ?? 'primary', route });
    deps.out.line(`${workload}: ${routeText(route, deps.out.dress)}`);
    return EXIT.ok;
  },
};
