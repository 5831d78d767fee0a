import * as z from 'zod';
import { runSchema } from '../../core/run/run.ts';
import type { World } from '../../core/run/world.ts';
import type { Step } from '../runtime.ts';
import { readInput } from '../step-input.ts';
import { lookAtWorld, type WorldDeps } from '../world-look.ts';

const inputSchema = z.object({ run: runSchema });

/** Reads where the users are and what still runs, at the end of a run: that is what people are told. */
export const makeLookAtWorld =
  (deps: WorldDeps): Step =>
  async (raw): Promise<World> => {
    const { run } = readInput('look-at-world', inputSchema, raw);
    const world = await lookAtWorld(deps, run);
    deps.log.info('the world was looked at', { workload: run.workload, ...world });
    return world;
  };
