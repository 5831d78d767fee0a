import type { TableFigures } from '../../core/data/manifest.ts';
import { identifier, type Session } from '../database/session.ts';

/**
 * Counts the rows of each table, and takes MySQL's own checksum of it, as the session's snapshot sees them: CHECKSUM TABLE
 * reads InnoDB by the snapshot of its transaction (tried with 9.7.4).
 */
export async function figuresOf(
  session: Session,
  tables: readonly { readonly schema: string; readonly name: string }[],
  checksums: boolean,
): Promise<readonly TableFigures[]> {
  const figures: TableFigures[] = [];
  for (const { schema, name } of tables) {
    const table = `${identifier(schema)}.${identifier(name)}`;
    const rows = Number(await session.value(`SELECT COUNT(*) FROM ${table}`));
    const checksum = checksums ? ((await session.query(`CHECKSUM TABLE ${table}`))[0]?.[1] ?? null) : null;
    figures.push({ schema, name, rows, checksum });
  }
  return figures;
}

/** What differs between two sides, a sentence a table; names compare in lower case, as the standby's do. Empty where nothing. */
export function differences(
  expected: readonly TableFigures[],
  found: readonly TableFigures[],
): readonly string[] {
  const key = ({ schema, name }: TableFigures): string => `${schema}.${name}`.toLowerCase();
  const byKey = new Map(found.map((table) => [key(table), table]));
  const known = new Set(expected.map(key));
  return [
    ...expected.flatMap((table) => {
      const other = byKey.get(key(table));
      const name = `${table.schema}.${table.name}`;
      if (other === undefined) return [`table ${name} is missing`];
      if (other.rows !== table.rows) return [`table ${name} has ${other.rows} rows, expected ${table.rows}`];
      const differs = table.checksum !== null && other.checksum !== null && other.checksum !== table.checksum;
      return differs ? [`table ${name} has as many rows and another checksum`] : [];
    }),
    ...found
      .filter((table) => !known.has(key(table)))
      .map((table) => `table ${table.schema}.${table.name} is there and should not be`),
  ];
}
