import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { answerSchema, type HandoverAnswer } from '../../core/data/handover.ts';
import type { Beat } from '../../core/data/journal.ts';
import { answerBlob, requestBlob } from '../../core/data/layout.ts';
import { SeededRandom } from '../../drill/random.ts';
import { newestBeat } from '../../mover/store/journal.ts';
import { startBlobService, type BlobService } from './helpers/blob-service.ts';
import { type Kept, keepMover, writeNumbers } from './helpers/killing.ts';
import { describeMover, moverPath, startMySql, type MySql } from './helpers/mysql.ts';

/*
 * Goal: what a beat called whole is on the standby after a night from which the primary does not come back; in order, once, and nothing
 * that the primary never had.
 * Method: a client writes numbers, a commit each; primary and shipper are killed for good, the applier and the store now and then; the
 * hand-over is asked for. Then the primary is looked at once more, as nobody can on such a night.
 */

/** MOVER_NIGHTS makes more of them. */
const NIGHTS = Number(process.env['MOVER_NIGHTS'] ?? '2');
const SEED = Number(process.env['MOVER_NIGHT_SEED'] ?? '1');

/** What a night came to. */
interface Night {
  readonly beat: Beat;
  readonly answer: Extract<HandoverAnswer, { outcome: 'open' }>;
  /** Numbers on the standby and on the primary, in the order of their rows. */
  readonly standby: readonly number[];
  readonly primary: readonly number[];
  /** When the client was told of each number; milliseconds since the Unix epoch. */
  readonly acknowledged: ReadonlyMap<number, number>;
}

describeMover('a night from which the primary does not come back', () => {
  let blobs: BlobService;
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-nights-'));
  const kept: Kept[] = [];
  const servers: MySql[] = [];

  beforeAll(async () => {
    process.env['PATH'] = moverPath;
    blobs = await startBlobService();
  }, 60_000);

  afterEach(async () => {
    await Promise.all(kept.splice(0).map((one) => one.end()));
    await Promise.all(servers.splice(0).map((one) => one.stop()));
  }, 30_000);

  afterAll(async () => {
    await blobs.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function untilThere<T>(read: () => Promise<T | null>, what: string): Promise<T> {
    for (const limit = Date.now() + 60_000; Date.now() < limit;) {
      // The store may be away.
      const found = await read().catch(() => null);
      if (found !== null) return found;
      await wait(200);
    }
    throw new Error(`${what} did not come within 60 s`);
  }

  async function readAnswer(workload: string): Promise<HandoverAnswer | null> {
    const text = await blobs.store.handover.readText(answerBlob(workload, 'run-1'));
    return text === null ? null : answerSchema.parse(JSON.parse(text));
  }

  const numbersOf = (server: MySql): number[] =>
    server.root('SELECT n FROM app.numbers ORDER BY id').split('\n').filter(Boolean).map(Number);

  async function live(workload: string, random: SeededRandom): Promise<Night> {
    const [primary, standby] = await Promise.all([startMySql('primary'), startMySql('standby')]);
    servers.push(primary, standby);
    primary.root(
      'CREATE DATABASE app; CREATE TABLE app.numbers (id INT PRIMARY KEY AUTO_INCREMENT, n INT NOT NULL)',
    );
    const keep = (command: 'ship' | 'apply', { login }: MySql): Kept => {
      const work = join(folder, `${workload}-${command}`);
      const one = keepMover(blobs, { command, url: blobs.url, login, workload, work });
      kept.push(one);
      return one;
    };
    const shipper = keep('ship', primary);
    const acknowledged = new Map<number, number>();
    const stop = new AbortController();
    const writing = writeNumbers(primary, acknowledged, stop.signal);
    const applier = keep('apply', standby);
    const beatOf = (): Promise<Beat | null> => newestBeat(blobs.store.backups, workload, Date.now());
    await untilThere(async () => ((await beatOf())?.log ? true : null), 'a beat of a whole log');
    await wait(random.between(500, 3_000));
    if (random.next() < 0.5) await applier.kill();
    // The Region goes: the database at one moment, the shipper at another, the store may be away for the applier as well.
    const gone = [
      wait(random.between(0, 800)).then(() => primary.kill('SIGKILL')),
      wait(random.between(0, 800)).then(() => shipper.end()),
    ];
    await Promise.all(gone);
    stop.abort();
    await writing;
    const beat = await untilThere(beatOf, 'the last beat');
    const request = { correlationId: 'run-1', execution: 'test', askedAt: new Date().toISOString() };
    await blobs.store.handover.add(
      requestBlob(workload, 'run-1'),
      JSON.stringify({ schemaVersion: 1, ...request }),
    );
    await wait(random.between(0, 1_500));
    if (random.next() < 0.5) await applier.kill();
    if (random.next() < 0.5) {
      await blobs.pause('SIGTERM');
      await wait(random.between(0, 1_000));
      await blobs.again();
    }
    const answer = await untilThere(() => readAnswer(workload), 'the answer');
    if (answer.outcome !== 'open') throw new Error(`it failed: ${answer.code}: ${answer.detail}`);
    await primary.again();
    return { beat, answer, acknowledged, standby: numbersOf(standby), primary: numbersOf(primary) };
  }

  it.each(Array.from({ length: NIGHTS }, (_, index) => SEED + index))(
    'leaves everything that a beat called whole, in order, once, and nothing else (seed %i)',
    async (seed) => {
      const night = await live(`night${seed}`, new SeededRandom(seed));
      const whole = Date.parse(night.beat.log?.wholeUntil ?? '');
      const reached = Date.parse(night.answer.appliedUntil ?? '');
      const there = new Set(night.standby);
      const by = (moment: number): number[] =>
        [...night.acknowledged]
          .filter(([number, at]) => at < moment && !there.has(number))
          .map(([number]) => number);
      process.stderr.write(
        `night ${seed}: writes ${night.acknowledged.size}, lost of the whole ${by(whole).length}, lost since ${by(Infinity).length}, doubled ${night.standby.length - there.size}\n`,
      );
      expect(by(whole)).toEqual([]);
      expect(by(reached)).toEqual([]);
      expect(reached).toBeGreaterThanOrEqual(whole);
      expect(night.standby).toEqual(night.primary.slice(0, night.standby.length));
      expect(there.size).toBe(night.standby.length);
      expect(night.standby.length).toBeGreaterThan(20);
    },
    150_000,
  );
});
