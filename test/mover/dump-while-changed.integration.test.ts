import { writeOptionFile } from '../../mover/database/login.ts';
import { dump } from '../../mover/dump/dump.ts';
import type { MoverLog } from '../../mover/log.ts';
import { describeMover } from './helpers/mysql.ts';
import { useSides } from './helpers/sides.ts';

describeMover('a dump of a database whose structure changes meanwhile', () => {
  const sides = useSides();

  it.each([
    ['table', 'shop.late', 'CREATE TABLE shop.late (id INT PRIMARY KEY)'],
    ['schema', 'late.late', 'CREATE DATABASE late; CREATE TABLE late.late (id INT PRIMARY KEY)'],
  ])(
    'has the rows of a %s that is made after it looked',
    async (_, late, change) => {
      sides.primary.root(
        'CREATE DATABASE shop; CREATE TABLE shop.keyless (a INT); INSERT INTO shop.keyless VALUES (7)',
      );
      const heard: string[] = [];
      const hear = (event: string): void => {
        // It warns of a table without a key after its look at what there is, and before its snapshot.
        if (event === 'dump-warning' && !heard.includes(event))
          sides.primary.root(`${change}; INSERT INTO ${late} VALUES (1), (2)`);
        heard.push(event);
      };
      const log: MoverLog = { info: hear, warn: hear };
      const { manifest } = await dump({
        ...{ workload: sides.workload, host: '127.0.0.1', jobs: 2, checksums: true, log },
        ...{ now: () => Date.now(), sleep: () => Promise.resolve() },
        ...{ optionFile: writeOptionFile(sides.primary.login).path, backups: sides.blobs.store.backups },
      });
      expect(heard).toContain('dump-begins-again');
      expect(manifest.tables.map(({ name, rows }) => ({ name, rows }))).toContainEqual({
        name: 'late',
        rows: 2,
      });
      await sides.bench.apply(sides.standby.login);
      expect(sides.standby.root(`SELECT GROUP_CONCAT(id ORDER BY id) FROM ${late}`)).toBe('1,2');
    },
    60_000,
  );
});
