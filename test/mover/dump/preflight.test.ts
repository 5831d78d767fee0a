import { faultsForShipping, preflight } from '../../../mover/dump/preflight.ts';
import { catalog, server, table } from './fixture.ts';

const problemsOf = (more: Parameters<typeof catalog>[0], facts = server()): readonly string[] =>
  preflight(facts, catalog(more)).problems;

describe('a dump', () => {
  it('is made of a site that the standby takes', () => {
    expect(preflight(server(), catalog())).toEqual({ problems: [], warnings: [] });
  });

  it('is made of a view that is whole, and of names that differ by more than case', () => {
    const views = [{ schema: 'shop', name: 'recent', brokenBecause: null }];
    expect(problemsOf({ views, tables: [table(), table({ name: 'order_s' })] })).toEqual([]);
  });

  it('is not made of a server without a table', () => {
    expect(problemsOf({ schemas: [], tables: [] })).toEqual([
      'there is no table outside of the server’s own schemas: there is nothing to dump. Is this the right server?',
    ]);
  });

  it.each([
    [
      'two tables',
      { tables: [table({ name: 'Orders' }), table({ name: 'orders' })] },
      'shop.Orders and shop.orders differ only by case, which is one name on the standby: rename one of them',
    ],
    [
      'a table and a view',
      { views: [{ schema: 'shop', name: 'ORDERS', brokenBecause: null }] },
      'shop.orders and shop.ORDERS differ only by case, which is one name on the standby: rename one of them',
    ],
    [
      'two schemas',
      { schemas: [...catalog().schemas, { ...catalog().schemas[0]!, name: 'Shop' }] },
      'shop and Shop differ only by case, which is one name on the standby: rename one of them',
    ],
  ])('is not made of %s whose names differ only by case', (_, more, problem) => {
    expect(problemsOf(more)).toEqual([problem]);
  });

  it.each([
    [
      'MyISAM',
      'table shop.orders has the engine MyISAM, expected InnoDB: ALTER TABLE shop.orders ENGINE=InnoDB',
    ],
    ['', 'table shop.orders has the engine none, expected InnoDB: ALTER TABLE shop.orders ENGINE=InnoDB'],
  ])('is not made of a table with the engine %j', (engine, problem) => {
    expect(problemsOf({ tables: [table({ engine })] })).toEqual([problem]);
  });

  it('takes the name of the engine in any case', () => {
    expect(problemsOf({ tables: [table({ engine: 'INNODB' })] })).toEqual([]);
  });

  it('is not made of a table that only its own server can read', () => {
    expect(problemsOf({ tables: [table({ isEncrypted: true })] })).toEqual([
      "table shop.orders is encrypted by a key of the server, which the standby has not: ALTER TABLE shop.orders ENCRYPTION='N' (the disk is encrypted)",
    ]);
  });

  it('is not made of a view on what is not there', () => {
    const views = [
      { schema: 'shop', name: 'recent', brokenBecause: "View 'shop.recent' references invalid table(s)" },
    ];
    expect(problemsOf({ views })).toEqual([
      "view shop.recent is broken (View 'shop.recent' references invalid table(s)): mend it or drop it",
    ]);
  });

  it.each(['STATEMENT', 'MIXED'])('is not made of a server whose log is written as %s', (logFormat) => {
    expect(problemsOf({}, server({ logFormat }))).toEqual([
      `binlog_format is ${logFormat}, expected ROW: statements do not always do the same twice`,
    ]);
  });

  it('is made whatever the format of a log that is not written', () => {
    expect(preflight(server({ writesLog: false, logFormat: 'STATEMENT' }), catalog())).toEqual({
      problems: [],
      warnings: ['the server writes no binary log: only dumps are possible, no log can be shipped'],
    });
  });

  it('is not made of MariaDB, whatever else is wrong with it', () => {
    const facts = server({ isMariaDb: true, version: '11.8.3-MariaDB', logFormat: 'MIXED' });
    expect(preflight(facts, catalog({ tables: [] }))).toEqual({
      problems: [
        'the server is MariaDB (11.8.3-MariaDB), expected MySQL 8.0 or later: the log and the dumps of the two do not load into each other',
      ],
      warnings: [],
    });
  });

  it('names everything that stands in its way at once', () => {
    const problems = problemsOf(
      {
        tables: [table({ name: 'A', engine: 'MyISAM' }), table({ name: 'a', isEncrypted: true })],
        views: [{ schema: 'shop', name: 'v', brokenBecause: 'x' }],
      },
      server({ logFormat: 'MIXED' }),
    );
    expect(problems.map((problem) => problem.slice(0, 25))).toEqual([
      'shop.A and shop.a differ ',
      'table shop.A has the engi',
      'table shop.a is encrypted',
      'view shop.v is broken (x)',
      'binlog_format is MIXED, e',
    ]);
  });

  it('warns of what loads and should be known', () => {
    expect(preflight(server({ keepsGtids: false }), catalog({ tables: [table({ hasKey: false })] }))).toEqual(
      {
        problems: [],
        warnings: [
          'gtid_mode is not ON: only dumps are possible, no log can be shipped',
          'table shop.orders has no primary key: each change to it is replayed by reading all of it',
        ],
      },
    );
  });
});

describe('a log', () => {
  it('is shipped of a server that writes all of every row, with GTIDs', () => {
    expect(faultsForShipping(server())).toEqual([]);
  });

  it.each([
    [{ writesLog: false }, 'log_bin is not ON: set it in the parameter group of the primary'],
    [{ keepsGtids: false }, 'gtid_mode is not ON: set it in the parameter group of the primary'],
    [{ logFormat: 'MIXED' }, 'binlog_format is not ROW: set it in the parameter group of the primary'],
    [{ rowImage: 'MINIMAL' }, 'binlog_row_image is not FULL: set it in the parameter group of the primary'],
  ])('is not shipped of a server with %j', (lacking, fault) => {
    expect(faultsForShipping(server(lacking))).toEqual([fault]);
  });

  it('that is lacking in everything is told so at once', () => {
    const none = { writesLog: false, keepsGtids: false, logFormat: 'STATEMENT', rowImage: 'MINIMAL' };
    expect(faultsForShipping(server(none))).toHaveLength(4);
  });
});
