import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { answerSchema } from '../../core/data/handover.ts';
import { answerBlob, requestBlob } from '../../core/data/layout.ts';
import { readStatus } from '../../mover/status.ts';
import { startBlobService, type BlobService } from './helpers/blob-service.ts';
import { MoverBench } from './helpers/mover.ts';
import { moverMissing, moverPath, PASSWORD, startMySql, type MySql } from './helpers/mysql.ts';

const orSkip = moverMissing === undefined ? describe : describe.skip;
const shop = readFileSync(join(import.meta.dirname, 'fixtures/shop.sql'), 'utf8');

orSkip('dump and apply, on a real MySQL and a real blob service', () => {
  let blobs: BlobService;
  let primary: MySql;
  let standby: MySql;
  let bench: MoverBench;
  let round = 0;

  beforeAll(async () => {
    process.env['PATH'] = moverPath;
    [blobs, primary, standby] = await Promise.all([
      startBlobService(),
      startMySql('primary'),
      startMySql('standby'),
    ]);
  }, 120_000);

  afterAll(async () => {
    await Promise.all([blobs.stop(), primary.stop(), standby.stop()]);
  });

  beforeEach(() => {
    round += 1;
    bench = new MoverBench(blobs.store, `shop${round}`);
  });

  afterEach(async () => {
    await bench.end();
    for (const server of [primary, standby]) {
      const own = server
        .root(
          "SELECT schema_name FROM information_schema.schemata WHERE schema_name NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')",
        )
        .split('\n')
        .filter((name) => name !== '');
      server.root(own.map((name) => `DROP DATABASE \`${name}\`;`).join(''));
    }
    standby.root("DROP USER IF EXISTS 'shop_app'@'%'");
  });

  const checksums = (server: MySql, tables: readonly string[]): string =>
    server.root(`CHECKSUM TABLE ${tables.join(', ')}`).toLowerCase();

  it('carries tables, views, triggers, routines and events, and lets the events sleep', async () => {
    primary.root(shop);
    const { manifest } = await bench.dump(primary.login);
    expect(manifest.objects).toEqual({ views: 1, triggers: 1, routines: 1, events: 1 });
    expect(manifest.tables.map(({ name, rows }) => ({ name, rows }))).toEqual([
      { name: 'Orders', rows: 2 },
      { name: 'audit', rows: 0 },
    ]);
    const applied = await bench.apply(standby.login);
    expect(applied.transactions).toBe(0);
    expect(standby.root('SELECT note FROM shop.orders WHERE id = 2')).toBe('héllo 😀');
    expect(standby.root('SELECT COUNT(*) FROM shop.recent')).toBe('2');
    expect(standby.root('CALL shop.total_of(1)')).toBe('1.50');
    expect(
      standby.root("SELECT definer, status FROM information_schema.events WHERE event_name = 'e1'"),
    ).toMatch(/^pilot@%\t(?:REPLICA_SIDE_DISABLED|SLAVESIDE_DISABLED)$/);
    standby.root('INSERT INTO shop.orders (total) VALUES (7)');
    expect(standby.root('SELECT what FROM shop.audit')).toBe('o');
  }, 60_000);

  it('carries text of four bytes, a zero date, a generated column, a table without a key, and a BLOB of 20 MB', async () => {
    primary.root(`CREATE DATABASE odd; USE odd; SET sql_mode = '';
      CREATE TABLE dates (id INT PRIMARY KEY, d DATE); INSERT INTO dates VALUES (1, '0000-00-00');
      CREATE TABLE made (a INT PRIMARY KEY, b INT AS (a * 2) STORED, c INT AS (a + 1) VIRTUAL); INSERT INTO made (a) VALUES (4);
      CREATE TABLE plain (a INT, b VARCHAR(20)); INSERT INTO plain VALUES (1, '💶'), (1, '💶');
      CREATE TABLE large (id INT PRIMARY KEY, b LONGBLOB); INSERT INTO large VALUES (1, REPEAT(UNHEX('00FF0A5C27'), 4000000));`);
    const stop = bench.ship(primary.login);
    await bench.shipped();
    primary.root(
      "USE odd; INSERT INTO large VALUES (2, REPEAT(UNHEX('00FF0A5C27'), 4000000)); UPDATE plain SET b = 'é' LIMIT 1; SET sql_mode = ''; INSERT INTO dates VALUES (2, '0000-00-00'); INSERT INTO made (a) VALUES (5)",
    );
    await bench.shipped();
    await stop();
    await bench.apply(standby.login);
    const tables = ['odd.dates', 'odd.made', 'odd.plain', 'odd.large'];
    expect(checksums(standby, tables)).toBe(checksums(primary, tables));
  }, 90_000);

  it('is one moment, while clients move rows from table to table', async () => {
    primary.root(
      'CREATE DATABASE bank; USE bank; CREATE TABLE a (id INT PRIMARY KEY, v INT); CREATE TABLE b LIKE a; INSERT INTO a VALUES (1, 1000000); INSERT INTO b VALUES (1, 0)',
    );
    const client = spawn(
      'mysql',
      ['--no-defaults', `--socket=${join(primary.folder, 's')}`, '--user=root', 'bank'],
      {
        env: { ...process.env },
      },
    );
    let moving = true;
    const moves = (async () => {
      while (moving) {
        client.stdin.write('BEGIN; UPDATE a SET v = v - 1; UPDATE b SET v = v + 1; COMMIT;\n');
        await wait(1);
      }
      client.stdin.end();
      await once(client, 'close');
    })();
    for (let times = 0; times < 3; times += 1) {
      await wait(1_100);
      await bench.dump(primary.login);
    }
    moving = false;
    await moves;
    await bench.apply(standby.login);
    expect(standby.root('SELECT a.v + b.v FROM bank.a, bank.b')).toBe('1000000');
    expect(Number(standby.root('SELECT v FROM bank.b'))).toBeGreaterThan(0);
  }, 60_000);

  it('refuses in daylight what the standby would refuse at night, all of it at once', async () => {
    primary.root(`CREATE DATABASE odd; USE odd; CREATE TABLE Twin (a INT PRIMARY KEY); CREATE TABLE twin (a INT PRIMARY KEY);
      CREATE TABLE old (a INT) ENGINE=MyISAM; CREATE TABLE gone (a INT); CREATE VIEW broken AS SELECT a FROM gone; DROP TABLE gone;`);
    const refused = await bench.dump(primary.login).catch((error: unknown) => String(error));
    expect(refused).toContain('odd.Twin and odd.twin differ only by case');
    expect(refused).toContain(
      'table odd.old has the engine MyISAM, expected InnoDB: ALTER TABLE odd.old ENGINE=InnoDB',
    );
    expect(refused).toContain('view odd.broken is broken');
    expect(await blobs.store.backups.list(`shop${round}/`)).toEqual([]);
  }, 30_000);

  it('refuses a database without a table', async () => {
    await expect(bench.dump(primary.login)).rejects.toThrow('there is nothing to dump');
  }, 30_000);

  it('leaves to each side its accounts and its own schemas', async () => {
    primary.root(shop);
    const stop = bench.ship(primary.login);
    await bench.shipped();
    primary.root(`CREATE TABLE mysql.rds_heartbeat2 (id INT PRIMARY KEY, value BIGINT); INSERT INTO mysql.rds_heartbeat2 VALUES (1, 2);
      CREATE USER 'guest'@'%' IDENTIFIED BY 'Guest-12345'; GRANT SELECT ON shop.* TO 'guest'@'%'; USE shop; INSERT INTO Orders (total) VALUES (3);
      CREATE DEFINER = 'root'@'localhost' EVENT often ON SCHEDULE EVERY 1 SECOND DO INSERT INTO audit (what) VALUES ('event');
      CREATE DEFINER = 'root'@'localhost' PROCEDURE two() SELECT 2; DROP USER 'guest'@'%'; DROP TABLE mysql.rds_heartbeat2;`);
    await bench.shipped();
    await stop();
    primary.root('DROP EVENT shop.often');
    await bench.apply(standby.login);
    expect(standby.root("SELECT COUNT(*) FROM mysql.user WHERE user = 'guest'")).toBe('0');
    expect(standby.root('CALL shop.two()')).toBe('2');
    expect(standby.root('SELECT total FROM shop.orders ORDER BY id DESC LIMIT 1')).toBe('3.00');
    const rows = standby.root('SELECT COUNT(*) FROM shop.audit');
    await wait(2_200);
    expect(standby.root('SELECT COUNT(*) FROM shop.audit')).toBe(rows);
  }, 60_000);

  it('hands over: the application reads before, and writes from then on, over the connection that it has', async () => {
    primary.root(shop);
    bench.ship(primary.login);
    await bench.shipped();
    const workload = `shop${round}`;
    const old = {
      schemaVersion: 1,
      correlationId: 'old',
      execution: 'old',
      askedAt: new Date(Date.now() - 60_000).toISOString(),
    };
    await blobs.store.handover.add(requestBlob(workload, 'old'), JSON.stringify(old));
    bench.follow(standby.login, { application: { user: 'shop_app', password: PASSWORD } });
    await bench.shipped();
    await until(() => standby.root("SELECT COUNT(*) FROM mysql.user WHERE user = 'shop_app'") === '1');
    const application = spawn(
      'mysql',
      [
        '--no-defaults',
        '--host=127.0.0.1',
        `--port=${standby.port}`,
        '--user=shop_app',
        `--password=${PASSWORD}`,
        '--force',
        '--batch',
        '-N',
        '--unbuffered',
        'shop',
      ],
      { env: { ...process.env } },
    );
    let said = '';
    application.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    application.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    application.stdin.write('SELECT COUNT(*) FROM orders; INSERT INTO orders (total) VALUES (1);\n');
    await until(() => said.includes('1142'));
    expect(said).toContain('2\n');
    primary.root('INSERT INTO shop.Orders (total) VALUES (99)');
    const request = {
      schemaVersion: 1,
      correlationId: 'run-1',
      execution: 'run-1',
      askedAt: new Date().toISOString(),
    };
    await blobs.store.handover.add(requestBlob(workload, 'run-1'), JSON.stringify(request));
    const answer = await answerOf(workload, 'run-1');
    expect(answer).toMatchObject({ outcome: 'open' });
    expect(Date.parse(answer.appliedUntil ?? '')).toBeGreaterThanOrEqual(Date.parse(request.askedAt));
    expect(standby.root('SELECT COUNT(*) FROM shop.orders WHERE total = 99')).toBe('1');
    application.stdin.write(
      'INSERT INTO orders (total) VALUES (100); SELECT COUNT(*) FROM orders WHERE total = 100;\n',
    );
    await until(() => said.trimEnd().endsWith('1'));
    application.stdin.end();
    expect(await blobs.store.handover.length(answerBlob(workload, 'old'))).toBeNull();
    expect(standby.root("SELECT status FROM information_schema.events WHERE event_name = 'e1'")).toBe(
      'ENABLED',
    );
    // A second run asks again: the database is open, and stays as it is.
    const second = { ...request, correlationId: 'run-2', askedAt: new Date().toISOString() };
    await blobs.store.handover.add(requestBlob(workload, 'run-2'), JSON.stringify(second));
    expect(await answerOf(workload, 'run-2')).toMatchObject({
      outcome: 'open',
      appliedUntil: answer.appliedUntil,
    });
  }, 90_000);

  it('throws nothing away that users may have written, but by a person’s word', async () => {
    primary.root(shop);
    await bench.dump(primary.login);
    standby.root('CREATE DATABASE shop; CREATE TABLE shop.precious (a INT PRIMARY KEY)');
    await expect(bench.apply(standby.login)).rejects.toThrow('holds tables that no load put there (shop)');
    expect(standby.root('SELECT COUNT(*) FROM shop.precious')).toBe('0');
    await bench.apply(standby.login, { replace: true });
    expect(standby.root('SELECT COUNT(*) FROM shop.orders')).toBe('2');
  }, 60_000);

  it('takes the dump before a damaged one, and the log that leads past it', async () => {
    primary.root(shop);
    const stop = bench.ship(primary.login);
    await bench.shipped();
    primary.root('INSERT INTO shop.Orders (total) VALUES (5)');
    await bench.shipped();
    await wait(1_100);
    const { name } = await bench.dump(primary.login);
    primary.root('INSERT INTO shop.Orders (total) VALUES (6)');
    await bench.shipped();
    await stop();
    await blobs.damage(`shop${round}/${name}/rows-0001.sql.zst`);
    const applied = await bench.apply(standby.login);
    expect(applied.dump).not.toBe(name);
    expect(bench.logged.map(({ event }) => event)).toContain('dump-damaged');
    expect(standby.root('SELECT GROUP_CONCAT(total ORDER BY id) FROM shop.orders')).toBe(
      '1.50,2.50,5.00,6.00',
    );
  }, 90_000);

  it('stops at a point in time', async () => {
    primary.root(shop);
    const stop = bench.ship(primary.login);
    await bench.shipped();
    primary.root('INSERT INTO shop.Orders (total) VALUES (5)');
    await wait(2_100);
    const until = Date.now();
    await wait(1_100);
    primary.root('DELETE FROM shop.Orders');
    await bench.shipped();
    await stop();
    const applied = await bench.apply(standby.login, { until });
    expect(standby.root('SELECT GROUP_CONCAT(total ORDER BY id) FROM shop.orders')).toBe('1.50,2.50,5.00');
    expect(applied.appliedUntil).toBeLessThanOrEqual(until);
  }, 60_000);

  it('loads a dump of the first layout, made by hand', async () => {
    primary.root(shop);
    const text = spawnSync(
      'mysqldump',
      [
        '--no-defaults',
        `--socket=${join(primary.folder, 's')}`,
        '--user=root',
        '--single-transaction',
        '--routines',
        '--events',
        '--triggers',
        'shop',
      ],
      { env: { ...process.env }, maxBuffer: 2 ** 26 },
    ).stdout;
    const packed = gzipSync(text);
    const folder = `shop${round}/20261122T030000Z`;
    await blobs.put(`${folder}/dump.sql.gz`, packed);
    const manifest = {
      schemaVersion: 1,
      sha256: createHash('sha256').update(packed).digest('hex'),
      size: packed.length,
      createdAt: '2026-11-22T03:00:00Z',
      sourceServer: 'replica.example.com',
    };
    await blobs.store.backups.add(`${folder}/manifest.json`, JSON.stringify(manifest));
    const applied = await bench.apply(standby.login);
    expect(applied.appliedUntil).toBe(Date.parse('2026-11-22T03:00:00Z'));
    expect(standby.root('CALL shop.total_of(2)')).toBe('2.50');
    expect(standby.root("SELECT status FROM information_schema.events WHERE event_name = 'e1'")).not.toBe(
      'ENABLED',
    );
  }, 60_000);

  it('refuses a dump of a later layout, with what to do', async () => {
    await blobs.store.backups.add(
      `shop${round}/20261122T030000Z/manifest.json`,
      JSON.stringify({ schemaVersion: 3 }),
    );
    await expect(bench.apply(standby.login)).rejects.toThrow(
      'schemaVersion: got 3, expected 1 or 2; a later version of Pilotlight made this dump',
    );
  }, 30_000);

  it('will not replay onto a server that gives no right to it, such as RDS, and loads there', async () => {
    primary.root(shop);
    await bench.dump(primary.login);
    await expect(bench.apply(primary.login)).rejects.toThrow();
    standby.root(
      "CREATE USER 'master'@'%' IDENTIFIED BY 'Master-12345'; GRANT ALL ON shop.* TO 'master'@'%'; GRANT ALL ON pilotlight.* TO 'master'@'%'; GRANT RELOAD, PROCESS, CREATE USER ON *.* TO 'master'@'%'",
    );
    const master = { ...standby.login, user: 'master', password: 'Master-12345' };
    await expect(bench.apply(master)).rejects.toThrow('this login may not replay a binary log');
    await bench.apply(master, { loadOnly: true });
    expect(standby.root('SELECT COUNT(*) FROM shop.orders')).toBe('2');
    standby.root("DROP USER 'master'@'%'");
  }, 60_000);

  it('stops before a part of the log that is missing, and says up to where it is whole', async () => {
    primary.root(shop);
    const stop = bench.ship(primary.login);
    await bench.shipped();
    for (const total of [5, 6, 7]) {
      primary.root(`INSERT INTO shop.Orders (total) VALUES (${total}); FLUSH BINARY LOGS;`);
      await bench.shipped();
    }
    await stop();
    const logs = (await blobs.store.backups.list(`shop${round}/`)).filter(({ name }) =>
      name.includes('/log/'),
    );
    await blobs.remove(logs[1]?.name ?? '');
    await expect(bench.apply(standby.login)).rejects.toThrow(
      'Everything before it is applied, nothing after it is',
    );
    expect(standby.root('SELECT GROUP_CONCAT(total ORDER BY id) FROM shop.orders')).toBe('1.50,2.50,5.00');
    const { recoveryPoint } = await readStatus(blobs.store, `shop${round}`, Date.now());
    expect(recoveryPoint).toMatchObject({ known: true, from: 'dump' });
  }, 60_000);

  async function until(is: () => boolean): Promise<void> {
    for (const limit = Date.now() + 20_000; !is();) {
      if (Date.now() > limit) throw new Error('it did not come within 20 s');
      await wait(100);
    }
  }

  async function answerOf(workload: string, id: string) {
    let text: string | null = null;
    for (const limit = Date.now() + 30_000; text === null && Date.now() < limit;) {
      await wait(200);
      text = await blobs.store.handover.readText(answerBlob(workload, id));
    }
    return answerSchema.parse(JSON.parse(text ?? 'null'));
  }
});
