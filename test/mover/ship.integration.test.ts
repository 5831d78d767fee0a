import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Beat } from '../../core/data/journal.ts';
import { logParts } from '../../mover/store/dumps.ts';
import { writeOptionFile } from '../../mover/database/login.ts';
import { leaveNote } from '../../mover/ship/state-files.ts';
import { startBlobService, type BlobService } from './helpers/blob-service.ts';
import { MoverBench } from './helpers/mover.ts';
import { describeMover, moverPath, startMySql, type MySql } from './helpers/mysql.ts';
import { until } from './helpers/sides.ts';

describeMover('ship, on a real MySQL and a real blob service', () => {
  let blobs: BlobService;
  let primary: MySql;
  let bench: MoverBench;
  let round = 0;

  beforeAll(async () => {
    process.env['PATH'] = moverPath;
    [blobs, primary] = await Promise.all([
      startBlobService(),
      startMySql('primary', ['--max-binlog-size=65536']),
    ]);
    primary.root(
      'CREATE DATABASE app; CREATE TABLE app.t (id INT PRIMARY KEY AUTO_INCREMENT, v VARCHAR(200))',
    );
  }, 120_000);

  afterAll(async () => {
    await Promise.all([blobs.stop(), primary.stop()]);
  });

  beforeEach(() => {
    round += 1;
    bench = new MoverBench(blobs.store, `ship${round}`);
  });

  afterEach(() => bench.end());

  const part = (dump: string, file: string): string =>
    `ship${round}/${dump}/log/0001-${primary.root('SELECT @@server_uuid').slice(0, 8)}/${file}/000000000000`;

  const insert = (server: MySql, rows: number): void => {
    server.root(`USE app; ${"INSERT INTO t (v) VALUES (REPEAT('x', 150));".repeat(rows)}`);
  };

  /** The log of the newest dump as the store has it: names and contents of its files. */
  async function storedLog(dump: string): Promise<Map<string, Buffer>> {
    const parts = await logParts(blobs.store.backups, `ship${round}`, dump);
    const files = new Map<string, Buffer>();
    for (const { segment, file, offset, length } of parts) {
      const name = `ship${round}/${dump}/log/${segment}/${file}/${String(offset).padStart(12, '0')}`;
      const body = (await blobs.store.backups.read(name, 0, length)) ?? Buffer.alloc(0);
      files.set(file, Buffer.concat([files.get(file) ?? Buffer.alloc(0), body]));
    }
    return files;
  }

  /** The same files as MySQL's own program reads them in one go. */
  function servedLog(files: readonly string[]): Map<string, Buffer> {
    const folder = mkdtempSync(join(tmpdir(), 'pilotlight-log-'));
    const options = writeOptionFile(primary.login);
    const done = spawnSync(
      'mysqlbinlog',
      [
        `--defaults-file=${options.path}`,
        '--read-from-remote-server',
        '--raw',
        `--result-file=${folder}/`,
        ...files,
      ],
      { env: { ...process.env }, encoding: 'utf8' },
    );
    if (done.status !== 0) throw new Error(done.stderr);
    const read = new Map(files.map((file) => [file, readFileSync(join(folder, file))]));
    rmSync(folder, { recursive: true });
    options.remove();
    return read;
  }

  it('has every byte once, over rotations, restarts of itself, a store that is away, and a second shipper', async () => {
    let stop = bench.ship(primary.login);
    await bench.shipped();
    for (let times = 0; times < 3; times += 1) {
      insert(primary, 150);
      await bench.shipped();
      await stop();
      insert(primary, 150);
      stop = bench.ship(primary.login);
    }
    const other = bench.ship(primary.login);
    await blobs.pause();
    insert(primary, 300);
    await wait(1_500);
    await blobs.again();
    await bench.shipped();
    await stop();
    await other();
    const beat = await bench.beat();
    const stored = await storedLog(beat?.dump ?? '');
    const served = servedLog([...stored.keys()]);
    expect(stored.size).toBeGreaterThan(3);
    for (const [file, body] of stored) {
      const whole = served.get(file) ?? Buffer.alloc(0);
      expect([file, body.equals(whole.subarray(0, body.length)), body.length]).toEqual([
        file,
        true,
        whole.length,
      ]);
    }
  }, 120_000);

  it('tells what is whole and no more: what was acknowledged before a beat’s moment is in the store', async () => {
    bench.ship(primary.login);
    await bench.shipped();
    const acknowledged: { at: number; gtid: string }[] = [];
    const beats: Beat[] = [];
    for (let times = 0; times < 20; times += 1) {
      insert(primary, 5);
      const gtid = primary.root('SELECT @@GLOBAL.gtid_executed').replaceAll(/\s/g, '');
      acknowledged.push({ at: Date.now(), gtid });
      await wait(170);
      const beat = await bench.beat();
      if (beat !== null) beats.push(beat);
    }
    expect(beats.length).toBeGreaterThan(10);
    for (const { log } of beats) {
      const before = acknowledged.filter(({ at }) => at < Date.parse(log?.wholeUntil ?? ''));
      const missing = before.map(({ gtid }) =>
        primary.root(`SELECT GTID_SUBTRACT('${gtid}', '${log?.gtidSet ?? ''}')`),
      );
      expect(missing.filter((set) => set !== '')).toEqual([]);
    }
  }, 60_000);

  it('says loudly that log was purged before it was shipped, and begins behind a new dump', async () => {
    const stop = bench.ship(primary.login);
    await bench.shipped();
    const first = await bench.beat();
    await stop();
    await wait(1_100);
    insert(primary, 500);
    primary.root('FLUSH BINARY LOGS; FLUSH BINARY LOGS;');
    const newest = primary.root('SHOW BINARY LOGS').split('\n').at(-1)?.split('\t')[0] ?? '';
    primary.root(`PURGE BINARY LOGS TO '${newest}'`);
    bench.ship(primary.login);
    const fault = await bench.beatThat((beat) => beat.fault !== null);
    expect(fault.fault?.name).toBe('log-purged');
    expect(fault.fault?.detail).toContain('A new dump begins at once');
    expect(fault.log?.wholeUntil).toBe(first?.log?.wholeUntil);
    const healed = await bench.beatThat(
      (beat) => beat.fault === null && beat.dump !== first?.dump && beat.log !== null,
    );
    expect(Date.parse(healed.log?.wholeUntil ?? '')).toBeGreaterThan(Date.parse(fault.at) - 5_000);
  }, 60_000);

  it('goes on in a new segment where another server answers, and leaves nothing out', async () => {
    const stop = bench.ship(primary.login);
    await bench.shipped();
    insert(primary, 20);
    await bench.shipped();
    await stop();
    // The other server: the same data, another identity, as a promoted replica has them.
    await primary.kill('SIGTERM');
    const other = await startMySql('primary', [], (data) => {
      rmSync(data, { recursive: true });
      cpSync(join(primary.folder, 'data'), data, { recursive: true });
      rmSync(join(data, 'auto.cnf'));
    });
    await primary.again();
    try {
      const standby = await startMySql('standby');
      try {
        insert(other, 30);
        bench.ship(other.login);
        await bench.shipped();
        const beat = await bench.beat();
        expect(beat?.fault).toBeNull();
        expect(beat?.log?.segment).toMatch(/^0002-/);
        await bench.apply(standby.login);
        expect(standby.root('SELECT COUNT(*) FROM app.t')).toBe(other.root('SELECT COUNT(*) FROM app.t'));
      } finally {
        await standby.stop();
      }
    } finally {
      await other.stop();
    }
  }, 120_000);

  it('refuses to ship a log that could not be replayed, and tells it in its beats', async () => {
    const off = await startMySql('primary', ['--gtid-mode=OFF', '--enforce-gtid-consistency=OFF']);
    try {
      off.root('CREATE DATABASE app; CREATE TABLE app.t (id INT PRIMARY KEY)');
      bench.ship(off.login);
      const beat = await bench.beatThat((one) => one.fault !== null);
      expect(beat.fault?.detail).toBe('gtid_mode is not ON: set it in the parameter group of the primary');
    } finally {
      await off.stop();
    }
  }, 60_000);

  it('tells of a dump that failed, and of a proof, in its beats', async () => {
    bench.ship(primary.login);
    await bench.shipped();
    const dumpFault = { at: '2026-11-27T03:00:00.000Z', detail: 'table app.x has the engine MyISAM' };
    leaveNote(join(bench.folder, 'ship-0'), 'dumpFault', dumpFault);
    const beat = await bench.beatThat((one) => one.dumpFault !== null);
    expect(beat.dumpFault).toEqual(dumpFault);
  }, 60_000);

  it('ships again what somebody took out of the store', async () => {
    bench.ship(primary.login);
    await bench.shipped();
    insert(primary, 5);
    await bench.shipped();
    const { dump, log } = await bench.beatThat(({ log: at }) => at !== null);
    await blobs.remove(part(dump ?? '', log?.file ?? ''));
    insert(primary, 5);
    await until(() => bench.logged.some(({ event }) => event === 'store-shrank'));
    await bench.shipped();
    const files = await storedLog(dump ?? '');
    expect(files).toEqual(servedLog([...files.keys()]));
    expect(files.has(log?.file ?? '')).toBe(true);
  }, 60_000);
});
