import type { ManifestV2 } from '../../core/data/manifest.ts';
import { logEnd, notSystem } from '../database/server.ts';
import type { Session } from '../database/session.ts';
import { MoverError } from '../errors.ts';
import { without } from '../database/gtids.ts';
import { tallyServerLog, type LogReaderOptions } from './server-log.ts';

/** A table by its two names. */
export interface TableName {
  readonly schema: string;
  readonly name: string;
}

/** What was written since a dump: the tables, or why nobody can limit it to some. `gtidSet` is what the server had executed when it was asked. */
export type Changed =
  | { readonly tables: readonly TableName[]; readonly gtidSet: string }
  | { readonly tables: null; readonly because: string };

const keyOf = ({ schema, name }: TableName): string => JSON.stringify([schema, name]);

/**
 * The tables that were written to since a dump of this server, by its own binary log. Checksums would not do: two rows of a table that have
 * swapped a value have the same sum more often than one would think.
 */
export async function changedSince(
  options: LogReaderOptions,
  session: Session,
  since: ManifestV2,
): Promise<Changed> {
  const whole = (because: string): Changed => ({ tables: null, because });
  const [facts = []] = await session.query('SELECT @@server_uuid, VERSION(), @@binlog_format, @@log_bin');
  const [uuid, version = '', format, writesLog] = facts;
  if (uuid !== since.source.uuid) return whole('another server answers than was dumped');
  if (writesLog !== '1' || format !== 'ROW') return whole('the server does not log rows');
  if (since.position === null || since.gtidSet === null) return whole('the dump has no place in the log');
  const end = await logEnd(session, version);
  if (end === null) return whole('the server writes no log');
  if ((await without(session, since.gtidSet, end.gtidSet)) !== '') return whole('the server has lost log');
  try {
    const { file, position } = since.position;
    const tally = await tallyServerLog(options, { file, position, include: null });
    if (tally.statements > 0) return whole(`the structure may have changed (${tally.statement})`);
    const touched = [...tally.tables.values()].map(({ schema, name }) => ({ schema, name }));
    return { tables: await withChildren(session, touched), gtidSet: end.gtidSet };
  } catch (error) {
    if (error instanceof MoverError && error.failure === 'gap')
      return whole('the log since the dump is gone');
    throw error;
  }
}

/**
 * What a foreign key changes by itself (CASCADE, SET NULL) is in no log before MySQL 9: every table that refers to one that was written to,
 * over however many steps, counts as written to.
 */
async function withChildren(session: Session, touched: readonly TableName[]): Promise<readonly TableName[]> {
  const keys = await session.query(
    `SELECT DISTINCT constraint_schema, table_name, unique_constraint_schema, referenced_table_name
     FROM information_schema.referential_constraints WHERE ${notSystem('constraint_schema')}`,
  );
  const found = new Map(touched.map((table) => [keyOf(table), table]));
  for (let grows = true; grows;) {
    grows = false;
    for (const [schema = '', name = '', parentSchema = '', parent = ''] of keys) {
      const child = { schema, name };
      if (found.has(keyOf(child)) || !found.has(keyOf({ schema: parentSchema, name: parent }))) continue;
      found.set(keyOf(child), child);
      grows = true;
    }
  }
  return [...found.values()];
}
