/**
 * What the mover costs, on a real MySQL and a real blob service of this machine: `npm run bench:mover`, and with `-- --home` what the way
 * home takes. Everything that is compared is measured in this one run. It needs MySQL's own programs: scripts/mysql-for-tests.sh node_modules/.cache/mysql.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stdout } from 'node:process';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { apply } from '../mover/apply/apply.ts';
import type { Applied } from '../mover/apply/told.ts';
import { writeOptionFile } from '../mover/database/login.ts';
import { start } from '../mover/database/programs.ts';
import { dump } from '../mover/dump/dump.ts';
import { ship } from '../mover/ship/ship.ts';
import { newestBeat } from '../mover/store/journal.ts';
import { startBlobService } from '../test/mover/helpers/blob-service.ts';
import { MoverBench } from '../test/mover/helpers/mover.ts';
import { moverMissing, moverPath, startMySql, type MySql } from '../test/mover/helpers/mysql.ts';
import { benchHome } from './mover-home.ts';

const WORKLOAD = 'bench';
/** Megabytes of rows. `--mb 2000 --dump-only` is the measure of the memory. */
const MB = Number(process.argv[process.argv.indexOf('--mb') + 1] ?? '') || 200;
const EVERY_SECONDS = 2;
const quiet = { info: () => undefined, warn: () => undefined };

if (moverMissing !== undefined) throw new Error(moverMissing);
process.env['PATH'] = moverPath;

const blobs = await startBlobService();
const [primary, standby] = await Promise.all([
  startMySql('primary', ['--innodb-flush-log-at-trx-commit=1', '--sync-binlog=1']),
  startMySql('standby'),
]);
const folder = mkdtempSync(path.join(tmpdir(), 'pilotlight-bench-'));
const from = writeOptionFile(primary.login).path;
const to = writeOptionFile(standby.login).path;
const say = (text: string): boolean => stdout.write(`${text}\n`);
const common = {
  workload: WORKLOAD,
  jobs: 4,
  now: () => Date.now(),
  sleep: (ms: number) => wait(ms).then(() => undefined),
  log: quiet,
};

function fill(): void {
  primary.root(
    `CREATE DATABASE app; USE app; SET cte_max_recursion_depth = 2000000; SET SESSION binlog_row_image = FULL;
     CREATE TABLE writes (id BIGINT PRIMARY KEY AUTO_INCREMENT, at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3), text VARCHAR(200));`,
  );
  for (let table = 1; table <= 4; table += 1) {
    primary.root(
      `USE app; SET cte_max_recursion_depth = 2000000; CREATE TABLE part${table} (id INT PRIMARY KEY, a VARCHAR(40), b VARCHAR(260));
       INSERT INTO part${table} WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < ${Math.round((MB * 1e6) / 4 / 300)})
       SELECT i, LEFT(SHA2(i, 256), 40), CONCAT(SHA2(i, 256), SHA2(i + 7, 256), REPEAT(CHAR(97 + i % 26), 100)) FROM n;`,
    );
  }
}

/** Peak of this process's memory in MB while something runs. */
async function peakMemory<T>(run: () => Promise<T>): Promise<{ value: T; megabytes: number }> {
  let peak = 0;
  const look = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 50);
  try {
    return { value: await run(), megabytes: Math.round(peak / 1e6) };
  } finally {
    clearInterval(look);
  }
}

const timed = async (run: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await run();
  return (performance.now() - began) / 1000;
};

/** `mysqldump | gzip`, and back: what people have without the mover. */
async function plainDump(file: string): Promise<void> {
  const running = start('mysqldump', from, [
    '--single-transaction',
    '--quick',
    '--no-tablespaces',
    '--set-gtid-purged=OFF',
    '--column-statistics=0',
    'app',
  ]);
  await pipeline(running.output, createGzip(), createWriteStream(file));
  if ((await running.ended) !== 0) throw new Error(running.errors());
}
async function plainLoad(file: string, target: MySql): Promise<void> {
  target.root('CREATE DATABASE plain');
  const running = start('mysql', to, ['plain']);
  running.output.resume();
  await pipeline(createReadStream(file), createGunzip(), running.child.stdin);
  if ((await running.ended) !== 0) throw new Error(running.errors());
}

/** A client that commits one row at a time, so many a second. */
function writer(perSecond: number, seconds: number): ChildProcess {
  const client = spawn('mysql', [
    '--no-defaults',
    `--socket=${path.join(primary.folder, 's')}`,
    '--user=root',
    'app',
  ]);
  void (async () => {
    const began = performance.now();
    for (let sent = 0; sent < perSecond * seconds;) {
      const due = Math.min(perSecond * seconds, Math.floor(((performance.now() - began) / 1000) * perSecond));
      for (; sent < due; sent += 1)
        client.stdin.write("INSERT INTO writes (text) VALUES (REPEAT('w', 120));\n");
      await wait(5);
    }
    client.stdin.end();
  })();
  return client;
}

/** From the commit to the moment at which the store has it, for each row: the store is looked at every 50 ms, by its length. */
async function latencies(perSecond: number, seconds: number): Promise<number[]> {
  const seen: { at: number; rows: number }[] = [];
  const since = primary.root('SELECT COALESCE(MAX(id), 0) FROM app.writes');
  const client = writer(perSecond, seconds);
  let endedAt = Number.POSITIVE_INFINITY;
  void once(client, 'close').then(() => {
    endedAt = Date.now();
  });
  for (let whole = 0; whole <= endedAt;) {
    await wait(50);
    const beat = await newestBeat(blobs.store.backups, WORKLOAD, Date.now());
    const until = Date.parse(beat?.log?.wholeUntil ?? '') || 0;
    if (until !== whole) seen.push({ at: Date.now(), rows: until });
    whole = until;
  }
  const commits = primary
    .root(`SELECT ROUND(UNIX_TIMESTAMP(at) * 1000) FROM app.writes WHERE id > ${since}`)
    .split('\n')
    .map(Number);
  return commits
    .map((at) => (seen.find((one) => one.rows >= at)?.at ?? Number.NaN) - at)
    .sort((a, b) => a - b);
}

const quantile = (sorted: readonly number[], share: number): string =>
  ((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN) / 1000).toFixed(2);

const stop = new AbortController();

const shipLog = (): Promise<void> =>
  ship(
    {
      ...common,
      optionFile: from,
      everySeconds: EVERY_SECONDS,
      work: path.join(folder, 'ship'),
      spoolMax: 1e10,
      backups: blobs.store.backups,
      makeDump: () => Promise.resolve(),
    },
    stop.signal,
  );

const applyAll = (): Promise<Applied> =>
  apply(
    {
      ...common,
      ...{
        store: blobs.store,
        optionFile: to,
        host: '127.0.0.1',
        work: path.join(folder, 'apply'),
        everySeconds: 2,
      },
      ...{ follow: false, readyFile: null, application: null, dump: null, replace: false, loadOnly: false },
      ...{ correlationId: 'bench', schemaOfV1: 'app', until: null, only: null },
    },
    stop.signal,
  );

async function benchLoad(plainFile: string): Promise<void> {
  const loadSeconds = await timed(applyAll);
  const plainSeconds = await timed(() => plainLoad(plainFile, standby));
  const [ours, plain] = [MB / loadSeconds, MB / plainSeconds].map((rate) => rate.toFixed(0));
  say(
    `load: ${ours} MB/s against gunzip | mysql ${plain} MB/s: ${(plainSeconds / loadSeconds).toFixed(2)} times as fast`,
  );
}

async function benchLatency(perSecond: number): Promise<void> {
  const found = await latencies(perSecond, 20);
  say(
    `commit to the store's beat at ${perSecond}/s, a round each ${EVERY_SECONDS} s: p50 ${quantile(found, 0.5)} s, p99 ${quantile(found, 0.99)} s, ${found.length} commits`,
  );
}

async function benchReplay(): Promise<void> {
  const insert = "INSERT INTO writes (text) VALUES (REPEAT('w', 120))";
  primary.root(
    `USE app;\nDELIMITER //\nCREATE PROCEDURE many() BEGIN DECLARE i INT DEFAULT 0; WHILE i < 20000 DO ${insert}; SET i = i + 1; END WHILE; END//\nDELIMITER ;`,
  );
  primary.root('CALL app.many()');
  await wait(EVERY_SECONDS * 2_000);
  const blobsThere = await blobs.store.backups.list(`${WORKLOAD}/`);
  const log = blobsThere.filter((blob) => blob.name.includes('/log/'));
  const megabytes = log.reduce((sum, blob) => sum + blob.length, 0) / 1e6;
  let transactions = 0;
  const seconds = await timed(async () => {
    transactions = (await applyAll()).transactions;
  });
  say(
    `replay: ${(transactions / seconds).toFixed(0)} transactions/s, ${(megabytes / seconds).toFixed(2)} MB/s of log (${transactions} in ${seconds.toFixed(1)} s)`,
  );
}

async function benchRest(plainFile: string): Promise<void> {
  const shipping = shipLog();
  await benchLoad(plainFile);
  for (const perSecond of [50, 500]) await benchLatency(perSecond);
  await benchReplay();
  stop.abort();
  await shipping;
}

async function benchDay(): Promise<void> {
  const file = path.join(folder, 'plain.sql.gz');
  const plainSeconds = await timed(() => plainDump(file));
  const made = await peakMemory(() =>
    timed(() =>
      dump({
        ...common,
        host: '127.0.0.1',
        optionFile: from,
        checksums: false,
        backups: blobs.store.backups,
      }),
    ),
  );
  const manifest = await blobs.store.backups.list(`${WORKLOAD}/`);
  const bytes = manifest.reduce((sum, blob) => sum + blob.length, 0);
  say(
    `rows ${MB} MB; dump: ${(MB / made.value).toFixed(0)} MB/s against mysqldump | gzip ${(MB / plainSeconds).toFixed(0)} MB/s: ${(plainSeconds / made.value).toFixed(2)} times as fast; ${(bytes / 1e6).toFixed(0)} MB zstd, ${(statSync(file).size / 1e6).toFixed(0)} MB gzip; peak memory ${made.megabytes} MB`,
  );

  if (!process.argv.includes('--dump-only')) await benchRest(file);
}

try {
  fill();
  const bench = new MoverBench(blobs.store, WORKLOAD);
  if (process.argv.includes('--home'))
    await benchHome({ blobs, primary, standby, bench, workload: WORKLOAD }, MB, say).finally(() =>
      bench.end(),
    );
  else await benchDay();
} finally {
  stop.abort();
  await Promise.all([primary.stop(), standby.stop(), blobs.stop()]);
  rmSync(folder, { recursive: true, force: true });
}
