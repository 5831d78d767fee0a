import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeMover, type MySql } from './helpers/mysql.ts';
import { useSides } from './helpers/sides.ts';

const sql = (name: string): string => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');
const SCHEMAS = ['later', 'odd-name.1', 'zoo'];

/** Everything in these schemas as MySQL's own program tells it, but for who defined it and whether events sleep. */
function contents(server: MySql, schemas: readonly string[]): string {
  const done = spawnSync(
    'mysqldump',
    [
      ...['--no-defaults', `--socket=${join(server.folder, 's')}`, '--user=root', '--set-gtid-purged=OFF'],
      ...['--skip-comments', '--routines', '--events', '--triggers', '--order-by-primary', '--hex-blob'],
      ...['--skip-extended-insert', '--databases', ...schemas],
    ],
    { env: { ...process.env }, encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  if (done.status !== 0) throw new Error(done.stderr);
  return done.stdout
    .replaceAll(/DEFINER=`[^`]*`@`[^`]*`/g, 'DEFINER=somebody')
    .replaceAll(/(?:ENABLE|DISABLE ON (?:REPLICA|SLAVE))(?= COMMENT)/g, 'AWAKE OR NOT');
}

describeMover('the mover and what real databases hold', () => {
  const sides = useSides();

  it('carries every kind of column, name and object in a dump', async () => {
    sides.primary.root(sql('zoo-before.sql'));
    const { manifest } = await sides.bench.dump(sides.primary.login);
    expect(manifest.objects).toEqual({ views: 2, triggers: 1, routines: 1, events: 0 });
    expect(manifest.warnings).toEqual([
      'table zoo.keyless has no primary key: each change to it is replayed by reading all of it',
    ]);
    await sides.bench.apply(sides.standby.login);
    const schemas = SCHEMAS.filter((name) => name !== 'later');
    expect(contents(sides.standby, schemas)).toBe(contents(sides.primary, schemas));
  }, 60_000);

  it('carries every kind of statement and transaction by the log', async () => {
    sides.primary.root(sql('zoo-before.sql'));
    const stop = sides.bench.ship(sides.primary.login);
    await sides.bench.shipped();
    sides.primary.root(sql('zoo-after.sql'));
    await sides.bench.shipped();
    await stop();
    await sides.bench.apply(sides.standby.login);
    expect(contents(sides.standby, SCHEMAS)).toBe(contents(sides.primary, SCHEMAS));
    expect(sides.standby.root('SELECT user FROM zoo.event WHERE id = 9999')).toBe('LAST');
    expect(sides.standby.root("SELECT COUNT(*) FROM mysql.user WHERE user = 'guest'")).toBe('0');
  }, 90_000);
});
