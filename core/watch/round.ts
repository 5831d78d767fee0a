import * as z from 'zod';
import type { OriginId } from '../route/route.ts';
import type { ProbeAnswer } from './probe.ts';

/** What a look is about: the primary at its own door, or the site as a user meets it, through the edge. */
export const subjects = ['primary', 'edge'] as const;
export type Subject = (typeof subjects)[number];

/** What each place saw of one subject: true is good. A place that saw nothing is not in it. */
const seenSchema = z.record(z.string(), z.boolean());
export type Seen = z.infer<typeof seenSchema>;

/** One round of looks: every place asked for both subjects at about the same moment. */
export const roundSchema = z.object({
  /** Milliseconds since the Unix epoch. */
  at: z.number(),
  primary: seenSchema,
  edge: seenSchema,
  /** Places that users' requests were answered for by another origin than the primary: they are behind the shield, or moved. */
  elsewhere: z.record(z.string(), z.enum(['standby', 'maintenance'])),
});
export type Round = z.infer<typeof roundSchema>;

/** The answers that one place got. */
export interface PlaceAnswers {
  readonly place: string;
  readonly primary: ProbeAnswer;
  readonly edge: ProbeAnswer;
}

/** Nothing came back at all: no status, so not even CloudFront was reached. */
export const reachedNobody = ({ observation, status }: ProbeAnswer): boolean =>
  observation === 'bad' && status === null;

/** Whether any place has reached CloudFront: those that have not, meanwhile, lost their own way. */
export const isEdgeReached = (edge: readonly ProbeAnswer[]): boolean =>
  edge.some((answer) => answer.observation !== 'unknown' && !reachedNobody(answer));

/** The origin that served the site instead of the primary; null where it was the primary, or nobody says. */
const otherOrigin = ({ origin }: ProbeAnswer): Exclude<OriginId, 'primary'> | null =>
  origin === null || origin === 'primary' ? null : origin;

/**
 * Makes a round of what the places answered. CloudFront is reached by the nearest of hundreds of doors: a place that
 * reaches none of them, while others do, has lost its own way to the Internet, and says nothing about the primary.
 */
export function roundOf(at: number, answers: readonly PlaceAnswers[]): Round {
  const edgeWasReached = isEdgeReached(answers.map(({ edge }) => edge));
  const sighted = answers.filter(({ edge }) => !(edgeWasReached && reachedNobody(edge)));
  const seen = (subject: Subject, told: readonly PlaceAnswers[]): Seen =>
    Object.fromEntries(
      told
        .filter((answer) => answer[subject].observation !== 'unknown')
        .map((answer) => [answer.place, answer[subject].observation === 'good']),
    );
  const elsewhere = sighted.flatMap(({ place, edge }) => {
    const origin = otherOrigin(edge);
    return origin === null ? [] : [[place, origin] as const];
  });
  return {
    at,
    primary: seen('primary', sighted),
    // What another origin answered is no evidence about the primary, neither good nor bad.
    edge: seen(
      'edge',
      sighted.filter(({ edge }) => otherOrigin(edge) === null),
    ),
    elsewhere: Object.fromEntries(elsewhere),
  };
}

/** How often a subject was seen bad, of how many looks. */
export interface Count {
  readonly bad: number;
  readonly all: number;
}

/** Percent of the looks that were bad; 0 where nobody looked. */
export const percentOf = ({ bad, all }: Count): number => (all === 0 ? 0 : (100 * bad) / all);

/** Counts the looks at a subject, of one place or of all. */
export function countLooks(rounds: readonly Round[], subject: Subject, place?: string): Count {
  const looks = rounds.flatMap((round) =>
    place === undefined ? Object.values(round[subject]) : (round[subject][place] ?? []),
  );
  return { bad: looks.filter((good) => !good).length, all: looks.length };
}

/** The watch looks this often; a run looks more often, and its looks must not count for more. Milliseconds. */
const BEAT_MS = 10_000;

/** Percent of the time in which looks failed: of the looks of each beat, averaged over the beats. 0 where nobody looked. */
export function percentOfTime(rounds: readonly Round[], subject: Subject): number {
  const beats = Map.groupBy(rounds, ({ at }) => Math.floor(at / BEAT_MS));
  const counts = [...beats.values()].map((beat) => countLooks(beat, subject)).filter(({ all }) => all > 0);
  return counts.length === 0 ? 0 : counts.reduce((sum, count) => sum + percentOf(count), 0) / counts.length;
}

/** Percent of the time in which looks failed, at the door and through the edge, which twice the looks say more surely. */
export function percentOfBoth(rounds: readonly Round[]): number {
  const seen = subjects.filter((subject) => countLooks(rounds, subject).all > 0);
  const sum = seen.reduce((total, subject) => total + percentOfTime(rounds, subject), 0);
  return seen.length === 0 ? 0 : sum / seen.length;
}

/** The places that looked at a subject in any of the rounds. */
export const placesIn = (rounds: readonly Round[], subject: Subject): readonly string[] => [
  ...new Set(rounds.flatMap((round) => Object.keys(round[subject]))),
];

/** Whether anybody saw something bad in a round. */
export const isBad = (round: Round): boolean =>
  subjects.some((subject) => Object.values(round[subject]).includes(false));
