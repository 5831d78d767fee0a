import * as z from 'zod';
import { countLooks, subjects, type Round } from './round.ts';

/*
 * The last hour at a glance: for each minute the share of looks that failed. It is for people and programs that ask how the
 * site is; nothing is decided by it.
 */

const MINUTE_MS = 60_000;
/** Minutes that are kept, the current one included. */
export const HOUR_MINUTES = 60;

/** Nobody looked in that minute. */
const BLANK = '-';
/** Shares are kept in so many steps, none of them for a minute without a failed look. */
const STEPS = 9;

export const hourSchema = z.object({
  /** The current minute, since the Unix epoch. */
  minute: z.number(),
  bad: z.number(),
  all: z.number(),
  /** One character for each minute before it, oldest first: `0` no look failed, `9` all did, `-` nobody looked. */
  before: z.string().max(HOUR_MINUTES - 1),
});
export type Hour = z.infer<typeof hourSchema>;

const minuteOf = (at: number): number => Math.floor(at / MINUTE_MS);

export const noHour = (at: number): Hour => ({ minute: minuteOf(at), bad: 0, all: 0, before: '' });

const markOf = ({ bad, all }: { readonly bad: number; readonly all: number }): string =>
  all === 0 ? BLANK : String(Math.ceil((STEPS * bad) / all));

/** The hour at a later moment: what lies between is blank. */
function upTo(hour: Hour, minute: number): Hour {
  const passed = minute - hour.minute;
  if (passed <= 0) return hour;
  const before = hour.before + markOf(hour) + BLANK.repeat(Math.min(passed - 1, HOUR_MINUTES));
  return { minute, bad: 0, all: 0, before: before.slice(1 - HOUR_MINUTES) };
}

/** Adds what was seen in one round, at the primary's door and through the edge. */
export function withLooks(hour: Hour, round: Round): Hour {
  const known = upTo(hour, minuteOf(round.at));
  const counts = subjects.map((subject) => countLooks([round], subject));
  return {
    ...known,
    bad: known.bad + counts.reduce((sum, { bad }) => sum + bad, 0),
    all: known.all + counts.reduce((sum, { all }) => sum + all, 0),
  };
}

/** One minute of the last hour. */
export interface MinuteView {
  /** When it began; milliseconds since the Unix epoch. */
  readonly at: number;
  /** Percent of the looks that failed, in steps of about eleven; null where nobody looked. */
  readonly failingPercent: number | null;
}

/** The last hour, oldest minute first, the current one last. */
export function minutesOf(hour: Hour, now: number): readonly MinuteView[] {
  const current = upTo(hour, minuteOf(now));
  const marks = (current.before + markOf(current)).padStart(HOUR_MINUTES, BLANK);
  return Array.from({ length: HOUR_MINUTES }, (_, index) => {
    const mark = marks.charAt(index);
    return {
      at: (current.minute - HOUR_MINUTES + 1 + index) * MINUTE_MS,
      failingPercent: mark === BLANK ? null : Math.round((100 * Number(mark)) / STEPS),
    };
  });
}
