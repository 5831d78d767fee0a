import { Transform, type TransformCallback } from 'node:stream';
import { decide, isSystem, LEADING } from '../apply/statements.ts';
import { GtidCollector } from '../database/gtids.ts';
import { isWorkSchema } from '../database/server.ts';

/** Rows of one table that a log changes. */
export interface TouchedTable {
  readonly schema: string;
  readonly name: string;
  inserted: number;
  updated: number;
  deleted: number;
}

/** What a stretch of a log does to the site's own schemas. */
export interface Tally {
  transactions: number;
  /** The transactions that were counted; one without a GTID is not in it. */
  readonly gtids: GtidCollector;
  readonly tables: Map<string, TouchedTable>;
  /** Statements that may change the structure. */
  statements: number;
  /** The first of them, in a few words. */
  statement: string;
  /** Milliseconds since the Unix epoch; null where nothing was counted. */
  firstCommitAt: number | null;
  lastCommitAt: number | null;
}

const END = '/*!*/;';
const NEWLINE = 10;
const WORDS_OF_STATEMENT = 80;
const TABLE_MAP = /\tTable_map: `((?:[^`]|``)*)`\.`((?:[^`]|``)*)` mapped/;
const ROW = /^### (INSERT INTO|UPDATE|DELETE FROM) `((?:[^`]|``)*)`\.`((?:[^`]|``)*)`$/;
const HARMLESS = /^(?:BEGIN|COMMIT|ROLLBACK|SAVEPOINT |XA )/i;
/** What a load does that is not done yet: the tables that it makes, in schemas of its own, and the events that it puts to sleep. */
const OWN_WORK =
  /^(?:(?:CREATE|DROP|ALTER) (?:DATABASE|TABLE) (?:IF (?:NOT )?EXISTS )?`?pilotlight_(?:home|was)_\d+_\d+`?|ALTER (?:DEFINER=\S+ )?EVENT `.*`\.`.*` DISABLE ON (?:REPLICA|SLAVE)$)/;

const utf8 = (latin1: string): string => Buffer.from(latin1.replaceAll('``', '`'), 'latin1').toString('utf8');
const isOthers = (schema: string): boolean => isSystem(schema) || isWorkSchema(schema);

/**
 * Counts what the text of `mysqlbinlog --base64-output=decode-rows` does to the site's schemas, and lets the text pass. What is done within
 * the server's own schemas (RDS writes a heartbeat), the mover's, or to accounts, is nobody's data. Rows are counted with `--verbose` only.
 */
export class LogTally extends Transform {
  readonly tally: Tally = {
    transactions: 0,
    gtids: new GtidCollector(),
    tables: new Map(),
    statements: 0,
    statement: '',
    firstCommitAt: null,
    lastCommitAt: null,
  };
  private rest: Buffer = Buffer.alloc(0);
  private statement: string[] | null = null;
  private schema = '';
  private gtid = '';
  private committedAt: number | null = null;
  private isOfSite = false;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const text = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let from = 0;
    for (let at = text.indexOf(NEWLINE); at !== -1; at = text.indexOf(NEWLINE, from)) {
      this.line(text, from, at);
      from = at + 1;
    }
    this.rest = text.subarray(from);
    done(null, chunk);
  }

  override _flush(done: TransformCallback): void {
    this.endTransaction();
    done();
  }

  private line(text: Buffer, from: number, to: number): void {
    // The values of rows are most of a log, and say nothing here: `###   @1=...`, `### SET`, `### WHERE`.
    const isValue = text[from] === 0x23 && text[from + 4] === 0x20 && text[from + 1] === 0x23;
    if (isValue && this.statement === null) return;
    const line = text.toString('latin1', from, to);
    if (this.statement !== null) {
      if (line === END) this.endStatement(this.statement.join('\n'));
      else this.statement.push(line);
    } else if (line.startsWith('#')) this.comment(line);
    else this.setting(line);
  }

  private comment(line: string): void {
    const row = ROW.exec(line);
    if (row !== null) {
      const [, verb = '', schema = '', name = ''] = row;
      const table = this.touch(schema, name);
      if (table === null) return;
      if (verb === 'UPDATE') table.updated += 1;
      else if (verb === 'INSERT INTO') table.inserted += 1;
      else table.deleted += 1;
      return;
    }
    const committed = /^# original_commit_timestamp=(\d+)/.exec(line)?.[1];
    if (committed !== undefined) {
      const ms = Math.floor(Number(committed) / 1000);
      this.committedAt = ms > 0 ? ms : null;
      return;
    }
    const [, schema, name] = TABLE_MAP.exec(line) ?? [];
    if (schema !== undefined && name !== undefined) this.touch(schema, name);
    // The next transaction begins with a GTID.
    else if (/^#\d{6} .*end_log_pos \d+ .*\t(?:GTID|Anonymous_GTID|Rotate|Stop)\b/.test(line))
      this.endTransaction();
  }

  private touch(rawSchema: string, rawName: string): TouchedTable | null {
    const schema = utf8(rawSchema);
    if (isOthers(schema)) return null;
    this.isOfSite = true;
    const name = utf8(rawName);
    const key = JSON.stringify([schema, name]);
    const table = this.tally.tables.get(key) ?? { schema, name, inserted: 0, updated: 0, deleted: 0 };
    this.tally.tables.set(key, table);
    return table;
  }

  private setting(line: string): void {
    if (line === '' || line === END) return;
    const gtid = /^SET @@SESSION\.GTID_NEXT= '([^']+)'/.exec(line)?.[1];
    // The text ends with AUTOMATIC, behind the last transaction.
    if (gtid === 'AUTOMATIC') this.endTransaction();
    else if (gtid !== undefined) this.gtid = gtid;
    const used = /^use `((?:[^`]|``)*)`/i.exec(line)?.[1];
    if (used !== undefined) this.schema = utf8(used);
    const isWhole = line.endsWith(END) || /^(?:DELIMITER |\/\*!\d+ SET ).*;$/.test(line);
    if (!isWhole) this.statement = [line];
  }

  private endStatement(statement: string): void {
    this.statement = null;
    if (HARMLESS.test(statement)) return;
    const bare = statement.slice(LEADING.exec(statement)?.[0].length ?? 0);
    if (OWN_WORK.test(bare)) return;
    // A statement within a schema of ours names nothing else; one that names another schema says so.
    if (isWorkSchema(this.schema) && /^(?:CREATE|DROP|ALTER|TRUNCATE)\b/i.test(bare)) return;
    if (decide(statement, this.schema, 'REPLICA').kind === 'skip') return;
    this.isOfSite = true;
    this.tally.statements += 1;
    if (this.tally.statement === '')
      this.tally.statement = utf8(bare).replaceAll(/\s+/g, ' ').slice(0, WORDS_OF_STATEMENT);
  }

  private endTransaction(): void {
    const { tally } = this;
    if (this.isOfSite) {
      tally.transactions += 1;
      if (this.gtid !== '') tally.gtids.add(this.gtid);
      if (this.committedAt !== null) {
        tally.firstCommitAt ??= this.committedAt;
        tally.lastCommitAt = this.committedAt;
      }
    }
    this.isOfSite = false;
    this.committedAt = null;
    this.gtid = '';
  }
}

/** What a tally counted, in a few words for people: `3 transactions (shop.Orders, shop.audit)`. */
export function tallyText({ transactions, tables, statement }: Tally): string {
  const names = [...tables.values()].map(({ schema, name }) => `${schema}.${name}`);
  const told = [...names.slice(0, 10), ...(names.length > 10 ? [`${names.length - 10} tables more`] : [])];
  const what = [...told, ...(statement === '' ? [] : [statement])].join(', ');
  return `${transactions} ${transactions === 1 ? 'transaction' : 'transactions'} (${what})`;
}
