import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { readStatus } from '../../mover/status.ts';
import { describeMover } from './helpers/mysql.ts';
import { useSides } from './helpers/sides.ts';

const shop = readFileSync(join(import.meta.dirname, 'fixtures/shop.sql'), 'utf8');

describeMover('what apply refuses, and what it makes do with', () => {
  const sides = useSides();

  it('throws nothing away that users may have written, but by a person’s word', async () => {
    sides.primary.root(shop);
    await sides.bench.dump(sides.primary.login);
    sides.standby.root('CREATE DATABASE shop; CREATE TABLE shop.precious (a INT PRIMARY KEY)');
    await expect(sides.bench.apply(sides.standby.login)).rejects.toThrow(
      'holds tables that no load put there (shop)',
    );
    expect(sides.standby.root('SELECT COUNT(*) FROM shop.precious')).toBe('0');
    await sides.bench.apply(sides.standby.login, { replace: true });
    expect(sides.standby.root('SELECT COUNT(*) FROM shop.orders')).toBe('2');
  }, 60_000);

  it('takes the dump before a damaged one, and the log that leads past it', async () => {
    sides.primary.root(shop);
    const stop = sides.bench.ship(sides.primary.login);
    await sides.bench.shipped();
    sides.primary.root('INSERT INTO shop.Orders (total) VALUES (5)');
    await sides.bench.shipped();
    await wait(1_100);
    const { name } = await sides.bench.dump(sides.primary.login);
    sides.primary.root('INSERT INTO shop.Orders (total) VALUES (6)');
    await sides.bench.shipped();
    await stop();
    await sides.blobs.damage(`${sides.workload}/${name}/rows-0001.sql.zst`);
    const applied = await sides.bench.apply(sides.standby.login);
    expect(applied.dump).not.toBe(name);
    expect(sides.bench.logged.map(({ event }) => event)).toContain('dump-damaged');
    expect(sides.standby.root('SELECT GROUP_CONCAT(total ORDER BY id) FROM shop.orders')).toBe(
      '1.50,2.50,5.00,6.00',
    );
  }, 90_000);

  it('stops at a point in time', async () => {
    sides.primary.root(shop);
    const stop = sides.bench.ship(sides.primary.login);
    await sides.bench.shipped();
    sides.primary.root('INSERT INTO shop.Orders (total) VALUES (5)');
    await wait(2_100);
    const until = Date.now();
    await wait(1_100);
    sides.primary.root('DELETE FROM shop.Orders');
    await sides.bench.shipped();
    await stop();
    const applied = await sides.bench.apply(sides.standby.login, { until });
    expect(sides.standby.root('SELECT GROUP_CONCAT(total ORDER BY id) FROM shop.orders')).toBe(
      '1.50,2.50,5.00',
    );
    expect(applied.appliedUntil).toBeLessThanOrEqual(until);
  }, 60_000);

  it('loads a dump of the first layout, made by hand', async () => {
    sides.primary.root(shop);
    const text = spawnSync(
      'mysqldump',
      [
        '--no-defaults',
        `--socket=${join(sides.primary.folder, 's')}`,
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
    const folder = `${sides.workload}/20261122T030000Z`;
    await sides.blobs.put(`${folder}/dump.sql.gz`, packed);
    const manifest = {
      schemaVersion: 1,
      sha256: createHash('sha256').update(packed).digest('hex'),
      size: packed.length,
      createdAt: '2026-11-22T03:00:00Z',
      sourceServer: 'replica.example.com',
    };
    await sides.blobs.store.backups.add(`${folder}/manifest.json`, JSON.stringify(manifest));
    const applied = await sides.bench.apply(sides.standby.login);
    expect(applied.appliedUntil).toBe(Date.parse('2026-11-22T03:00:00Z'));
    expect(sides.standby.root('CALL shop.total_of(2)')).toBe('2.50');
    expect(
      sides.standby.root("SELECT status FROM information_schema.events WHERE event_name = 'e1'"),
    ).not.toBe('ENABLED');
  }, 60_000);

  it('refuses a dump of a later layout, with what to do', async () => {
    await sides.blobs.store.backups.add(
      `${sides.workload}/20261122T030000Z/manifest.json`,
      JSON.stringify({ schemaVersion: 3 }),
    );
    await expect(sides.bench.apply(sides.standby.login)).rejects.toThrow(
      'schemaVersion: got 3, expected 1 or 2; a later version of Pilotlight made this dump',
    );
  }, 30_000);

  it('will not replay onto a server that gives no right to it, such as RDS, and loads there', async () => {
    sides.primary.root(shop);
    await sides.bench.dump(sides.primary.login);
    await expect(sides.bench.apply(sides.primary.login)).rejects.toThrow();
    sides.standby.root(
      "CREATE USER 'master'@'%' IDENTIFIED BY 'Master-12345'; GRANT ALL ON shop.* TO 'master'@'%'; GRANT ALL ON pilotlight.* TO 'master'@'%'; GRANT RELOAD, PROCESS, CREATE USER ON *.* TO 'master'@'%'",
    );
    const master = { ...sides.standby.login, user: 'master', password: 'Master-12345' };
    await expect(sides.bench.apply(master)).rejects.toThrow('this login may not replay a binary log');
    await sides.bench.apply(master, { loadOnly: true });
    expect(sides.standby.root('SELECT COUNT(*) FROM shop.orders')).toBe('2');
    sides.standby.root("DROP USER 'master'@'%'");
  }, 60_000);

  it('stops before a part of the log that is missing, and says up to where it is whole', async () => {
    sides.primary.root(shop);
    const stop = sides.bench.ship(sides.primary.login);
    await sides.bench.shipped();
    for (const total of [5, 6, 7]) {
      sides.primary.root(`INSERT INTO shop.Orders (total) VALUES (${total}); FLUSH BINARY LOGS;`);
      await sides.bench.shipped();
    }
    await stop();
    const logs = (await sides.blobs.store.backups.list(`${sides.workload}/`)).filter(({ name }) =>
      name.includes('/log/'),
    );
    await sides.blobs.remove(logs[1]?.name ?? '');
    await expect(sides.bench.apply(sides.standby.login)).rejects.toThrow(
      'Everything before it is applied, nothing after it is',
    );
    expect(sides.standby.root('SELECT GROUP_CONCAT(total ORDER BY id) FROM shop.orders')).toBe(
      '1.50,2.50,5.00',
    );
    const { recoveryPoint } = await readStatus(sides.blobs.store, sides.workload, Date.now());
    expect(recoveryPoint).toMatchObject({ known: true, from: 'dump' });
  }, 60_000);
});
