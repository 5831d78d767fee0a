import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { BlobService } from './blob-service.ts';
import type { MoverTask } from './mover-process.ts';
import type { MySql } from './mysql.ts';

/** A process that is started again a moment after each kill, as systemd and Kubernetes do. */
export class Kept {
  private child: ChildProcess | null = null;
  private readonly begin: () => ChildProcess;
  private ends = false;

  constructor(begin: () => ChildProcess) {
    this.begin = begin;
    void this.keep();
  }

  private async keep(): Promise<void> {
    while (!this.ends) {
      this.child = this.begin();
      await once(this.child, 'close');
      await wait(200);
    }
  }

  kill(): Promise<void> {
    this.child?.kill('SIGKILL');
    return Promise.resolve();
  }

  async end(): Promise<void> {
    this.ends = true;
    await this.kill();
    if (this.child?.exitCode === null && this.child.signalCode === null) await once(this.child, 'close');
  }
}

/** A function, because the compiler does not know that a listener changes it meanwhile. */
const isOver = (client: { readonly ended: boolean }, signal: AbortSignal): boolean =>
  client.ended || signal.aborted;

/** Writes numbers, one a commit, and notes when each was acknowledged. What was not acknowledged may be there or not. */
export async function writeNumbers(
  primary: MySql,
  acknowledged: Map<number, number>,
  signal: AbortSignal,
): Promise<void> {
  for (let number = 1; !signal.aborted;) {
    const client = spawn(
      'mysql',
      [
        '--no-defaults',
        `--socket=${join(primary.folder, 's')}`,
        '--user=root',
        '--batch',
        '-N',
        '--unbuffered',
        'app',
      ],
      // The tests' own environment is a copy, which a child gets only if it is handed over.
      { stdio: ['pipe', 'pipe', 'ignore'], env: { ...process.env } },
    );
    client.stdin.on('error', () => undefined);
    const state = { ended: false as boolean };
    let heard = (): void => undefined;
    const listen = (): void => heard();
    client.stdout.on('data', listen);
    client.once('close', () => {
      state.ended = true;
      listen();
    });
    while (!isOver(state, signal)) {
      client.stdin.write(`INSERT INTO numbers (n) VALUES (${number}); SELECT ${number};\n`);
      await new Promise<void>((resolve) => {
        heard = resolve;
        if (state.ended) resolve();
      });
      if (!state.ended) acknowledged.set(number, Date.now());
      number += 1;
      await wait(3);
    }
    client.kill('SIGKILL');
    await wait(100);
  }
}

/** A command of the mover as a process that is kept; what it logs goes into a file in its folder. */
export function keepMover(blobs: BlobService, task: MoverTask): Kept {
  mkdirSync(task.work, { recursive: true });
  const errors = openSync(`${task.work}.log`, 'a');
  const program = join(import.meta.dirname, 'mover-process.ts');
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: blobs.certificate };
  return new Kept(() =>
    spawn(process.execPath, [program, JSON.stringify(task)], { stdio: ['ignore', 'ignore', errors], env }),
  );
}
