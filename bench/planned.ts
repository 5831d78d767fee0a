/** How long users see the page of a planned move, and that it loses nothing: the drill, over many seeds. */
import { percentile, playAsExpected } from './many-seeds.ts';

const SEEDS = 100;

/** With the shield alone, behind the fence, to a standby that is built for it, and one that has to go home. */
const SCENARIOS = ['planned', 'planned-at-the-door', 'planned-cold', 'planned-data-late'] as const;

export interface PlannedCost {
  readonly scenario: string;
  readonly seeds: number;
  /** From the write of the page to the first user who was served again. Seconds. */
  readonly page: readonly number[];
  /** Seconds in which fewer than half of the users' requests were served. */
  readonly down: readonly number[];
  readonly writesLost: number;
  readonly splitBrainWrites: number;
}

/** @throws Error where a seed does not go as its scenario expects. */
export async function benchPlanned(seeds = SEEDS): Promise<readonly PlannedCost[]> {
  const costs: PlannedCost[] = [];
  for (const scenario of SCENARIOS) {
    const played = await playAsExpected(scenario, seeds);
    costs.push({
      ...{ scenario, seeds },
      page: played.flatMap(({ page }) => page ?? []),
      down: played.map(({ down }) => down),
      writesLost: played.reduce((sum, one) => sum + one.writesLost, 0),
      splitBrainWrites: played.reduce((sum, one) => sum + one.splitBrainWrites, 0),
    });
  }
  return costs;
}

export function printPlannedCosts(costs: readonly PlannedCost[]): string {
  const cell = (text: string): string => text.padStart(13);
  const rows = costs.map(({ scenario, seeds, page, down, writesLost, splitBrainWrites }) =>
    [
      `${scenario}, ${seeds} seeds`.padEnd(36),
      ...[50, 99].map((percent) => cell(percentile(page, percent).toFixed(1))),
      ...[50, 99].map((percent) => cell(percentile(down, percent).toFixed(0))),
      cell(String(writesLost)),
      cell(String(splitBrainWrites)),
    ].join(''),
  );
  const head = ['page p50, s', 'p99, s', 'down p50, s', 'p99, s', 'writes lost', 'split-brain']
    .map(cell)
    .join('');
  return `${''.padEnd(36)}${head}\n${rows.join('\n')}\n`;
}
