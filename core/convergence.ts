import type { ProbeAnswer } from './probe.ts';
import type { OriginId } from './route.ts';

/** What one place has seen of a move so far. Times are milliseconds since the Unix epoch. */
export interface PlaceProgress {
  readonly place: string;
  /** Good answers in a row from the wanted origin. */
  readonly streak: number;
  readonly firstGoodAt: number | null;
  /** When the current streak began: this place is converged since then. */
  readonly streakSince: number | null;
  readonly last: string;
}

export const noProgress = (place: string): PlaceProgress => ({
  place,
  streak: 0,
  firstGoodAt: null,
  streakSince: null,
  last: 'not asked yet',
});

/** Adds one answer. An answer from another origin breaks the streak, however good it is; so does silence. */
export function addAnswer(
  progress: PlaceProgress,
  answer: ProbeAnswer,
  asked: { readonly origin: OriginId; readonly at: number },
): PlaceProgress {
  const last = `${answer.detail} from ${answer.origin ?? 'an unnamed origin'}`;
  if (answer.observation !== 'good' || answer.origin !== asked.origin) {
    return { ...progress, streak: 0, streakSince: null, last };
  }
  return {
    ...progress,
    streak: progress.streak + 1,
    firstGoodAt: progress.firstGoodAt ?? asked.at,
    streakSince: progress.streakSince ?? asked.at,
    last,
  };
}

/** Whether every place has its streak, and the time that is to pass at least is over. */
export function hasConverged(
  places: readonly PlaceProgress[],
  wanted: { readonly streak: number; readonly notBefore: number; readonly now: number },
): boolean {
  // Nobody having looked is not everybody agreeing.
  if (places.length === 0) return false;
  return wanted.now >= wanted.notBefore && places.every((place) => place.streak >= wanted.streak);
}

/** One line a place, for the error of a move that did not converge. */
export function describeProgress(places: readonly PlaceProgress[]): string {
  return places.map((place) => `${place.place}: ${place.streak} in a row, last ${place.last}`).join('; ');
}
