/** How long each tier takes to serve again after its Region has died, against what cannot be avoided: the drill, over many seeds. */
import { percentile, playAsExpected } from './many-seeds.ts';

const SEEDS = 100;

/** A scenario for each tier, and one in which the primary's door keeps writes out. */
const SCENARIOS = [
  'region-outage',
  'region-outage-parked',
  'region-outage-warm',
  'external',
  'fence-at-the-door',
] as const;

export interface TierCost {
  readonly scenario: string;
  readonly seeds: number;
  /** Seconds of RTO, and the seconds of it that cannot be avoided. */
  readonly rto: readonly number[];
  readonly limit: readonly number[];
  readonly splitBrainWrites: number;
}

/** @throws Error where a seed does not go as its scenario expects. */
export async function benchTiers(seeds = SEEDS): Promise<readonly TierCost[]> {
  const costs: TierCost[] = [];
  for (const scenario of SCENARIOS) {
    const played = await playAsExpected(scenario, seeds);
    costs.push({
      ...{ scenario, seeds },
      rto: played.flatMap(({ rto }) => rto ?? []),
      limit: played.flatMap(({ limit }) => limit ?? []),
      splitBrainWrites: played.reduce((sum, one) => sum + one.splitBrainWrites, 0),
    });
  }
  return costs;
}

export function printTierCosts(costs: readonly TierCost[]): string {
  const cell = (text: string): string => text.padStart(12);
  const rows = costs.map(({ scenario, seeds, rto, limit, splitBrainWrites }) =>
    [
      `${scenario}, ${seeds} seeds`.padEnd(36),
      ...[50, 99].map((percent) => cell(percentile(rto, percent).toFixed(1))),
      cell(percentile(limit, 50).toFixed(1)),
      cell((percentile(rto, 50) / percentile(limit, 50)).toFixed(2)),
      cell(String(splitBrainWrites)),
    ].join(''),
  );
  const head = ['RTO p50, s', 'p99, s', 'limit p50', 'ratio', 'split-brain'].map(cell).join('');
  return `${''.padEnd(36)}${head}\n${rows.join('\n')}\n`;
}
