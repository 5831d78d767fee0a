import { notSystem } from '../database/server.ts';
import type { Session } from '../database/session.ts';

/** A table of the site. Length in bytes, as the server estimates it. */
export interface CatalogTable {
  readonly schema: string;
  readonly name: string;
  readonly engine: string;
  readonly length: number;
  readonly hasKey: boolean;
  readonly collation: string;
  readonly isEncrypted: boolean;
}

/** What there is to dump. */
export interface Catalog {
  readonly schemas: readonly {
    readonly name: string;
    readonly characterSet: string;
    readonly collation: string;
  }[];
  readonly tables: readonly CatalogTable[];
  /** `brokenBecause` is the server's own remark about a view that names what is not there; null for a good one. */
  readonly views: readonly {
    readonly schema: string;
    readonly name: string;
    readonly brokenBecause: string | null;
  }[];
  readonly objects: { readonly triggers: number; readonly routines: number; readonly events: number };
}

/** Reads what there is to dump: every schema but the server's own. */
export async function readCatalog(session: Session): Promise<Catalog> {
  const schemas = await session.query(
    `SELECT schema_name, default_character_set_name, default_collation_name FROM information_schema.schemata
     WHERE ${notSystem('schema_name')} ORDER BY schema_name`,
  );
  const tables = await session.query(
    `SELECT t.table_schema, t.table_name, COALESCE(t.engine, ''), COALESCE(t.data_length, 0),
       EXISTS (SELECT 1 FROM information_schema.statistics s
         WHERE s.table_schema = t.table_schema AND s.table_name = t.table_name AND s.index_name = 'PRIMARY'),
       COALESCE(t.table_collation, ''), t.create_options LIKE '%ENCRYPTION=''Y''%'
     FROM information_schema.tables t WHERE t.table_type = 'BASE TABLE' AND ${notSystem('t.table_schema')}
     ORDER BY t.table_schema, t.table_name`,
  );
  const views = await session.query(
    `SELECT table_schema, table_name, COALESCE(table_comment, '') FROM information_schema.tables
     WHERE table_type = 'VIEW' AND ${notSystem('table_schema')} ORDER BY table_schema, table_name`,
  );
  const count = async (kind: string, column: string): Promise<number> =>
    Number(await session.value(`SELECT COUNT(*) FROM information_schema.${kind} WHERE ${notSystem(column)}`));
  return {
    schemas: schemas.map(([name = '', characterSet = '', collation = '']) => ({
      name,
      characterSet,
      collation,
    })),
    tables: tables.map(
      ([schema = '', name = '', engine = '', length = '0', key = '0', collation = '', encrypted = '0']) => ({
        schema,
        name,
        engine,
        length: Number(length),
        hasKey: key === '1',
        collation,
        isEncrypted: encrypted === '1',
      }),
    ),
    views: views.map(([schema = '', name = '', comment = '']) => ({
      schema,
      name,
      brokenBecause: comment.includes('references invalid') ? comment : null,
    })),
    objects: {
      triggers: await count('triggers', 'trigger_schema'),
      routines: await count('routines', 'routine_schema'),
      events: await count('events', 'event_schema'),
    },
  };
}
