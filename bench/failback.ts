/** How long users see the page on the way home, by the size of the database, and that nothing is lost: the drill, over many seeds. */
import { percentile, playAsExpected } from './many-seeds.ts';

const SEEDS = 100;
const SCENARIO = 'failback';
/** Bytes of the database as plain text of a dump. */
const SIZES = [200_000_000, 2_000_000_000, 10_000_000_000] as const;
const GB = 1_000_000_000;

export interface FailbackCost {
  readonly databaseBytes: number;
  readonly seeds: number;
  /** From the write of the page to the first user who was served again. Seconds. */
  readonly page: readonly number[];
  readonly writesLost: number;
  readonly splitBrainWrites: number;
}

/** @throws Error where a seed does not go as its scenario expects. */
export async function benchFailback(seeds = SEEDS): Promise<readonly FailbackCost[]> {
  const costs: FailbackCost[] = [];
  for (const databaseBytes of SIZES) {
    const played = await playAsExpected(SCENARIO, seeds, { databaseBytes });
    costs.push({
      ...{ databaseBytes, seeds },
      page: played.flatMap(({ page }) => page ?? []),
      writesLost: played.reduce((sum, one) => sum + one.writesLost, 0),
      splitBrainWrites: played.reduce((sum, one) => sum + one.splitBrainWrites, 0),
    });
  }
  return costs;
}

export function printFailbackCosts(costs: readonly FailbackCost[]): string {
  const cell = (text: string): string => text.padStart(13);
  const rows = costs.map(({ databaseBytes, seeds, page, writesLost, splitBrainWrites }) =>
    [
      `${SCENARIO}, ${databaseBytes / GB} GB, ${seeds} seeds`.padEnd(36),
      ...[50, 99].map((percent) => cell(percentile(page, percent).toFixed(1))),
      cell(String(writesLost)),
      cell(String(splitBrainWrites)),
    ].join(''),
  );
  const head = ['page p50, s', 'p99, s', 'writes lost', 'split-brain'].map(cell).join('');
  return `${''.padEnd(36)}${head}\n${rows.join('\n')}\n`;
}
