import * as z from 'zod';
import type { Config } from '../config/schema.ts';

/*
 * How long a change of the store takes to every place, measured all year: one beacon every four hours for each workload. What is kept is
 * bounded: a line a day, for ninety days. Times are ISO 8601, seconds count from just before the write, as those of the shield do.
 */

/** A store that a place does not know after this counts as so slow, whatever would have come later. */
export const SPREAD_SECONDS_MAX = 180;
/** Days that are remembered: a slow one lengthens the settle time for as long. */
export const SPREAD_DAYS = 90;

const moment = z.iso.datetime();
const placeSchema = z.object({ place: z.string(), seconds: z.number().nonnegative() });
const leftOutSchema = z.object({ place: z.string(), why: z.string() });

export const spreadHistorySchema = z.object({
  schemaVersion: z.literal(1),
  /** ARN of the store that it is about: a new store has no past. */
  store: z.string(),
  /** The version of the store after our last write: as long as nobody else writes, it need not be asked for. */
  version: z.string().nullable(),
  /** When the newest measurement began, whatever became of it: two at once would overwrite each other's beacon. */
  begunAt: moment.nullable(),
  days: z
    .array(
      z.object({
        day: z.iso.date(),
        /** Those from enough places. */
        measurements: z.int().nonnegative(),
        /** The slowest place of all, also of measurements from too few. */
        worstSeconds: z.number().nonnegative(),
        place: z.string(),
      }),
    )
    .max(SPREAD_DAYS),
  /** The newest one from enough places. */
  last: z.object({ at: moment, places: z.array(placeSchema), leftOut: z.array(leftOutSchema) }).nullable(),
  /** Why the newest attempt came to less than that; null where it did not. */
  trouble: z.object({ at: moment, what: z.string() }).nullable(),
});
export type SpreadHistory = z.infer<typeof spreadHistorySchema>;

/** What one beacon showed. Seconds of a place that had not learned of it in time are SPREAD_SECONDS_MAX. */
export interface SpreadMeasurement {
  readonly at: string;
  readonly places: readonly z.infer<typeof placeSchema>[];
  /** Places that could not be asked: their silence is neither fast nor slow. */
  readonly leftOut: readonly z.infer<typeof leftOutSchema>[];
}

export const newSpreadHistory = (store: string): SpreadHistory => ({
  schemaVersion: 1,
  store,
  version: null,
  begunAt: null,
  days: [],
  last: null,
  trouble: null,
});

/** The history of a text; null where it is that of an older shape, or damaged: it begins anew, and the default holds meanwhile. */
export function readSpreadHistory(text: string): SpreadHistory | null {
  try {
    return spreadHistorySchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Days of a history that still count. */
const remembered = (days: SpreadHistory['days'], now: number): SpreadHistory['days'] => {
  const oldest = new Date(now - (SPREAD_DAYS - 1) * 86_400_000).toISOString().slice(0, 10);
  return days.filter(({ day }) => day >= oldest);
};

/** The slowest place of a measurement; null where nobody could be asked. */
export const slowestOf = ({ places }: Pick<SpreadMeasurement, 'places'>) =>
  places.toSorted((one, other) => other.seconds - one.seconds)[0] ?? null;

const leftOutText = (leftOut: SpreadMeasurement['leftOut']): string =>
  leftOut.map(({ place, why }) => `${place} (${why})`).join(', ');

/**
 * A history with one measurement more. From fewer than `placesMin` places it is no proof of speed and does not count; what it saw slow is
 * remembered all the same.
 */
export function withMeasurement(
  history: SpreadHistory,
  measured: SpreadMeasurement,
  placesMin: number,
): SpreadHistory {
  const slowest = slowestOf(measured);
  const isWhole = measured.places.length >= placesMin;
  const what = isWhole ? null : `asked from too few places; left out: ${leftOutText(measured.leftOut)}`;
  const trouble = what === null ? null : { at: measured.at, what };
  if (slowest === null) return { ...history, trouble };
  const day = measured.at.slice(0, 10);
  const before = history.days.find((known) => known.day === day);
  const seconds = Math.round(slowest.seconds * 10) / 10;
  const isWorst = before === undefined || seconds > before.worstSeconds;
  const today = {
    day,
    measurements: (before?.measurements ?? 0) + (isWhole ? 1 : 0),
    worstSeconds: isWorst ? seconds : before.worstSeconds,
    place: isWorst ? slowest.place : before.place,
  };
  const days = [...history.days.filter((known) => known.day !== day), today];
  const { at, places, leftOut } = measured;
  return {
    ...history,
    days: remembered(days, Date.parse(at)).toSorted((one, other) => one.day.localeCompare(other.day)),
    last: isWhole ? { at, places: [...places], leftOut: [...leftOut] } : history.last,
    trouble,
  };
}

/** What the days that still count come to together; null where there are none. */
export function summaryOf(
  history: SpreadHistory,
  now: number,
): { readonly measurements: number; readonly worstSeconds: number; readonly place: string } | null {
  const days = remembered(history.days, now);
  const worst = days.toSorted((one, other) => other.worstSeconds - one.worstSeconds)[0];
  if (worst === undefined) return null;
  const measurements = days.reduce((sum, day) => sum + day.measurements, 0);
  return { measurements, worstSeconds: worst.worstSeconds, place: worst.place };
}

/** The measuring is called this often, each time for the workloads whose turn it is. Minutes. */
export const SPREAD_TICK_MINUTES = 10;
/** Calls until it is a workload's turn again: four hours. */
const TURNS = 24;

/** The workloads whose edge reads a store. */
export const measuredWorkloads = ({ workloads }: Config): readonly string[] =>
  Object.entries(workloads).flatMap(([id, { edge }]) => (edge.strategy === 'key-value' ? [id] : []));

/** Whose turn it is at a moment (milliseconds since the Unix epoch): a fleet is spread over the four hours. */
export function dueWorkloads(config: Config, at: number): readonly string[] {
  const turn = Math.floor(at / (SPREAD_TICK_MINUTES * 60_000)) % TURNS;
  return measuredWorkloads(config).filter((_, index) => index % TURNS === turn);
}
