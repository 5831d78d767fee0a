import { binsOf } from '../../../mover/dump/bins.ts';
import type { Catalog, CatalogTable } from '../../../mover/dump/catalog.ts';
import { withoutDefiners } from '../../../mover/dump/definers.ts';
import { faultsForShipping, preflight } from '../../../mover/dump/preflight.ts';
import type { ServerFacts } from '../../../mover/database/server.ts';
import { differences } from '../../../mover/verify/figures.ts';

const server: ServerFacts = {
  version: '8.4.11',
  isMariaDb: false,
  uuid: '3e11fa47-71ca-11e1-9e33-c80aa9429562',
  writesLog: true,
  keepsGtids: true,
  logFormat: 'ROW',
  rowImage: 'FULL',
  maxAllowedPacket: 67_108_864,
};
const table = (name: string, more: Partial<CatalogTable> = {}): CatalogTable => ({
  ...{
    schema: 'shop',
    name,
    engine: 'InnoDB',
    length: 100,
    hasKey: true,
    collation: 'utf8mb4_bin',
    isEncrypted: false,
  },
  ...more,
});
const catalog = (tables: readonly CatalogTable[]): Catalog => ({
  schemas: [{ name: 'shop', characterSet: 'utf8mb4', collation: 'utf8mb4_bin' }],
  tables,
  views: [],
  objects: { triggers: 0, routines: 0, events: 0 },
});

describe('the look at a database before it is dumped', () => {
  it('finds nothing wrong with tables of InnoDB that have keys', () => {
    expect(preflight(server, catalog([table('orders')]))).toEqual({ problems: [], warnings: [] });
  });

  it('refuses MariaDB by its version alone', () => {
    const { problems } = preflight({ ...server, isMariaDb: true, version: '11.8.2-MariaDB' }, catalog([]));
    expect(problems).toEqual([
      'the server is MariaDB (11.8.2-MariaDB), expected MySQL 8.0 or later: the log and the dumps of the two do not load into each other',
    ]);
  });

  it('warns of a table without a key, and of a server whose log cannot be shipped', () => {
    const { problems, warnings } = preflight(
      { ...server, keepsGtids: false },
      catalog([table('t', { hasKey: false })]),
    );
    expect(problems).toEqual([]);
    expect(warnings).toEqual([
      'gtid_mode is not ON: only dumps are possible, no log can be shipped',
      'table shop.t has no primary key: each change to it is replayed by reading all of it',
    ]);
  });

  it('refuses a table that is encrypted by a key of the server', () => {
    expect(preflight(server, catalog([table('t', { isEncrypted: true })])).problems[0]).toContain(
      "ALTER TABLE shop.t ENCRYPTION='N'",
    );
  });

  it('names everything that a log lacks to be shipped, and nothing where it lacks nothing', () => {
    expect(faultsForShipping(server)).toEqual([]);
    expect(faultsForShipping({ ...server, logFormat: 'MIXED', rowImage: 'MINIMAL' })).toEqual([
      'binlog_format is not ROW: set it in the parameter group of the primary',
      'binlog_row_image is not FULL: set it in the parameter group of the primary',
    ]);
  });
});

describe('the parts of a dump', () => {
  it('hold each table once, the largest spread over the processes', () => {
    const bins = binsOf(
      [table('a', { length: 900 }), table('b', { length: 500 }), table('c', { length: 450 })],
      2,
    );
    expect(bins).toEqual([
      { schema: 'shop', tables: ['a'] },
      { schema: 'shop', tables: ['b', 'c'] },
    ]);
  });

  it('are one at least for each schema', () => {
    const bins = binsOf([table('a'), table('z', { schema: 'other', length: 0 })], 1);
    expect(bins.map(({ schema }) => schema)).toEqual(['shop', 'other']);
  });
});

describe('the text of a dump', () => {
  it('loses the definers of views, triggers and routines, and what only the primary may say', () => {
    const text = [
      'SET @@SESSION.SQL_LOG_BIN= 0;',
      "SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ 'uuid:1-5,",
      "uuid2:1';",
      "CREATE DATABASE `shop` /*!40100 DEFAULT CHARACTER SET utf8mb4 */ /*!80016 DEFAULT ENCRYPTION='N' */;",
      '/*!50013 DEFINER=`root`@`localhost` SQL SECURITY DEFINER */',
      'DELIMITER ;;',
      '/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN',
      'CREATE DEFINER=`root`@`localhost` is text of the body',
      'END */;;',
      'DELIMITER ;',
    ].join('\n');
    expect(withoutDefiners(text).split('\n')).toEqual([
      'CREATE DATABASE `shop` /*!40100 DEFAULT CHARACTER SET utf8mb4 */;',
      '/*!50013 SQL SECURITY DEFINER */',
      'DELIMITER ;;',
      '/*!50003 CREATE*/ /*!50003 TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN',
      'CREATE DEFINER=`root`@`localhost` is text of the body',
      'END */;;',
      'DELIMITER ;',
    ]);
  });

  it('keeps a row that looks like a statement', () => {
    const row = "INSERT INTO `t` VALUES (1,'CREATE DEFINER=`a`@`b` PROCEDURE p()');";
    expect(withoutDefiners(row)).toBe(row);
  });
});

describe('the comparison of two sides', () => {
  const figures = (name: string, rows: number, checksum: string) => ({
    schema: 'shop',
    name,
    rows,
    checksum,
  });

  it('finds nothing where both are equal, whatever the case of the names', () => {
    expect(differences([figures('Orders', 2, '7')], [figures('orders', 2, '7')])).toEqual([]);
  });

  it('names each table that differs', () => {
    const expected = [figures('a', 2, '7'), figures('b', 2, '7'), figures('c', 1, '1')];
    const found = [figures('a', 3, '8'), figures('b', 2, '9'), figures('d', 0, '0')];
    expect(differences(expected, found)).toEqual([
      'table shop.a has 3 rows, expected 2',
      'table shop.b has as many rows and another checksum',
      'table shop.c is missing',
      'table shop.d is there and should not be',
    ]);
  });
});
