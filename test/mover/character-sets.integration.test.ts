import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describeMover, type MySql } from './helpers/mysql.ts';
import { useSides } from './helpers/sides.ts';

/** What a client with the character set latin1 sends: é is one byte, E9. */
function asLatin1(server: MySql, sql: string): void {
  const done = spawnSync(
    'mysql',
    [
      '--no-defaults',
      `--socket=${join(server.folder, 's')}`,
      '--user=root',
      '--default-character-set=latin1',
      'shop',
    ],
    { input: Buffer.from(sql, 'latin1'), env: { ...process.env } },
  );
  if (done.status !== 0) throw new Error(String(done.stderr));
}

const objects = (name: string): string =>
  `CREATE PROCEDURE p_${name}() SELECT HEX('é');
   CREATE FUNCTION f_${name}() RETURNS VARCHAR(20) CHARSET utf8mb4 DETERMINISTIC RETURN 'é';
   CREATE VIEW v_${name} AS SELECT HEX('é') AS h;
   CREATE TABLE t_${name} (id INT PRIMARY KEY, v VARCHAR(20)) COMMENT 'é';
   CREATE TRIGGER trigger_${name} BEFORE INSERT ON t_${name} FOR EACH ROW SET NEW.v = 'é';
   CREATE EVENT e_${name} ON SCHEDULE EVERY 1 DAY DO UPDATE t_${name} SET v = 'é';`;

describeMover('the mover and the character set of a client', () => {
  const sides = useSides();

  it('keeps the text of whatever runs in the database, by the dump and by the log', async () => {
    sides.primary.root('CREATE DATABASE shop CHARACTER SET utf8mb4');
    asLatin1(sides.primary, objects('dumped'));
    const stop = sides.bench.ship(sides.primary.login);
    await sides.bench.shipped();
    asLatin1(sides.primary, objects('logged'));
    await sides.bench.shipped();
    await stop();
    await sides.bench.apply(sides.standby.login);
    const { standby } = sides;
    for (const name of ['dumped', 'logged']) {
      expect(standby.root(`CALL shop.p_${name}()`)).toBe('E9');
      expect(standby.root(`SELECT shop.f_${name}()`)).toBe('é');
      expect(standby.root(`SELECT h FROM shop.v_${name}`)).toBe('E9');
      standby.root(`INSERT INTO shop.t_${name} (id) VALUES (1)`);
      expect(standby.root(`SELECT v FROM shop.t_${name}`)).toBe('é');
      expect(
        standby.root(`SELECT event_definition FROM information_schema.events WHERE event_name = 'e_${name}'`),
      ).toBe(`UPDATE t_${name} SET v = 'é'`);
      expect(
        standby.root(`SELECT table_comment FROM information_schema.tables WHERE table_name = 't_${name}'`),
      ).toBe('é');
    }
  }, 60_000);
});
