/**
 * How soon a dead primary starts a run, how long that run takes to believe it, and how often an ordinary hour starts one:
 * the drill, over many seeds.
 */
import { percentile, playAsExpected, playSeeds } from './many-seeds.ts';

const SEEDS = 200;

export interface DetectionCost {
  readonly seeds: number;
  /** Seconds from the first failed request of a user to the started run, in `region-outage-warm`. */
  readonly started: readonly number[];
  /** Seconds from the started run to its verdict. */
  readonly confirmed: readonly number[];
  /** Seconds from the first look of the run to its verdict. */
  readonly verdict: readonly number[];
  /** Seconds of RTO. */
  readonly rto: readonly number[];
  /** Ordinary hours in which a run was started. */
  readonly falseStarts: number;
}

/** @throws Error where a seed does not go as its scenario expects, but for a run that an ordinary hour has started. */
export async function benchDetection(seeds = SEEDS): Promise<DetectionCost> {
  const dead = await playAsExpected('region-outage-warm', seeds);
  const ordinary = await playSeeds('ordinary-hour', seeds);
  const given = (values: readonly (number | null)[]): readonly number[] =>
    values.flatMap((value) => value ?? []);
  return {
    seeds,
    started: given(dead.map(({ detect }) => detect)),
    confirmed: given(dead.map(({ confirm }) => confirm)),
    verdict: given(dead.map(({ verdict }) => verdict)),
    rto: given(dead.map(({ rto }) => rto)),
    falseStarts: ordinary.filter(({ outcome }) => outcome !== 'NothingStarted').length,
  };
}

export function printDetectionCost(cost: DetectionCost): string {
  const row = (name: string, values: readonly number[]): string =>
    name.padEnd(44) +
    [50, 99, 100].map((percent) => percentile(values, percent).toFixed(1).padStart(10)).join('');
  return (
    [
      `${`seconds, over ${cost.seeds} seeds`.padEnd(44)}${'p50'.padStart(10)}${'p99'.padStart(10)}${'most'.padStart(10)}`,
      row('first failed request to started run', cost.started),
      row('started run to verdict', cost.confirmed),
      row('first look of the run to verdict', cost.verdict),
      row('RTO of region-outage-warm', cost.rto),
      `ordinary hours with a false start`.padEnd(44) + String(cost.falseStarts).padStart(10),
    ].join('\n') + '\n'
  );
}
