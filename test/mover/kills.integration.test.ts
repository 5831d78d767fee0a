import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { SeededRandom } from '../../drill/random.ts';
import { newestBeat } from '../../mover/store/journal.ts';
import { startBlobService, type BlobService } from './helpers/blob-service.ts';
import type { MoverTask } from './helpers/mover-process.ts';
import { moverMissing, moverPath, startMySql, type MySql } from './helpers/mysql.ts';

const WORKLOAD = 'petclinic';
/** Seconds of killing; MOVER_KILL_SECONDS makes it longer. */
const SECONDS = Number(process.env['MOVER_KILL_SECONDS'] ?? '20');
const SEED = Number(process.env['MOVER_KILL_SEED'] ?? '1');

const orSkip = moverMissing === undefined ? describe : describe.skip;

/** A process that is started again a moment after each kill, as systemd and Kubernetes do. */
class Kept {
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
async function write(primary: MySql, acknowledged: Map<number, number>, signal: AbortSignal): Promise<void> {
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

orSkip('the mover, killed again and again', () => {
  const kept: Kept[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-kills-'));
  let blobs: BlobService;
  let primary: MySql;
  let standby: MySql;

  beforeAll(async () => {
    process.env['PATH'] = moverPath;
    [blobs, primary, standby] = await Promise.all([
      startBlobService(),
      startMySql('primary'),
      startMySql('standby'),
    ]);
    primary.root(
      'CREATE DATABASE app; CREATE TABLE app.numbers (id INT PRIMARY KEY AUTO_INCREMENT, n INT NOT NULL)',
    );
  }, 120_000);

  afterAll(async () => {
    await Promise.all(kept.map((one) => one.end()));
    await Promise.all([blobs.stop(), primary.stop(), standby.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const keep = (command: MoverTask['command'], login: MySql['login']): Kept => {
    const errors = openSync(join(folder, `${command}.log`), 'a');
    const task: MoverTask = {
      command,
      url: blobs.url,
      login,
      workload: WORKLOAD,
      work: join(folder, command),
    };
    const program = join(import.meta.dirname, 'helpers/mover-process.ts');
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: blobs.certificate };
    const one = new Kept(() =>
      spawn(process.execPath, [program, JSON.stringify(task)], { stdio: ['ignore', 'ignore', errors], env }),
    );
    kept.push(one);
    return one;
  };

  it(
    'loses nothing that a beat called whole, doubles nothing, and keeps the order',
    async () => {
      const random = new SeededRandom(SEED);
      const shipper = keep('ship', primary.login);
      const acknowledged = new Map<number, number>();
      const stop = new AbortController();
      const writing = write(primary, acknowledged, stop.signal);
      await wait(4_000);
      const applier = keep('apply', standby.login);
      const bounce = async (server: MySql): Promise<void> => {
        await server.kill('SIGKILL');
        await wait(random.between(0, 1_500));
        await server.again();
      };
      const victims: (() => Promise<void>)[] = [
        () => shipper.kill(),
        () => applier.kill(),
        () => shipper.kill(),
        () => applier.kill(),
        () => bounce(primary),
        () => bounce(standby),
        async () => {
          await blobs.pause();
          await wait(random.between(0, 2_000));
          await blobs.again();
        },
      ];
      let kills = 0;
      for (const until = Date.now() + SECONDS * 1_000; Date.now() < until; kills += 1) {
        await wait(random.between(200, 2_500));
        await victims[Math.floor(random.between(0, victims.length))]?.();
      }
      stop.abort();
      await writing;
      const last = Math.max(...acknowledged.values());
      for (const until = Date.now() + 60_000; Date.now() < until;) {
        await wait(500);
        const beat = await newestBeat(blobs.store.backups, WORKLOAD, Date.now()).catch(() => null);
        if (Date.parse(beat?.log?.wholeUntil ?? '') > last) break;
      }
      const rowsOf = (server: MySql): number[] =>
        server.root('SELECT n FROM app.numbers ORDER BY id').split('\n').map(Number);
      for (const until = Date.now() + 60_000; Date.now() < until;) {
        await wait(500);
        if (rowsOf(standby).length === rowsOf(primary).length) break;
      }
      await Promise.all([shipper.end(), applier.end()]);
      const there = rowsOf(standby);
      const lost = [...acknowledged.keys()].filter((number) => !there.includes(number));
      const doubled = there.length - new Set(there).size;
      process.stderr.write(
        `kills ${kills}, writes ${acknowledged.size}, lost ${lost.length}, doubled ${doubled}\n`,
      );
      expect(lost).toEqual([]);
      expect(doubled).toBe(0);
      expect(there).toEqual(rowsOf(primary));
      expect(acknowledged.size).toBeGreaterThan(100);
    },
    (SECONDS + 180) * 1_000,
  );
});
