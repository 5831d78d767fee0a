import { createHash } from 'node:crypto';
import type { Workload } from '../core/config/schema.ts';
import { CloudUnavailable } from '../core/errors.ts';
import type { Clock, Prober, WatchMemories } from '../core/ports.ts';
import { nextHealth } from '../core/watch/health.ts';
import { withLooks } from '../core/watch/hour.ts';
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

/**
 * Asks every place for the primaries and the sites of some workloads at once. The rounds bear the moment at which they were
 * complete. `reuse` lets places ask over connections that are open already.
 */
export async function lookAtAll(
  deps: Pick<LookDeps, 'clock' | 'prober'>,
  looked: readonly Looked[],
  how: { readonly reuse: boolean },
): Promise<readonly Look[]> {
  const targets = looked.flatMap(({ workload }) => {
    const { primary, edge } = targetsOf(workload);
    return [primary, edge];
  });
  const told = await Promise.all(
    deps.prober.places.map(async (place) => ({
      place,
      answers: await deps.prober.probe(place, targets, how),
    })),
  );
  const at = deps.clock.now();
  return looked.map((_, index) => {
    const answers = told.map(({ place, answers: [...given] }) => {
      const [primary = NO_ANSWER, edge = NO_ANSWER] = given.slice(2 * index);
      return { place, primary, edge };
    });
    return { round: roundOf(at, answers), answers };
  });
}

/** Asks every place for the primary and for the site, each over a connection that is made for it. */
export async function lookAround(deps: LookDeps, looked: Looked): Promise<Look> {
  const [look] = await lookAtAll(deps, [looked], { reuse: false });
  if (look === undefined) throw new Error('one workload was looked at, and there is no look');
  return look;
}

/** The watch and a run may write at once; each try looks at what the other has written. */
const TRIES_MAX = 6;

/** Enough to tell whether the addresses are the same; they themselves would be a tenth of what is remembered. */
const FINGERPRINT_LENGTH = 12;

const askedOf = (workload: Workload): string => {
  const { primary, edge } = targetsOf(workload);
  const print = createHash('sha256').update(`${primary.url} ${edge.url}`).digest('hex');
  return print.slice(0, FINGERPRINT_LENGTH);
};

/** What is remembered of a workload, as far as it is about the addresses that it has now; null where there is nothing. */
export async function recall(
  memories: Pick<WatchMemories, 'read'>,
  { id, workload }: Looked,
): Promise<WatchMemory | null> {
  const { memory } = await memories.read(id);
  return memory?.asked === askedOf(workload) ? memory : null;
}

/** What was remembered before a change, and what is now. */
export interface Changed {
  readonly before: WatchMemory;
  readonly memory: WatchMemory;
}

/**
 * Changes what is remembered of a workload; null leaves it as it is.
 * @throws CloudUnavailable where others write at every try.
 */
export async function changeMemory(
  deps: Pick<LookDeps, 'clock' | 'memories'>,
  { id, workload }: Looked,
  change: (memory: WatchMemory) => WatchMemory | null,
): Promise<Changed> {
  const asked = askedOf(workload);
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const { memory, version } = await deps.memories.read(id);
    const known = memory?.asked === asked ? memory : newMemory(asked, deps.clock.now());
    const changed = change(known);
    if (changed === null) return { before: known, memory: known };
    if (await deps.memories.write(id, changed, version)) return { before: known, memory: changed };
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
  hour: withLooks(memory.hour, seen.round),
  health: nextHealth(memory.health, seen.round, { policy: healthPolicyOf(workload), unrest: seen.unrest }),
});

/** Asks one place for one thing. */
export async function askOne(prober: Prober, place: string, target: ProbeTarget): Promise<ProbeAnswer> {
  const [answer = NO_ANSWER] = await prober.probe(place, [target]);
  return answer;
}
