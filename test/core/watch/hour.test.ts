import { hourSchema, minutesOf, noHour, withLooks, type Hour } from '../../../core/watch/hour.ts';
import type { Round } from '../../../core/watch/round.ts';

/* Goal: the last hour is told minute by minute as it was, and a minute in which nobody looked is not told as a good one. */

/** 2026-03-02T10:00:00.000Z, the beginning of a minute. */
const START = 1_772_445_600_000;
const MINUTE = 60_000;

/** A round in which so many of three places see the door bad, and so many the site through the edge. */
function round(at: number, door = 0, edge = 0): Round {
  const seen = (bad: number) => ({ a: bad < 1, b: bad < 2, c: bad < 3 });
  return { at, primary: seen(door), edge: seen(edge), elsewhere: {} };
}
const lived = (...rounds: readonly Round[]): Hour => rounds.reduce(withLooks, noHour(START));
const shares = (hour: Hour, now: number): (number | null)[] =>
  minutesOf(hour, now).map(({ failingPercent }) => failingPercent);

describe('the last hour', () => {
  it('is sixty minutes, of which nobody saw any where nobody looked', () => {
    const minutes = minutesOf(noHour(START), START);
    expect(minutes).toHaveLength(60);
    expect(minutes[0]).toEqual({ at: START - 59 * MINUTE, failingPercent: null });
    expect(minutes[59]).toEqual({ at: START, failingPercent: null });
    expect(new Set(minutes.map(({ failingPercent }) => failingPercent))).toEqual(new Set([null]));
  });

  it('ends with the minute that goes on', () => {
    const hour = lived(round(START + 1_000, 3, 3), round(START + 11_000));
    expect(minutesOf(hour, START + 59_999).at(-1)).toEqual({ at: START, failingPercent: 56 });
    expect(minutesOf(hour, START + MINUTE).slice(-2)).toEqual([
      { at: START, failingPercent: 56 },
      { at: START + MINUTE, failingPercent: null },
    ]);
  });

  it.each([
    ['no look failed', 0, 0, 0],
    ['one of six failed', 1, 0, 22],
    ['the door failed and users were served', 3, 0, 56],
    ['all failed', 3, 3, 100],
  ])('shows the share of looks that failed, on both ways: %s', (_, door, edge, percent) => {
    expect(shares(lived(round(START, door, edge)), START).at(-1)).toBe(percent);
  });

  it('never shows a failed look as none', () => {
    const good = Array.from({ length: 200 }, (_, n) => round(START + n * 100));
    expect(shares(lived(...good), START).at(-1)).toBe(0);
    expect(shares(lived(...good, round(START + 30_000, 1)), START).at(-1)).toBe(11);
  });

  it('knows each minute apart from its neighbours', () => {
    const hour = lived(round(START, 3, 3), round(START + MINUTE), round(START + 2 * MINUTE, 3, 3));
    expect(shares(hour, START + 2 * MINUTE).slice(-4)).toEqual([null, 100, 0, 100]);
  });

  it('leaves the minutes in which nobody looked open', () => {
    const hour = lived(round(START), round(START + 3 * MINUTE));
    expect(shares(hour, START + 3 * MINUTE).slice(-4)).toEqual([0, null, null, 0]);
    expect(shares(hour, START + 5 * MINUTE).slice(-3)).toEqual([0, null, null]);
  });

  it('counts no look that saw nothing', () => {
    const nothing: Round = { at: START, primary: {}, edge: {}, elsewhere: { a: 'maintenance' } };
    expect(shares(lived(nothing), START).at(-1)).toBeNull();
  });

  it.each([
    [59, 100],
    [60, null],
  ])('forgets what is older than an hour: after %d min the first one shows %p', (minutes, shown) => {
    const hour = lived(round(START, 3, 3), round(START + minutes * MINUTE));
    expect(shares(hour, START + minutes * MINUTE)[0]).toBe(shown);
  });

  it('takes a look that comes late for one of the minute that goes on', () => {
    const hour = lived(round(START + MINUTE), round(START + MINUTE - 5, 3, 3));
    expect(shares(hour, START + MINUTE).slice(-2)).toEqual([null, 56]);
  });

  it('stays small, and is read back, after a day without a look', () => {
    const day = lived(
      ...Array.from({ length: 120 }, (_, n) => round(START + n * MINUTE)),
      round(START + 1_440 * MINUTE),
    );
    expect(day.before).toBe('-'.repeat(59));
    expect(hourSchema.safeParse(day).success).toBe(true);
    expect(hourSchema.safeParse({ ...day, before: '-'.repeat(60) }).success).toBe(false);
  });
});
