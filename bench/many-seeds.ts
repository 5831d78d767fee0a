import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { SeedJob, SeedResult } from './seed-worker.ts';

/** Plays a scenario with many seeds, one worker a core. @throws Error where one does not go as expected. */
export async function playSeeds(scenario: string, seeds: number): Promise<readonly SeedResult[]> {
  const jobs = Array.from({ length: seeds }, (_, index): SeedJob => ({ scenario, seed: index + 1 }));
  const results: SeedResult[] = [];
  const workers = Math.min(availableParallelism(), jobs.length);
  await Promise.all(Array.from({ length: workers }, () => work(jobs, (result) => results.push(result))));
  return results.toSorted((one, other) => one.seed - other.seed);
}

function work(jobs: SeedJob[], done: (result: SeedResult) => void): Promise<void> {
  const worker = new Worker(path.join(import.meta.dirname, 'seed-worker.ts'));
  return new Promise<void>((resolve, reject) => {
    const next = (): void => {
      const job = jobs.shift();
      if (job === undefined) void worker.terminate().then(() => resolve());
      else worker.postMessage(job);
    };
    worker.on('error', reject);
    worker.on('message', (result: SeedResult) => {
      done(result);
      next();
    });
    next();
  });
}

/** The value below which so many percent of the values lie. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}
