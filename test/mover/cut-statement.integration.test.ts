import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { LogFilter } from '../../mover/apply/log-filter.ts';
import { describeMover } from './helpers/mysql.ts';
import { useSides } from './helpers/sides.ts';

/*
 * Goal: a mover that is killed while it replays a change of a table leaves that table whole: the client executes what its input ends with.
 * Method: a real log through the filter, cut where half of its last statement is a statement itself, into the real client.
 */

describeMover('a statement of the log that was cut off', () => {
  const sides = useSides();
  const tables = (): string =>
    sides.standby.root(
      "SELECT GROUP_CONCAT(table_name ORDER BY table_name) FROM information_schema.tables WHERE table_schema = 'app'",
    );

  async function textOf(sql: string): Promise<string> {
    sides.primary.root('FLUSH BINARY LOGS');
    sides.primary.root(sql);
    const file = sides.primary.root('SHOW BINARY LOGS').split('\n').at(-1)?.split('\t')[0] ?? '';
    const read = spawnSync('mysqlbinlog', [join(sides.primary.folder, 'data', file)], {
      env: { ...process.env },
      maxBuffer: 2 ** 24,
    });
    return (await buffer(Readable.from([read.stdout]).pipe(new LogFilter('REPLICA')))).toString('latin1');
  }

  const replay = (text: string): number | null =>
    spawnSync(
      'mysql',
      ['--no-defaults', `--socket=${join(sides.standby.folder, 's')}`, '--user=root', '--binary-mode'],
      {
        env: { ...process.env },
        input: Buffer.from(text, 'latin1'),
      },
    ).status;

  it.each([
    [
      'ALTER TABLE app.orders DROP COLUMN b, DROP COLUMN c',
      'DROP COLUMN b',
      'SHOW COLUMNS FROM app.orders',
      'b',
    ],
    ['DROP TABLE app.orders, app.orders_old', '`app`.`orders`', 'SHOW TABLES FROM app', 'orders'],
    ['TRUNCATE app.orders_old', 'app.orders', 'SELECT a FROM app.orders', '1'],
  ])(
    'does nothing: %s',
    async (sql, upTo, shown, still) => {
      const made =
        'CREATE DATABASE app; CREATE TABLE app.orders (a INT, b INT, c INT); CREATE TABLE app.orders_old (a INT); INSERT INTO app.orders VALUES (1, 2, 3)';
      sides.primary.root(made);
      sides.standby.root(made);
      const text = await textOf(sql);
      const cut = text.slice(0, text.indexOf(upTo) + upTo.length);
      expect(cut).toMatch(/(?:ALTER|DROP|TRUNCATE)[^;]*$/);
      expect(replay(cut)).toBe(1);
      expect(sides.standby.root(shown)).toMatch(new RegExp(`^${still}\\b`, 'm'));
      expect(tables()).toBe('orders,orders_old');
      // The whole of it does what it says.
      expect(replay(text)).toBe(0);
      expect(
        sides.standby.root(`SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'app'`),
      ).toBe(sides.primary.root(`SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'app'`));
    },
    60_000,
  );
});
