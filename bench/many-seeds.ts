import path from 'node:path';
import { workThrough } from '../drill/workers.ts';
import type { SeedJob, SeedResult } from './seed-worker.ts';

/** Plays a scenario with many seeds. The results stand in the order of the seeds. */
export async function playSeeds(
  scenario: string,
  seeds: number,
  changes: Omit<SeedJob, 'scenario' | 'seed'> = {},
): Promise<readonly SeedResult[]> {
  const jobs = Array.from({ length: seeds }, (_, index): SeedJob => ({
    ...changes,
    scenario,
    seed: index + 1,
  }));
  const file = path.join(import.meta.dirname, 'seed-worker.ts');
  const results = await workThrough(file, jobs, (answer) => answer as SeedResult);
  return results.toSorted((one, other) => one.seed - other.seed);
}

/** The same, where every seed has to go as its scenario expects. @throws Error naming those that do not */
export async function playAsExpected(
  scenario: string,
  seeds: number,
  changes: Omit<SeedJob, 'scenario' | 'seed'> = {},
): Promise<readonly SeedResult[]> {
  const played = await playSeeds(scenario, seeds, changes);
  const wrong = played.filter(({ unexpected }) => unexpected.length > 0);
  if (wrong.length === 0) return played;
  const told = wrong.map(({ seed, unexpected }) => `${seed} (${unexpected.join('; ')})`);
  throw new Error(`${scenario} did not go as expected with seed ${told.join(', ')}`);
}

/** The value below which so many percent of the values lie. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}
