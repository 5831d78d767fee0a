import type { ServerFacts } from '../database/server.ts';
import type { Catalog, CatalogTable } from './catalog.ts';

/** What stands in the way of a dump that loads, and what should be known all the same. */
export interface Preflight {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

const nameOf = ({ schema, name }: { schema: string; name: string }): string => `${schema}.${name}`;

/**
 * Says in daylight what the standby's database would refuse at night: Azure Database for MySQL compares names in lower case
 * (`lower_case_table_names=1`), knows InnoDB alone, and gives nobody SUPER (FACTS2 2).
 */
export function preflight(server: ServerFacts, catalog: Catalog): Preflight {
  if (server.isMariaDb) {
    return {
      problems: [
        `the server is MariaDB (${server.version}), expected MySQL 8.0 or later: the log and the dumps of the two do not load into each other`,
      ],
      warnings: [],
    };
  }
  return {
    problems: [
      ...(catalog.tables.length === 0
        ? [
            'there is no table outside of the server’s own schemas: there is nothing to dump. Is this the right server?',
          ]
        : []),
      ...sameNames(catalog),
      ...catalog.tables.flatMap(faultsOfTable),
      ...catalog.views.flatMap((view) =>
        view.brokenBecause === null
          ? []
          : [`view ${nameOf(view)} is broken (${view.brokenBecause}): mend it or drop it`],
      ),
      ...faultsOfLog(server),
    ],
    warnings: [...warningsOfLog(server), ...withoutKey(catalog.tables)],
  };
}

/** Names that are one name on the standby; the second table would replace the first in silence. */
function sameNames({ tables, views, schemas }: Catalog): string[] {
  const all = [...schemas.map(({ name }) => name), ...tables.map(nameOf), ...views.map(nameOf)];
  const byFolded = Map.groupBy(all, (name) => name.toLowerCase());
  return [...byFolded.values()]
    .filter((names) => names.length > 1)
    .map(
      (names) =>
        `${names.join(' and ')} differ only by case, which is one name on the standby: rename one of them`,
    );
}

function faultsOfTable(table: CatalogTable): string[] {
  const name = nameOf(table);
  return [
    ...(table.engine.toLowerCase() === 'innodb'
      ? []
      : [
          `table ${name} has the engine ${table.engine || 'none'}, expected InnoDB: ALTER TABLE ${name} ENGINE=InnoDB`,
        ]),
    ...(table.isEncrypted
      ? [
          `table ${name} is encrypted by a key of the server, which the standby has not: ALTER TABLE ${name} ENCRYPTION='N' (the disk is encrypted)`,
        ]
      : []),
  ];
}

function faultsOfLog(server: ServerFacts): string[] {
  if (!server.writesLog || server.logFormat === 'ROW') return [];
  return [`binlog_format is ${server.logFormat}, expected ROW: statements do not always do the same twice`];
}

function warningsOfLog(server: ServerFacts): string[] {
  if (!server.writesLog)
    return ['the server writes no binary log: only dumps are possible, no log can be shipped'];
  if (!server.keepsGtids) return ['gtid_mode is not ON: only dumps are possible, no log can be shipped'];
  return [];
}

const withoutKey = (tables: readonly CatalogTable[]): string[] =>
  tables
    .filter((table) => !table.hasKey)
    .map(
      (table) =>
        `table ${nameOf(table)} has no primary key: each change to it is replayed by reading all of it`,
    );

/** What a server lacks for its log to be shipped; empty where nothing. */
export function faultsForShipping(server: ServerFacts): readonly string[] {
  const wanted: readonly (readonly [string, string, boolean])[] = [
    ['log_bin', 'ON', server.writesLog],
    ['gtid_mode', 'ON', server.keepsGtids],
    ['binlog_format', 'ROW', server.logFormat === 'ROW'],
    ['binlog_row_image', 'FULL', server.rowImage === 'FULL'],
  ];
  return wanted.flatMap(([name, value, good]) =>
    good ? [] : [`${name} is not ${value}: set it in the parameter group of the primary`],
  );
}
