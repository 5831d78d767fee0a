import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { logParts } from '../../mover/store/dumps.ts';
import { readStatus } from '../../mover/status.ts';
import { describeMover } from './helpers/mysql.ts';
import { until, useSides } from './helpers/sides.ts';

describeMover('ship, where the database goes, refuses, or has much to send', () => {
  const sides = useSides();

  const insert = (rows: number): void => {
    sides.primary.root(`USE app; ${"INSERT INTO t (v) VALUES (REPEAT('x', 150));".repeat(rows)}`);
  };
  const makeTable = (): void => {
    sides.primary.root(
      'CREATE DATABASE app; CREATE TABLE app.t (id INT PRIMARY KEY AUTO_INCREMENT, v LONGTEXT)',
    );
  };

  it('tells that the database is gone, ships on when it is back, and has no byte twice', async () => {
    makeTable();
    sides.bench.ship(sides.primary.login);
    await sides.bench.shipped();
    for (let times = 0; times < 2; times += 1) {
      insert(100);
      await sides.primary.kill('SIGKILL');
      const gone = await sides.bench.beatThat((beat) => beat.fault !== null);
      expect(gone.fault?.name).toBe('database-unreachable');
      await sides.primary.again();
      insert(100);
      await sides.bench.shipped();
      expect((await sides.bench.beat())?.fault).toBeNull();
    }
    await sides.bench.apply(sides.standby.login);
    const sum = (rows: string): string => createHash('sha256').update(rows).digest('hex');
    const rows = 'SELECT * FROM app.t ORDER BY id';
    expect(sum(sides.standby.root(rows))).toBe(sum(sides.primary.root(rows)));
    expect(sides.standby.root('SELECT COUNT(*) FROM app.t')).toBe('400');
  }, 90_000);

  it('ends where its login is refused, and says so: the next start reads the secret anew', async () => {
    makeTable();
    sides.bench.ship({ ...sides.primary.login, password: 'not the one' });
    await until(() => sides.bench.logged.some(({ event }) => event === 'ended'));
    const ended = sides.bench.logged.find(({ event }) => event === 'ended');
    expect(ended?.facts['error']).toContain('Is the secret the one of this server, and was it rotated?');
    expect(JSON.stringify(sides.bench.logged)).not.toContain('not the one');
    expect((await sides.bench.beat())?.fault?.name).toBe('database-unreachable');
  }, 60_000);

  it('goes on beating while it ships what has gathered, and does not call it whole before it is', async () => {
    makeTable();
    const { name } = await sides.bench.dump(sides.primary.login);
    // 250 MB of log and nothing left to dump.
    for (let times = 0; times < 5; times += 1) {
      sides.primary.root(
        `USE app; INSERT INTO t (v) WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 25)
        SELECT REPEAT(SHA2(n, 256), 16000) FROM c; DELETE FROM t`,
      );
    }
    const began = Date.now();
    sides.bench.ship(sides.primary.login);
    const beats = new Set<number>();
    let partly = 0;
    for (const limit = Date.now() + 60_000; Date.now() < limit;) {
      const beat = await sides.bench.beat();
      if (beat !== null) beats.add(Date.parse(beat.at));
      if (beat !== null && beat.log !== null) break;
      const parts = await logParts(sides.blobs.store.backups, sides.workload, name);
      if (parts.length > 0) partly += 1;
      await wait(100);
    }
    const times = [began, ...beats].sort((a, b) => a - b);
    const pauses = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(Math.max(...pauses)).toBeLessThan(5_000);
    expect(beats.size).toBeGreaterThan(2);
    expect(partly).toBeGreaterThan(0);
    const { recoveryPoint } = await readStatus(sides.blobs.store, sides.workload, Date.now());
    expect(recoveryPoint).toMatchObject({ known: true, from: 'log', dump: name });
  }, 120_000);
});
