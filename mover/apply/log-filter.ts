import { Transform, type TransformCallback } from 'node:stream';
import type { ReplicaWord } from './events.ts';
import { decide, isSystem } from './statements.ts';

/** What passed through the filter. */
export interface Passed {
  /** Transactions that were whole. */
  transactions: number;
  /** Position in the file up to which everything has passed whole; 0 before the first transaction. */
  safePosition: number;
  /** Milliseconds since the Unix epoch of the newest commit on the primary; null where none came. */
  lastCommitAt: number | null;
  /** The GTID that is on its way, for the words of an error. */
  gtid: string;
  /** Statements that were left out, the first few. */
  readonly skipped: { readonly gtid: string; readonly because: string }[];
  /** Schemas that were made, by their names. */
  readonly schemas: string[];
}

const END = '/*!*/;';
/** The end of a transaction of the log; one of XA has two, its preparation and its end. */
const ENDS = /^(?:COMMIT|XA (?:PREPARE|COMMIT|ROLLBACK))\b/i;
const SKIPPED_TOLD_MAX = 20;
const NEWLINE = 10;

/** The statement that makes a schema: its name between backquotes, or without. */
const MAKES_SCHEMA =
  /^(?:\s|\/\*(?!!)[\s\S]*?\*\/)*CREATE\s+(?:DATABASE|SCHEMA)\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:`((?:[^`]|``)+)`|([\w$\x80-\xff]+))/i;
const nameOf = ([, quoted, plain = '']: RegExpExecArray): string =>
  Buffer.from(quoted?.replaceAll('``', '`') ?? plain, 'latin1').toString('utf8');

type Mode = 'settings' | 'statement' | 'rows' | 'rows-skipped';

/**
 * Reads the text of `mysqlbinlog`, line by line, and writes what the standby may do. Rows pass as they are, but for those of the
 * server's own schemas (RDS writes a heartbeat into `mysql`); a statement is decided on as a whole. The bytes of a statement are
 * kept, whatever their character set.
 */
export class LogFilter extends Transform {
  readonly passed: Passed = {
    transactions: 0,
    safePosition: 0,
    lastCommitAt: null,
    gtid: '',
    skipped: [],
    schemas: [],
  };
  private rest: Buffer = Buffer.alloc(0);
  private mode: Mode = 'settings';
  private statement: string[] = [];
  private position = 0;
  /** When the transaction that is on its way was committed; null where nobody said. */
  private committedAt: number | null = null;
  private schema = '';
  /** Tables of the rows that come next; whether each is one of the server's own. */
  private tables: boolean[] = [];
  private readonly word: ReplicaWord;

  constructor(word: ReplicaWord) {
    super();
    this.word = word;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const text = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let from = 0;
    for (let at = text.indexOf(NEWLINE); at !== -1; at = text.indexOf(NEWLINE, from)) {
      this.line(text.subarray(from, at));
      from = at + 1;
    }
    this.rest = text.subarray(from);
    done();
  }

  override _flush(done: TransformCallback): void {
    if (this.rest.length > 0) this.line(this.rest);
    done();
  }

  private emitLine(line: Buffer): void {
    this.push(Buffer.concat([line, Buffer.from([NEWLINE])]));
  }

  private line(bytes: Buffer): void {
    if (this.mode === 'rows' || this.mode === 'rows-skipped') {
      if (this.mode === 'rows') this.emitLine(bytes);
      if (bytes.length === 7 && bytes.toString('latin1') === `'${END}`) this.mode = 'settings';
      return;
    }
    // Each byte becomes one character and comes back as the same byte.
    const line = bytes.toString('latin1');
    if (this.mode === 'statement') {
      if (line === END) this.endStatement();
      else this.statement.push(line);
      return;
    }
    this.setting(line, bytes);
  }

  private setting(line: string, bytes: Buffer): void {
    if (line.startsWith('#')) {
      this.comment(line);
    } else if (line.startsWith("BINLOG '")) {
      const skipped = this.tables.length > 0 && this.tables.every(Boolean);
      this.mode = skipped ? 'rows-skipped' : 'rows';
      this.tables = [];
      if (!skipped) this.emitLine(bytes);
    } else if (line === END || line === '') {
      this.emitLine(bytes);
    } else if (line.endsWith(END) || /^(?:DELIMITER |\/\*!\d+ SET ).*;$/.test(line)) {
      this.oneLine(line);
      this.emitLine(bytes);
    } else {
      this.mode = 'statement';
      this.statement = [line];
    }
  }

  /** A line that is whole by itself: settings, `use`, and the ends of transactions. */
  private oneLine(line: string): void {
    const gtid = /^SET @@SESSION\.GTID_NEXT= '([^']+)'/.exec(line)?.[1];
    if (gtid !== undefined) this.passed.gtid = gtid === 'AUTOMATIC' ? '' : gtid;
    const used = /^use `((?:[^`]|``)*)`/i.exec(line)?.[1];
    if (used !== undefined) this.schema = used.replaceAll('``', '`');
    if (ENDS.test(line)) this.endTransaction();
  }

  private comment(line: string): void {
    const at = /^# at (\d+)$/.exec(line)?.[1];
    if (at !== undefined) {
      this.position = Number(at);
      return;
    }
    const committed = /^# original_commit_timestamp=(\d+)/.exec(line)?.[1];
    if (committed !== undefined) {
      // Microseconds; 0 where the primary did not say.
      const ms = Math.floor(Number(committed) / 1000);
      this.committedAt = ms > 0 ? ms : null;
    } else if (/^#\d{6} .*end_log_pos \d+ .*\t(?:GTID|Anonymous_GTID|Rotate|Stop)\b/.test(line)) {
      this.passed.safePosition = this.position;
    } else {
      const table = /\tTable_map: `((?:[^`]|``)*)`\./.exec(line)?.[1];
      if (table !== undefined) this.tables.push(isSystem(table));
    }
  }

  private endStatement(): void {
    this.mode = 'settings';
    const statement = this.statement.join('\n');
    this.statement = [];
    if (/^(?:BEGIN|COMMIT|ROLLBACK|SAVEPOINT |XA )/i.test(statement)) {
      if (ENDS.test(statement)) this.endTransaction();
      this.pushStatement(statement);
      return;
    }
    const decision = decide(statement, this.schema, this.word);
    if (decision.kind === 'skip') {
      if (this.passed.skipped.length < SKIPPED_TOLD_MAX) {
        this.passed.skipped.push({ gtid: this.passed.gtid, because: decision.because });
      }
      this.pushStatement(`BEGIN\n${END}\nCOMMIT`);
    } else {
      const made = MAKES_SCHEMA.exec(decision.text);
      if (made !== null) this.passed.schemas.push(nameOf(made));
      this.pushStatement(decision.text);
    }
    // CREATE TABLE ... SELECT stands within a transaction; its rows follow.
    if (!/\bSTART TRANSACTION$/.test(statement)) this.endTransaction();
  }

  /** Only what has come whole counts: the file may end in the middle of a transaction. */
  private endTransaction(): void {
    this.passed.transactions += 1;
    if (this.committedAt === null) return;
    this.passed.lastCommitAt = Math.max(this.committedAt, this.passed.lastCommitAt ?? 0);
    this.committedAt = null;
  }

  private pushStatement(statement: string): void {
    this.push(Buffer.from(`${statement}\n${END}\n`, 'latin1'));
  }
}
