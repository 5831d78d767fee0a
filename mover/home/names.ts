import { notSystem } from '../database/server.ts';
import { identifier, type Session } from '../database/session.ts';

/*
 * The standby writes every name in lower case (Azure: lower_case_table_names=1), the primary as the site has it. What comes home gets back the
 * name that the primary knows; what the standby has made meanwhile keeps its own.
 */

/** The names of the primary, by those of the standby. */
export interface TrueNames {
  readonly schema: (schema: string) => string;
  readonly table: (schema: string, name: string) => string;
  /** Whether any name differs at all. */
  readonly differ: boolean;
}

const SAME: TrueNames = { schema: (schema) => schema, table: (_, name) => name, differ: false };
const key = (...names: readonly string[]): string => JSON.stringify(names.map((name) => name.toLowerCase()));

/** Reads the names of the site's schemas, tables and views. */
export async function readTrueNames(session: Session): Promise<TrueNames> {
  if ((await session.value('SELECT @@lower_case_table_names')) !== '0') return SAME;
  const schemas = await session.query(
    `SELECT schema_name FROM information_schema.schemata WHERE ${notSystem('schema_name')}`,
  );
  const tables = await session.query(
    `SELECT table_schema, table_name FROM information_schema.tables WHERE ${notSystem('table_schema')}`,
  );
  const bySchema = new Map(schemas.map(([schema = '']) => [key(schema), schema]));
  const byTable = new Map(tables.map(([schema = '', name = '']) => [key(schema, name), name]));
  const all = [...bySchema.values(), ...byTable.values()];
  return {
    schema: (schema) => bySchema.get(key(schema)) ?? schema,
    table: (schema, name) => byTable.get(key(schema, name)) ?? name,
    differ: all.some((name) => name !== name.toLowerCase()),
  };
}

/** Strings, and names with what qualifies them. */
const TOKEN = /'(?:[^'\\]|\\[\s\S]|'')*'|(`(?:[^`]|``)*`)(?:\.(`(?:[^`]|``)*`))?(?:\.(`(?:[^`]|``)*`))?/g;
const utf8 = (quoted: string): string =>
  Buffer.from(quoted.slice(1, -1).replaceAll('``', '`'), 'latin1').toString('utf8');
const latin1 = (name: string): string => Buffer.from(identifier(name), 'utf8').toString('latin1');

/**
 * The text of a view with the names of the primary, each byte a character. The server prints every name of a view between backquotes; a name
 * behind AS is one of a column, whose case says nothing.
 * @param schema the schema that the view is in, as the standby has it
 */
export function withTrueNames(text: string, schema: string, names: TrueNames): string {
  if (!names.differ) return text;
  let out = '';
  let from = 0;
  for (const found of text.matchAll(TOKEN)) {
    const before = text.slice(from, found.index);
    const [token, ...parts] = found;
    const isColumn = /\bAS $/i.test(before.slice(-4));
    out += before + (parts[0] === undefined || isColumn ? token : trueName(parts, schema, names));
    from = found.index + token.length;
  }
  return out + text.slice(from);
}

/** One name, with what qualifies it: a schema and a table, a table and a column, or one of them. */
function trueName(parts: readonly (string | undefined)[], schema: string, names: TrueNames): string {
  const [a = '', b, c] = parts;
  const first = utf8(a);
  if (b === undefined) return latin1(names.table(schema, first));
  const asTable = names.table(first, utf8(b));
  const isOfSchema = c !== undefined || asTable !== utf8(b) || names.schema(first) !== first;
  const own = isOfSchema
    ? [latin1(names.schema(first)), latin1(asTable)]
    : [latin1(names.table(schema, first)), b];
  return [...own, ...(c === undefined ? [] : [c])].join('.');
}
