import { zstdDecompressSync } from 'node:zlib';
import { openedBlob } from '../../core/data/home.ts';
import { dumpHome } from '../../mover/home/dump-home.ts';
import { askGates } from '../../mover/home/gates.ts';
import { discard, loadHome, settle } from '../../mover/home/load-home.ts';
import { exportOrphans } from '../../mover/home/orphans.ts';
import { leaveFigures, verifyHome } from '../../mover/home/verify-home.ts';
import { describeMover, startMySql, type MySql } from './helpers/mysql.ts';
import { useSides } from './helpers/sides.ts';
import { failOver, homeSides, shop, writeUntilCut } from './helpers/way-home.ts';

describeMover('the way home, where something is not as it should be', () => {
  const sides = useSides();
  const COUNT = 'SELECT COUNT(*), COALESCE(SUM(total), 0) FROM shop.Orders';
  const textOf = async (name: string): Promise<string> =>
    zstdDecompressSync((await sides.blobs.store.backups.readWhole(name)) ?? Buffer.alloc(0)).toString();

  beforeEach(() => {
    sides.primary.root('SET GLOBAL log_bin_trust_function_creators = ON');
  });

  it('counts the orphans of a client that was cut off exactly, keeps them as text, and leaves out what the server wrote for itself', async () => {
    sides.primary.root(shop);
    await failOver(sides);
    const { primary } = homeSides(sides);
    await writeUntilCut(sides.primary, 1_500);
    sides.primary.root(
      'CREATE TABLE mysql.rds_heartbeat2 (id INT PRIMARY KEY); INSERT INTO mysql.rds_heartbeat2 VALUES (1); DROP TABLE mysql.rds_heartbeat2',
    );
    const rows = Number(sides.primary.root("SELECT COUNT(*) FROM shop.Orders WHERE note = 'orphan'"));
    expect(rows).toBeGreaterThan(20);
    const { folder, manifest } = await exportOrphans(primary, false);
    expect(manifest).toMatchObject({ transactions: rows, statements: 0, missing: '', openedFor: 'night' });
    expect(manifest.tables).toEqual([
      { schema: 'shop', name: 'Orders', inserted: rows, updated: 0, deleted: 0 },
      { schema: 'shop', name: 'audit', inserted: rows, updated: 0, deleted: 0 },
    ]);
    expect(folder).toMatch(new RegExp(`^${sides.workload}/orphans/\\d{8}T\\d{6}Z-${rows}$`));
    expect((await textOf(`${folder}/rows.txt.zst`)).match(/@3='orphan'/g)).toHaveLength(rows);
    // The format of the log comes first.
    expect((await textOf(`${folder}/replay.sql.zst`)).match(/^BINLOG '/gm)).toHaveLength(rows + 1);
    // Asked again, it is the same export.
    expect((await exportOrphans(primary, false)).folder).toBe(folder);
  }, 90_000);

  it('refuses writes of others by name, at every door, and changes nothing', async () => {
    sides.primary.root(shop);
    await failOver(sides);
    const { primary, standby } = homeSides(sides);
    const { dump } = await dumpHome(standby, null);
    await expect(loadHome(primary, dump, true)).rejects.toMatchObject({ code: 'ORPHANS_NOT_EXPORTED' });
    await exportOrphans(primary, false);
    expect(await askGates(primary)).toMatchObject({
      open: true,
      gates: { healthy: { state: 'open' }, noForeignWrites: { state: 'open' }, room: { state: 'unknown' } },
    });
    sides.primary.root("INSERT INTO shop.Orders (total, note) VALUES (5, 'foreign')");
    const before = sides.primary.root(COUNT);
    for (const refused of [exportOrphans(primary, false), loadHome(primary, dump, true)]) {
      await expect(refused).rejects.toMatchObject({
        failure: 'refused',
        code: 'FOREIGN_WRITES',
        message: expect.stringContaining('1 transaction (shop.Orders, shop.audit)') as string,
      });
    }
    expect(await askGates(primary)).toMatchObject({
      open: false,
      gates: { noForeignWrites: { state: 'shut', got: '1 transaction (shop.Orders, shop.audit)' } },
    });
    expect(sides.primary.root(COUNT)).toBe(before);
    expect(sides.primary.root("SHOW SCHEMAS LIKE 'pilotlight%'")).toBe('');
    // Kept as well, they stand in nobody's way.
    expect((await exportOrphans(primary, true)).manifest.transactions).toBe(1);
    expect(await loadHome(primary, dump, false)).toMatchObject({ tables: 2 });
    // The old data must not become the newest dump of the site meanwhile.
    await expect(sides.bench.dump(sides.primary.login)).rejects.toMatchObject({ code: 'HOME_UNDER_WAY' });
    // Between the rehearsal and the last load, too.
    sides.primary.root('DELETE FROM shop.audit');
    await expect(loadHome(primary, dump, true)).rejects.toMatchObject({ code: 'FOREIGN_WRITES' });
    expect(sides.primary.root(COUNT)).toBe(before);
    await discard(primary);
    expect(sides.primary.root("SHOW SCHEMAS LIKE 'pilotlight\\_%'")).toBe('');
    expect((await sides.bench.dump(sides.primary.login)).manifest.tables).toHaveLength(2);
  }, 90_000);

  it('says what of the orphans is gone with a log that was purged, each time, and keeps the rest', async () => {
    sides.primary.root(shop);
    await failOver(sides);
    sides.primary.root(
      'INSERT INTO shop.Orders (total) VALUES (5); FLUSH BINARY LOGS; INSERT INTO shop.Orders (total) VALUES (6);',
    );
    const newest = sides.primary.root('SHOW BINARY LOGS').split('\n').at(-1)?.split('\t')[0] ?? '';
    sides.primary.root(`PURGE BINARY LOGS TO '${newest}'`);
    const { primary } = homeSides(sides);
    for (let times = 0; times < 2; times += 1) {
      await expect(exportOrphans(primary, false)).rejects.toMatchObject({
        failure: 'lost',
        code: 'ORPHANS_PURGED',
        message: expect.stringMatching(
          /has thrown away the log of [0-9a-f-]{36}:\d+ before .* The 1 that were left are in /,
        ) as string,
      });
    }
  }, 90_000);

  it('dumps everything where the structure was changed, and brings a new table, a dropped one and a column home', async () => {
    sides.primary.root(
      `${shop}CREATE TABLE old (id INT PRIMARY KEY); CREATE TABLE kept (id INT PRIMARY KEY);`,
    );
    await failOver(sides);
    const { primary, standby } = homeSides(sides);
    await exportOrphans(primary, false);
    const first = await dumpHome(standby, null);
    await loadHome(primary, first.dump, false);
    sides.standby.root(
      'USE shop; DROP TABLE old; CREATE TABLE fresh (word VARCHAR(9)); INSERT INTO fresh VALUES ("a"), ("a"); ALTER TABLE orders ADD COLUMN extra INT DEFAULT 3; DO SLEEP(1)',
    );
    const last = await dumpHome(standby, first.dump);
    expect(last).toMatchObject({
      changed: null,
      whole: 'the structure may have changed (DROP TABLE `old` /* generated by server */)',
    });
    await leaveFigures(standby);
    await loadHome(primary, last.dump, true);
    expect((await verifyHome(primary)).map(({ name }) => name)).toEqual(['Orders', 'audit', 'fresh', 'kept']);
    expect(sides.primary.root('SELECT COUNT(DISTINCT my_row_id), MAX(word) FROM shop.fresh')).toBe('2\ta');
    expect(sides.primary.root('SELECT SUM(extra) FROM shop.Orders')).toBe('6');
    // Asked again, it is done; and what came after the figures is no part of them.
    expect(await loadHome(primary, last.dump, true)).toMatchObject({ dump: last.dump, isLast: true });
    sides.primary.root(
      'UPDATE shop.Orders SET total = total + 1 WHERE id = 1; DELETE FROM shop.kept; INSERT INTO shop.kept VALUES (1)',
    );
    await expect(verifyHome(primary)).rejects.toMatchObject({
      failure: 'differs',
      message: expect.stringMatching(
        /- table shop\.kept has 1 rows, expected 0\n- table shop\.orders has as many rows and another checksum\n/,
      ) as string,
    });
  }, 120_000);

  it('verifies a standby that nobody wrote to, and nothing once it has writes that were not loaded', async () => {
    // What other tests have written is not forgotten by itself.
    sides.standby.root('RESET BINARY LOGS AND GTIDS');
    sides.primary.root(shop);
    await failOver(sides);
    const { primary, standby } = homeSides(sides);
    await exportOrphans(primary, false);
    const { dump } = await dumpHome(standby, null);
    await expect(verifyHome(primary)).rejects.toThrow(
      `got nothing below ${sides.workload}/home/figures/, expected counts of every table`,
    );
    expect((await leaveFigures(standby)).witness.gtidSet).toBe('');
    await expect(verifyHome(primary)).rejects.toMatchObject({ code: 'NOT_HOME' });
    await expect(settle(primary)).rejects.toMatchObject({ code: 'NOT_HOME' });
    await loadHome(primary, dump, true);
    expect((await verifyHome(primary)).map(({ name, rows }) => [name, rows])).toEqual([
      ['Orders', 2],
      ['audit', 0],
    ]);
    // Another server that nobody wrote to has the same set: none.
    await leaveFigures({ ...standby, optionFile: primary.optionFile });
    await expect(verifyHome(primary)).rejects.toThrow(
      /they are of the server [0-9a-f-]{36}, and the dump is of [0-9a-f-]{36}/,
    );
    sides.standby.root('INSERT INTO shop.orders (total) VALUES (8)');
    await leaveFigures(standby);
    await expect(verifyHome(primary)).rejects.toThrow(/they have [0-9a-f-]{36}:\d+, which is not loaded/);
    await expect(discard(primary)).rejects.toMatchObject({ code: 'IS_HOME' });
  }, 90_000);

  it('does nothing with bad input, and says of each what it is', async () => {
    sides.primary.root(shop);
    const { primary, standby } = homeSides(sides);
    await expect(exportOrphans(primary, false)).rejects.toThrow(/has told nothing in .*opened\.json/);
    await expect(dumpHome(standby, null)).rejects.toThrow('nothing was ever loaded here');
    await sides.blobs.store.handover.add(openedBlob(sides.workload), '{"schemaVersion":1');
    await expect(exportOrphans(primary, false)).rejects.toThrow('has told what cannot be read');
    await failOver(sides);
    await exportOrphans(primary, false);
    await expect(loadHome(primary, '20260101T000000Z', true)).rejects.toMatchObject({ code: 'NO_DUMP' });
    await expect(dumpHome(standby, '20260101T000000Z')).rejects.toMatchObject({ code: 'NO_DUMP' });
    const { dump } = await dumpHome(standby, null);
    // A load that would end on the server that it came from.
    await expect(loadHome({ ...primary, optionFile: standby.optionFile }, dump, true)).rejects.toThrow(
      'this is the server that was dumped: got the standby, expected the primary',
    );
    sides.primary.root('SET GLOBAL log_bin_trust_function_creators = OFF');
    await expect(loadHome(primary, dump, false)).rejects.toThrow(
      'log_bin_trust_function_creators is OFF, expected ON: MySQL would refuse the 1 triggers and 1 routines',
    );
    sides.primary.root('SET GLOBAL log_bin_trust_function_creators = ON');
    // Changes alone, without what they go on from.
    sides.standby.root('INSERT INTO shop.orders (total) VALUES (8); DO SLEEP(1)');
    const changes = await dumpHome(standby, dump);
    await expect(loadHome(primary, changes.dump, true)).rejects.toThrow(
      `the dump has only what changed since ${dump}, and what is loaded here is nothing`,
    );
    // The mover's own login may read and not write.
    const reader = homeSides({ ...sides, primary: { ...sides.primary, administrator: sides.primary.login } });
    await expect(loadHome(reader.primary, dump, false)).rejects.toMatchObject({ failure: 'database' });
    const torn = `${sides.workload}/home/figures/99991231T235959000Z.json`;
    await sides.blobs.store.backups.add(torn, '{"schemaVersion":1');
    await expect(verifyHome(primary)).rejects.toThrow(`got ${torn}, which cannot be read`);
    await sides.blobs.damage(`${sides.workload}/home/${dump}/rows-0001.sql.zst`);
    await expect(loadHome(primary, dump, true)).rejects.toMatchObject({ code: 'DUMP_DAMAGED' });
    expect(sides.primary.root(COUNT)).toBe('2\t4.00');
    expect(sides.primary.root('CALL shop.total_of(1)')).toBe('1.50');
    // Nobody takes it for a dump of the primary.
    await expect(
      sides.bench.apply(sides.standby.login, { dump, replace: true, correlationId: 'other' }),
    ).rejects.toThrow(/another applier is at work|There is no whole dump/);
  }, 120_000);

  it('asks a primary that takes no writes, or that is busy, and says so', async () => {
    sides.primary.root(shop);
    await failOver(sides);
    const { primary } = homeSides(sides);
    expect((await askGates(primary)).gates.noForeignWrites).toMatchObject({
      state: 'shut',
      got: expect.stringContaining('no orphans were exported since the standby was opened (night)') as string,
    });
    sides.primary.root('SET GLOBAL read_only = ON');
    const { open, gates } = await askGates(primary);
    sides.primary.root('SET GLOBAL read_only = OFF');
    expect(open).toBe(false);
    expect(gates.healthy).toMatchObject({ state: 'shut', got: '1 and 0' });
    const gone: MySql = await startMySql('primary');
    await gone.kill('SIGKILL');
    const dead = homeSides({ ...sides, primary: gone });
    expect((await askGates(dead.primary)).gates.healthy).toMatchObject({
      state: 'shut',
      got: expect.stringContaining("Can't connect to MySQL server") as string,
    });
    await gone.stop();
  }, 90_000);
});
