import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { SeededRandom } from '../../drill/random.ts';
import { newestBeat } from '../../mover/store/journal.ts';
import { startBlobService, type BlobService } from './helpers/blob-service.ts';
import { type Kept, keepMover, writeNumbers } from './helpers/killing.ts';
import type { MoverTask } from './helpers/mover-process.ts';
import { describeMover, moverPath, startMySql, type MySql } from './helpers/mysql.ts';

const WORKLOAD = 'petclinic';
/** Seconds of killing; MOVER_KILL_SECONDS makes it longer. */
const SECONDS = Number(process.env['MOVER_KILL_SECONDS'] ?? '20');
const SEED = Number(process.env['MOVER_KILL_SEED'] ?? '1');

describeMover('the mover, killed again and again', () => {
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
    const one = keepMover(blobs, {
      command,
      url: blobs.url,
      login,
      workload: WORKLOAD,
      work: join(folder, command),
    });
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
      const writing = writeNumbers(primary, acknowledged, stop.signal);
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
          // Killed, this store forgets what it has acknowledged, which no store that people pay for does.
          await blobs.pause('SIGTERM');
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
      // An applier that was killed while it loaded begins anew, and on a busy machine it may not be there yet.
      const isLoaded = (server: MySql): boolean =>
        server.root("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'app'") === '1';
      for (const until = Date.now() + 60_000; Date.now() < until;) {
        await wait(500);
        if (isLoaded(standby) && rowsOf(standby).length === rowsOf(primary).length) break;
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
