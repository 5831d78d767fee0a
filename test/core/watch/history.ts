import { nextHealth, noMemory, type HealthMemory, type HealthPolicy } from '../../../core/watch/health.ts';
import type { Round } from '../../../core/watch/round.ts';

/** 2026-03-01T03:00:00.000Z. */
export const START = 1_772_334_000_000;
export const at = (seconds: number): number => START + seconds * 1000;

export const POLICY: HealthPolicy = {
  outage: { errorPercent: 50, seconds: 20 },
  degraded: { errorPercent: 10 },
  recovery: { seconds: 60 },
  places: 2,
};

const PLACES = ['a', 'b', 'c'] as const;

/** Which places see which subject bad in a round: a letter a place; capitals see the site through the edge bad. */
export function roundAt(seconds: number, bad = ''): Round {
  const seen = (letter: (place: string) => string): Record<string, boolean> =>
    Object.fromEntries(PLACES.map((place) => [place, !bad.includes(letter(place))]));
  return {
    at: at(seconds),
    primary: seen((place) => place),
    edge: seen((place) => place.toUpperCase()),
    elsewhere: {},
  };
}

/** Nothing answers, neither at the door nor through the edge. */
export const DEAD = 'abcABC';

/** What happens in stretches, each some seconds long: who sees what bad, or a rule for each round of it. */
export type Stretch = readonly [seconds: number, bad: string | ((round: number) => string)];

/** Looks every ten seconds through all stretches, after an hour of nothing but good looks. */
export function live(
  stretches: readonly Stretch[],
  { policy = POLICY, unrest = 0 }: { policy?: HealthPolicy; unrest?: number } = {},
): { readonly memory: HealthMemory; readonly healths: string[]; readonly now: number } {
  let memory = noMemory(at(-3600));
  const add = (round: Round): void => {
    memory = nextHealth(memory, round, { policy, unrest });
  };
  for (let seconds = -300; seconds < 0; seconds += 10) add(roundAt(seconds));
  const healths: string[] = [];
  let seconds = 0;
  for (const [length, bad] of stretches) {
    for (let round = 0; round * 10 < length; round += 1, seconds += 10) {
      add(roundAt(seconds, typeof bad === 'string' ? bad : bad(round)));
      if (healths.at(-1)?.split('@')[0] !== memory.health) healths.push(`${memory.health}@${seconds}`);
    }
  }
  return { memory, healths, now: at(seconds - 10) };
}
