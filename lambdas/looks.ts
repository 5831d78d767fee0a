import type { Workload } from '../core/config/schema.ts';
import { CloudUnavailable } from '../core/errors.ts';
import type { Clock, Prober, WatchMemories } from '../core/ports.ts';
import { nextHealth } from '../core/watch/health.ts';
import { healthPolicyOf } from '../core/watch/level.ts';
import { newMemory, type WatchMemory } from '../core/watch/memory.ts';
import { unknownAnswer, type ProbeAnswer, type ProbeTarget } from '../core/watch/probe.ts';
import { roundOf, type PlaceAnswers, type Round } from '../core/watch/round.ts';
import { edgeTarget, primaryTarget } from '../core/watch/targets.ts';

/* How everybody who looks at a primary looks, and remembers what was seen: the watch, and the steps of a run. */

export interface LookDeps {
  readonly clock: Clock;
  readonly prober: Prober;
  readonly memories: WatchMemories;
}

/** The workload that is looked at. */
export interface Looked {
  readonly id: string;
  readonly workload: Workload;
}

/** One round, and what each place said in words. */
export interface Look {
  readonly round: Round;
  readonly answers: readonly PlaceAnswers[];
}

const targetsOf = (workload: Workload): { readonly primary: ProbeTarget; readonly edge: ProbeTarget } => ({
  primary: primaryTarget(workload),
  edge: edgeTarget(workload, 'primary'),
});

const NO_ANSWER = unknownAnswer('the place gave no answer');

/** Asks every place for the primary and for the site at once. The round bears the moment at which it was complete. */
export async function lookAround(deps: LookDeps, workload: Workload): Promise<Look> {
  const targets = targetsOf(workload);
  const answers = await Promise.all(
    deps.prober.places.map(async (place) => {
      const told = await deps.prober.probe(place, [targets.primary, targets.edge]);
      const [primary = NO_ANSWER, edge = NO_ANSWER] = told;
      return { place, primary, edge };
    }),
  );
  return { round: roundOf(deps.clock.now(), answers), answers };
}

/** The watch and a run may write at once; each try looks at what the other has written. */
const TRIES_MAX = 6;

/**
 * Changes what is remembered of a workload.
 * @throws CloudUnavailable where others write at every try.
 */
export async function changeMemory(
  deps: Pick<LookDeps, 'clock' | 'memories'>,
  { id, workload }: Looked,
  change: (memory: WatchMemory) => WatchMemory,
): Promise<WatchMemory> {
  const { primary, edge } = targetsOf(workload);
  const asked = `${primary.url} ${edge.url}`;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const { memory, version } = await deps.memories.read(id);
    const known = memory?.asked === asked ? memory : newMemory(asked, deps.clock.now());
    const changed = change(known);
    if (await deps.memories.write(id, changed, version)) return changed;
  }
  throw new CloudUnavailable({
    call: `the memory of the watch of ${id}`,
    got: `${TRIES_MAX} writes of somebody else in a row`,
    next: 'The next look tries again by itself.',
  });
}

/** What is remembered, with one round more. */
export const withRound = (
  memory: WatchMemory,
  { workload }: Looked,
  seen: { readonly round: Round; readonly unrest: number },
): WatchMemory => ({
  ...memory,
  health: nextHealth(memory.health, seen.round, { policy: healthPolicyOf(workload), unrest: seen.unrest }),
});

/** Asks one place for one thing. */
export async function askOne(prober: Prober, place: string, target: ProbeTarget): Promise<ProbeAnswer> {
  const [answer = NO_ANSWER] = await prober.probe(place, [target]);
  return answer;
}
