import type { JournalEntry } from '../world/journal.ts';
import { entryText, type Dress } from './text.ts';

/** How long a paced drill takes on a person's clock. Milliseconds. */
const PACED_MS = 20_000;

/**
 * How long to wait before each entry, so that a run of twenty minutes is told in twenty seconds. Long waits shrink more
 * than short ones: the order stays readable and nobody watches Azure build.
 */
export function paceOf(entries: readonly JournalEntry[], totalMs: number): readonly number[] {
  const weights = entries.map((entry, i) =>
    Math.sqrt(Math.max(0, entry.at - (entries[i - 1]?.at ?? entry.at))),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => (sum === 0 ? 0 : (weight / sum) * totalMs));
}

/** Tells the run line by line at a person's pace; in real time, after the virtual run is over. */
export async function replay(
  entries: readonly JournalEntry[],
  options: {
    readonly faultAt: number;
    readonly dress: Dress;
    readonly write: (line: string) => void;
    readonly fast: boolean;
  },
): Promise<void> {
  const waits = paceOf(entries, PACED_MS);
  for (const [i, entry] of entries.entries()) {
    const wait = waits[i] ?? 0;
    if (!options.fast && wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    options.write(entryText(entry, options.faultAt, options.dress));
  }
}
