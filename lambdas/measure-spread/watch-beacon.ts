import type { Workload } from '../../core/config/schema.ts';
import type { Clock, Prober } from '../../core/ports.ts';
import {
  afterAnswers,
  anyBeaconTarget,
  beaconTarget,
  isOfTheEdge,
  type BeaconProgress,
} from '../../core/route/beacon.ts';
import { SPREAD_SECONDS_MAX, type SpreadMeasurement } from '../../core/route/spread.ts';
import type { ProbeAnswer } from '../../core/watch/probe.ts';
import { askOne } from '../looks.ts';

/* How the places watch a beacon arrive. */

/** An edge location has several machines, and each fresh connection may meet another one: so many are made at once ... */
const ASKS_AT_ONCE = 3;
/** ... and so many answers in a row must have the new value. */
const STREAK = 9;
const PAUSE_MS = 2_000;
/** A place that hears nothing of the edge for so long has a network of its own to blame. */
const SILENCE_MS = 30_000;

interface BeaconDeps {
  readonly clock: Clock;
  readonly prober: Prober;
}

type Seen = Pick<SpreadMeasurement, 'places' | 'leftOut'>;

/** Finds the places whose edge location answers the path of the beacon, and says of the others why they are left out. */
export async function findWatchers(
  { prober }: BeaconDeps,
  workload: Workload,
): Promise<{ readonly watchers: readonly string[]; readonly leftOut: SpreadMeasurement['leftOut'] }> {
  const looks = await Promise.all(
    prober.places.map(async (place) => ({
      place,
      answer: await askOne(prober, place, anyBeaconTarget(workload)),
    })),
  );
  const answers = (answer: ProbeAnswer): boolean => isOfTheEdge(answer) && answer.observation === 'good';
  return {
    watchers: looks.flatMap(({ place, answer }) => (answers(answer) ? [place] : [])),
    leftOut: looks.flatMap(({ place, answer }) => (answers(answer) ? [] : [{ place, why: answer.detail }])),
  };
}

/** Asks until every place has the beacon, or the time is over. @param watched `at` is when it was written, in milliseconds since the Unix epoch */
export async function watchBeacon(
  { clock, prober }: BeaconDeps,
  watched: {
    readonly workload: Workload;
    readonly value: string;
    readonly at: number;
    readonly watchers: readonly string[];
  },
): Promise<Seen> {
  const { at, watchers } = watched;
  const target = beaconTarget(watched.workload, watched.value);
  const questions = Array.from({ length: ASKS_AT_ONCE }, () => target);
  let places = watchers.map((place): BeaconProgress => ({
    place,
    streak: 0,
    since: null,
    heardAt: at,
    last: 'not asked yet',
  }));
  for (;;) {
    places = await Promise.all(
      places.map(async (progress) =>
        afterAnswers(progress, await prober.probe(progress.place, questions), clock.now()),
      ),
    );
    const now = clock.now();
    const isSilent = ({ heardAt }: BeaconProgress): boolean => now - heardAt >= SILENCE_MS;
    const isWaitedFor = (one: BeaconProgress): boolean => one.streak < STREAK && !isSilent(one);
    if (!places.some(isWaitedFor) || now - at >= SPREAD_SECONDS_MAX * 1000)
      return seenBy(places, { at, isSilent });
    await clock.sleep(PAUSE_MS);
  }
}

function seenBy(
  places: readonly BeaconProgress[],
  { at, isSilent }: { readonly at: number; readonly isSilent: (place: BeaconProgress) => boolean },
): Seen {
  const hasIt = ({ streak }: BeaconProgress): boolean => streak >= STREAK;
  return {
    places: places
      .filter((place) => hasIt(place) || !isSilent(place))
      .map(({ place, streak, since }) => ({
        place,
        seconds: streak < STREAK || since === null ? SPREAD_SECONDS_MAX : (since - at) / 1000,
      })),
    leftOut: places
      .filter((place) => !hasIt(place) && isSilent(place))
      .map(({ place, last }) => ({ place, why: `it could not be asked any more: ${last}` })),
  };
}
