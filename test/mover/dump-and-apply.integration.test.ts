import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { answerSchema } from '../../core/data/handover.ts';
import { answerBlob, requestBlob } from '../../core/data/layout.ts';
import { describeMover, PASSWORD, type MySql } from './helpers/mysql.ts';
import { until, useSides } from './helpers/sides.ts';

const shop = readFileSync(join(import.meta.dirname, 'fixtures/shop.sql'), 'utf8');

describeMover('dump and apply, on a real MySQL and a real blob service', () => {
  const sides = useSides();

  const checksums = (server: MySql, tables: readonly string[]): string =>
    server.root(`CHECKSUM TABLE ${tables.join(', ')}`).toLowerCase();

  it('carries tables, views, triggers, routines and events, and lets the events sleep', async () => {
    sides.primary.root(shop);
    const { manifest } = await sides.bench.dump(sides.primary.login);
    expect(manifest.objects).toEqual({ views: 1, triggers: 1, routines: 1, events: 1 });
    expect(manifest.tables.map(({ name, rows }) => ({ name, rows }))).toEqual([
      { name: 'Orders', rows: 2 },
      { name: 'audit', rows: 0 },
    ]);
    const applied = await sides.bench.apply(sides.standby.login);
    expect(applied.transactions).toBe(0);
    expect(sides.standby.root('SELECT note FROM shop.orders WHERE id = 2')).toBe('héllo 😀');
    expect(sides.standby.root('SELECT COUNT(*) FROM shop.recent')).toBe('2');
    expect(sides.standby.root('CALL shop.total_of(1)')).toBe('1.50');
    expect(
      sides.standby.root("SELECT definer, status FROM information_schema.events WHERE event_name = 'e1'"),
    ).toMatch(/^pilot@%\t(?:REPLICA_SIDE_DISABLED|SLAVESIDE_DISABLED)$/);
    sides.standby.root('INSERT INTO shop.orders (total) VALUES (7)');
    expect(sides.standby.root('SELECT what FROM shop.audit')).toBe('o');
  }, 60_000);

  it('carries text of four bytes, a zero date, a generated column, a table without a key, and a BLOB of 20 MB', async () => {
    sides.primary.root(`CREATE DATABASE odd; USE odd; SET sql_mode = '';
      CREATE TABLE dates (id INT PRIMARY KEY, d DATE); INSERT INTO dates VALUES (1, '0000-00-00');
      CREATE TABLE made (a INT PRIMARY KEY, b INT AS (a * 2) STORED, c INT AS (a + 1) VIRTUAL); INSERT INTO made (a) VALUES (4);
      CREATE TABLE plain (a INT, b VARCHAR(20)); INSERT INTO plain VALUES (1, '💶'), (1, '💶');
      CREATE TABLE large (id INT PRIMARY KEY, b LONGBLOB); INSERT INTO large VALUES (1, REPEAT(UNHEX('00FF0A5C27'), 4000000));`);
    const stop = sides.bench.ship(sides.primary.login);
    await sides.bench.shipped();
    sides.primary.root(
      "USE odd; INSERT INTO large VALUES (2, REPEAT(UNHEX('00FF0A5C27'), 4000000)); UPDATE plain SET b = 'é' LIMIT 1; SET sql_mode = ''; INSERT INTO dates VALUES (2, '0000-00-00'); INSERT INTO made (a) VALUES (5)",
    );
    await sides.bench.shipped();
    await stop();
    await sides.bench.apply(sides.standby.login);
    const tables = ['odd.dates', 'odd.made', 'odd.plain', 'odd.large'];
    expect(checksums(sides.standby, tables)).toBe(checksums(sides.primary, tables));
  }, 90_000);

  it('is one moment, while clients move rows from table to table', async () => {
    sides.primary.root(
      'CREATE DATABASE bank; USE bank; CREATE TABLE a (id INT PRIMARY KEY, v INT); CREATE TABLE b LIKE a; INSERT INTO a VALUES (1, 1000000); INSERT INTO b VALUES (1, 0)',
    );
    const client = spawn(
      'mysql',
      ['--no-defaults', `--socket=${join(sides.primary.folder, 's')}`, '--user=root', 'bank'],
      {
        env: { ...process.env },
      },
    );
    const mover = { moves: true };
    const moves = (async () => {
      while (mover.moves) {
        client.stdin.write('BEGIN; UPDATE a SET v = v - 1; UPDATE b SET v = v + 1; COMMIT;\n');
        await wait(1);
      }
      client.stdin.end();
      await once(client, 'close');
    })();
    for (let times = 0; times < 3; times += 1) {
      await wait(1_100);
      await sides.bench.dump(sides.primary.login);
    }
    mover.moves = false;
    await moves;
    await sides.bench.apply(sides.standby.login);
    expect(sides.standby.root('SELECT a.v + b.v FROM bank.a, bank.b')).toBe('1000000');
    expect(Number(sides.standby.root('SELECT v FROM bank.b'))).toBeGreaterThan(0);
  }, 60_000);

  it('refuses in daylight what the standby would refuse at night, all of it at once', async () => {
    sides.primary
      .root(`CREATE DATABASE odd; USE odd; CREATE TABLE Twin (a INT PRIMARY KEY); CREATE TABLE twin (a INT PRIMARY KEY);
      CREATE TABLE old (a INT) ENGINE=MyISAM; CREATE TABLE gone (a INT); CREATE VIEW broken AS SELECT a FROM gone; DROP TABLE gone;`);
    const refused = await sides.bench.dump(sides.primary.login).catch((error: unknown) => String(error));
    expect(refused).toContain('odd.Twin and odd.twin differ only by case');
    expect(refused).toContain(
      'table odd.old has the engine MyISAM, expected InnoDB: ALTER TABLE odd.old ENGINE=InnoDB',
    );
    expect(refused).toContain('view odd.broken is broken');
    expect(await sides.blobs.store.backups.list(`${sides.workload}/`)).toEqual([]);
  }, 30_000);

  it('refuses a database without a table', async () => {
    await expect(sides.bench.dump(sides.primary.login)).rejects.toThrow('there is nothing to dump');
  }, 30_000);

  it('leaves to each side its accounts and its own schemas', async () => {
    sides.primary.root(shop);
    const stop = sides.bench.ship(sides.primary.login);
    await sides.bench.shipped();
    sides.primary
      .root(`CREATE TABLE mysql.rds_heartbeat2 (id INT PRIMARY KEY, value BIGINT); INSERT INTO mysql.rds_heartbeat2 VALUES (1, 2);
      CREATE USER 'guest'@'%' IDENTIFIED BY 'Guest-12345'; GRANT SELECT ON shop.* TO 'guest'@'%'; USE shop; INSERT INTO Orders (total) VALUES (3);
      CREATE DEFINER = 'root'@'localhost' EVENT often ON SCHEDULE EVERY 1 SECOND DO INSERT INTO audit (what) VALUES ('event');
      CREATE DEFINER = 'root'@'localhost' PROCEDURE two() SELECT 2; DROP USER 'guest'@'%'; DROP TABLE mysql.rds_heartbeat2;`);
    await sides.bench.shipped();
    await stop();
    sides.primary.root('DROP EVENT shop.often');
    await sides.bench.apply(sides.standby.login);
    expect(sides.standby.root("SELECT COUNT(*) FROM mysql.user WHERE user = 'guest'")).toBe('0');
    expect(sides.standby.root('CALL shop.two()')).toBe('2');
    expect(sides.standby.root('SELECT total FROM shop.orders ORDER BY id DESC LIMIT 1')).toBe('3.00');
    const rows = sides.standby.root('SELECT COUNT(*) FROM shop.audit');
    await wait(2_200);
    expect(sides.standby.root('SELECT COUNT(*) FROM shop.audit')).toBe(rows);
  }, 60_000);

  it('hands over: the application reads before, and writes from then on, over the connection that it has', async () => {
    sides.primary.root(shop);
    sides.bench.ship(sides.primary.login);
    await sides.bench.shipped();
    const workload = sides.workload;
    const old = {
      schemaVersion: 1,
      correlationId: 'old',
      execution: 'old',
      askedAt: new Date(Date.now() - 60_000).toISOString(),
    };
    await sides.blobs.store.handover.add(requestBlob(workload, 'old'), JSON.stringify(old));
    sides.bench.follow(sides.standby.login, { application: { user: 'shop_app', password: PASSWORD } });
    await sides.bench.shipped();
    await until(() => sides.standby.root("SELECT COUNT(*) FROM mysql.user WHERE user = 'shop_app'") === '1');
    const application = spawn(
      'mysql',
      [
        '--no-defaults',
        '--host=127.0.0.1',
        `--port=${sides.standby.port}`,
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
    sides.primary.root('INSERT INTO shop.Orders (total) VALUES (99)');
    const request = {
      schemaVersion: 1,
      correlationId: 'run-1',
      execution: 'run-1',
      askedAt: new Date().toISOString(),
    };
    await sides.blobs.store.handover.add(requestBlob(workload, 'run-1'), JSON.stringify(request));
    const answer = await answerOf(workload, 'run-1');
    expect(answer).toMatchObject({ outcome: 'open' });
    expect(Date.parse(answer.appliedUntil ?? '')).toBeGreaterThanOrEqual(Date.parse(request.askedAt));
    expect(sides.standby.root('SELECT COUNT(*) FROM shop.orders WHERE total = 99')).toBe('1');
    application.stdin.write(
      'INSERT INTO orders (total) VALUES (100); SELECT COUNT(*) FROM orders WHERE total = 100;\n',
    );
    await until(() => said.trimEnd().endsWith('1'));
    application.stdin.end();
    expect(await sides.blobs.store.handover.length(answerBlob(workload, 'old'))).toBeNull();
    expect(sides.standby.root("SELECT status FROM information_schema.events WHERE event_name = 'e1'")).toBe(
      'ENABLED',
    );
    // A second run asks again: the database is open, and stays as it is.
    const second = { ...request, correlationId: 'run-2', askedAt: new Date().toISOString() };
    await sides.blobs.store.handover.add(requestBlob(workload, 'run-2'), JSON.stringify(second));
    expect(await answerOf(workload, 'run-2')).toMatchObject({
      outcome: 'open',
      appliedUntil: answer.appliedUntil,
    });
  }, 90_000);

  async function answerOf(workload: string, id: string) {
    let text: string | null = null;
    for (const limit = Date.now() + 30_000; text === null && Date.now() < limit;) {
      await wait(200);
      text = await sides.blobs.store.handover.readText(answerBlob(workload, id));
    }
    return answerSchema.parse(JSON.parse(text ?? 'null'));
  }
});
