import type { SpreadHistory, SpreadMeasurement } from '../../core/route/spread.ts';
import { newSpreadHistory, SPREAD_DAYS, withMeasurement } from '../../core/route/spread.ts';
import type { SeededRandom } from '../random.ts';
import type { Edge } from './edge.ts';
import { locationOf } from './site.ts';

const DAY_MS = 86_400_000;
const EVERY_MS = DAY_MS / 6;
/** The last machine of a location that a place meets, and the pause between two looks. */
const MACHINES = 2;
const LOOK_SECONDS = 2.2;

/**
 * What a quarter of a year of beacons has shown of this very edge, from the places that look: a drill of minutes begins with it. An
 * edge location that no place comes through is not in it, however slow it is.
 */
export function measuredSpread(of: {
  readonly edge: Edge;
  readonly store: string;
  readonly places: readonly string[];
  readonly random: SeededRandom;
  readonly now: number;
}): SpreadHistory {
  const { edge, places, random, now } = of;
  const measure = (at: number): SpreadMeasurement => ({
    at: new Date(at).toISOString(),
    places: places.map((place) => {
      const seconds = edge.spreadSecondsOf(locationOf(place));
      const learned = Array.from({ length: MACHINES }, () => random.between(...seconds));
      return { place, seconds: Math.max(...learned) + random.between(0, LOOK_SECONDS) };
    }),
    leftOut: [],
  });
  const last = Math.floor((now - 1) / EVERY_MS) * EVERY_MS;
  const count = ((SPREAD_DAYS - 1) * DAY_MS) / EVERY_MS;
  const moments = Array.from({ length: count }, (_, index) => last - (count - 1 - index) * EVERY_MS);
  const empty = newSpreadHistory(of.store);
  return moments.reduce((history, at) => withMeasurement(history, measure(at), 1), empty);
}
