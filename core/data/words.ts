/* Times and sizes of the data, for people. */

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

/** Seconds in at most two units, such as `12 s` or `2 h 5 min`. */
export function ageText(seconds: number): string {
  let rest = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
    // A unit that is zero is left out, and ends it all the same: nobody reads days and seconds.
    else if (parts.length > 0) break;
  }
  return parts.slice(0, 2).join(' ') || '0 s';
}

/** A moment (ISO 8601) as `03:11:48 UTC`; with its day where that is not the one of the other moment. */
export function momentText(moment: string, seenFrom: string): string {
  const time = `${moment.slice(11, 19)} UTC`;
  return moment.slice(0, 10) === seenFrom.slice(0, 10) ? time : `${moment.slice(0, 10)} ${time}`;
}

const SIZES = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** Bytes in powers of ten, such as `1.5 MB`. */
export function bytesText(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < SIZES.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : Number(size.toFixed(1))} ${SIZES[unit] ?? ''}`;
}

/** The promise of a planned move, for whoever has to decide. */
export const promiseText = (pageSeconds: number): string =>
  `No acknowledged write is lost. Users see the maintenance page for about ${pageSeconds} s.`;
