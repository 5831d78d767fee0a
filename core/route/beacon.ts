import type { Workload } from '../config/schema.ts';
import type { ProbeAnswer, ProbeTarget } from '../watch/probe.ts';
import { PROBE_PATH } from '../watch/targets.ts';

/*
 * The beacon: a second key in the store of the route, which nothing depends on. It is written now and then, and asked for from every place
 * until each has the new value: so long a route would have taken to get there. The edge function answers its path itself.
 */

/** The key of the beacon in a workload's store; the edge function reads the same one, on the path of the beacon alone. */
export const BEACON_KEY = 'beacon';

/** Where the edge says which beacon it knows. */
export const BEACON_PATH = `${PROBE_PATH}/beacon`;

/** What every edge says there that knows of beacons at all, whichever one it has. */
const WORDS = 'pilotlight beacon: ';

const targetOf = ({ url, health }: Workload, contains: string): ProbeTarget => ({
  about: 'edge',
  url: new URL(BEACON_PATH, url).href,
  contains,
  timeoutMs: health.probeTimeoutMs,
});

/** Asks whether the edge answers the path at all: one with an older function, or with one of its own, sends it to the site. */
export const anyBeaconTarget = (workload: Workload): ProbeTarget => targetOf(workload, WORDS);

/** Asks for the beacon of that value. @param value no value is the beginning of another: they are moments of one length. */
export const beaconTarget = (workload: Workload, value: string): ProbeTarget =>
  targetOf(workload, `${WORDS}${value}`);

/** The statuses of the edge function: it knows a beacon, or none. Any other answer says nothing about the store. */
const STATUSES: readonly number[] = [200, 404];

/** Whether it was the edge function that answered, whichever beacon it has. */
export const isOfTheEdge = ({ observation, status }: ProbeAnswer): boolean =>
  observation !== 'unknown' && status !== null && STATUSES.includes(status);

/** What one place has seen of a beacon so far. Times are milliseconds since the Unix epoch. */
export interface BeaconProgress {
  readonly place: string;
  /** Answers in a row that had the new value; silence in between says nothing. */
  readonly streak: number;
  /** When the streak began: the place has the beacon since then. */
  readonly since: number | null;
  /** When the edge last said anything to it. */
  readonly heardAt: number;
  readonly last: string;
}

/** Adds what one place was answered at once. Only the edge function's own answers count: an old value ends the streak. */
export function afterAnswers(
  progress: BeaconProgress,
  answers: readonly ProbeAnswer[],
  at: number,
): BeaconProgress {
  return answers.reduce((seen, answer) => {
    const last = answer.detail;
    if (!isOfTheEdge(answer)) return { ...seen, last };
    if (answer.observation !== 'good') return { ...seen, streak: 0, since: null, heardAt: at, last };
    return { ...seen, streak: seen.streak + 1, since: seen.since ?? at, heardAt: at, last };
  }, progress);
}
