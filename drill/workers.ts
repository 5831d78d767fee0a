import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** Takes one job after the other until none is left. */
function work(file: string, jobs: unknown[], done: (answer: unknown) => void): Promise<void> {
  const worker = new Worker(file);
  return new Promise<void>((resolve, reject) => {
    const next = (): void => {
      const job = jobs.shift();
      if (job === undefined) void worker.terminate().then(() => resolve());
      else worker.postMessage(job);
    };
    worker.on('error', reject);
    worker.on('message', (answer: unknown) => {
      done(answer);
      next();
    });
    next();
  });
}

/**
 * Gives jobs to workers of a file, one worker a core; each answers a job with a message, which `read` knows. The results come
 * in no order.
 * @throws what a worker dies of: nothing is told that was not seen.
 */
export async function workThrough<Done>(
  file: string,
  jobs: readonly unknown[],
  read: (answer: unknown) => Done,
): Promise<readonly Done[]> {
  const queue = [...jobs];
  const found: Done[] = [];
  const workers = Math.min(availableParallelism(), queue.length);
  await Promise.all(
    Array.from({ length: workers }, () => work(file, queue, (answer) => found.push(read(answer)))),
  );
  return found;
}
