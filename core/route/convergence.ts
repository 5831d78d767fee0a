import type { ProbeAnswer } from '../watch/probe.ts';
import type { OriginId } from './route.ts';

/** What one place has seen of a move so far. Times are milliseconds since the Unix epoch. */
export interface PlaceProgress {
  readonly place: string;
  /** Good answers in a row from the wanted origin. */
  readonly streak: number;
  /** Answers of any kind; a place that never gave one is silent, and its silence says nothing about the edge. */
  readonly answers: number;
  /** How often it could not look, or lost its own way to the edge. */
  readonly silences: number;
  /** Whether the newest of its looks was one of these. */
  readonly isSilent: boolean;
  /** Bad answers in a row: errors, not good answers of another origin. */
  readonly badInARow: number;
  readonly firstGoodAt: number | null;
  /** When the current streak began: this place is converged since then. */
  readonly streakSince: number | null;
  readonly last: string;
}

export const noProgress = (place: string): PlaceProgress => ({
  place,
  streak: 0,
  answers: 0,
  silences: 0,
  isSilent: false,
  badInARow: 0,
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
  const isSilent = answer.observation === 'unknown';
  const answers = progress.answers + (isSilent ? 0 : 1);
  const silences = progress.silences + (isSilent ? 1 : 0);
  const last = `${answer.detail} from ${answer.origin ?? 'an unnamed origin'}`;
  if (answer.observation !== 'good' || answer.origin !== asked.origin) {
    const isItsOwn = answer.origin === null || answer.origin === asked.origin;
    const badInARow = progress.badInARow + (answer.observation === 'bad' && isItsOwn ? 1 : 0);
    return { ...progress, answers, silences, isSilent, badInARow, streak: 0, streakSince: null, last };
  }
  return {
    ...progress,
    answers,
    isSilent,
    badInARow: 0,
    streak: progress.streak + 1,
    firstGoodAt: progress.firstGoodAt ?? asked.at,
    streakSince: progress.streakSince ?? asked.at,
    last,
  };
}

/** A place that could not look so often, and cannot now, has a network of its own to blame. */
const SILENCES_MAX = 3;

const isAnswering = ({ answers, isSilent, silences }: PlaceProgress): boolean =>
  answers > 0 && !(isSilent && silences >= SILENCES_MAX);

const isLongEnough = (
  place: PlaceProgress,
  wanted: { readonly streak: number; readonly sustainMs: number; readonly now: number },
): boolean =>
  place.streak >= wanted.streak &&
  place.streakSince !== null &&
  wanted.now - place.streakSince >= wanted.sustainMs;

/**
 * Whether every place that answers has its streak, enough of them do, and the time that is to pass at least is over. A place
 * that is cut off, or is so again and again, must not make every failover fail.
 */
export function hasConverged(
  places: readonly PlaceProgress[],
  wanted: {
    readonly streak: number;
    /** How long every streak must have lasted. */
    readonly sustainMs: number;
    readonly notBefore: number;
    readonly now: number;
    readonly placesMin: number;
  },
): boolean {
  const answering = places.filter(isAnswering);
  // Nobody having looked is not everybody agreeing.
  if (answering.length === 0 || answering.length < wanted.placesMin) return false;
  return wanted.now >= wanted.notBefore && answering.every((place) => isLongEnough(place, wanted));
}

/** One line a place, for the error of a move that did not converge. */
export function describeProgress(places: readonly PlaceProgress[]): string {
  return places.map((place) => `${place.place}: ${place.streak} in a row, last ${place.last}`).join('; ');
}
