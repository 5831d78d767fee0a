import { uuidOf } from '../../clouds/aws/aws-wire.ts';

/** A transaction of one row in ROW format. Bytes; measured with MySQL 9.7, see FACTS2 section 2. */
export const TRANSACTION_BYTES = 352;
/** The format description and the set of earlier GTIDs that each file begins with. Bytes, about. */
const HEADER_BYTES = 197;
/** RDS begins a new file every five minutes. Source: Amazon RDS User Guide, "Accessing MySQL binary logs". */
export const ROTATE_MS = 300_000;
/** What RDS calls the files. */
const BASE_NAME = 'mysql-bin-changelog';

/** A file of a binary log as the server has it. */
export interface LogFile {
  readonly name: string;
  /** The number at the end of the name. */
  readonly number: number;
  /** Milliseconds since the Unix epoch. */
  readonly openedAt: number;
  /** Transactions of the site, on any of its servers, before its first one. */
  readonly before: number;
  /** Bytes. */
  readonly length: number;
}

/** Where a binary log ends, and what it has executed by then. */
export interface LogEnd {
  readonly file: LogFile;
  /** Bytes. */
  readonly position: number;
  /** Transactions since the server began. */
  readonly transactions: number;
}

const pad = (value: number): string => String(value).padStart(6, '0');

/**
 * The binary log of one server. Nothing in it has a timer: whoever looks or writes brings it to the present first. Users' writes come
 * one by one; what else the site writes is a steady stream of so many transactions a second.
 */
export class BinaryLog {
  readonly uuid: string;
  private readonly perSecond: number;
  private readonly earlier: number;
  private files: LogFile[];
  private at: number;
  /** The beginning of the stream, later by the time in which the server was gone, and what has come of it. */
  private streamFrom: number;
  private streamed = 0;
  private done = 0;

  constructor(options: {
    /** Tells servers of one site apart. */
    readonly server: string;
    /** Milliseconds since the Unix epoch. */
    readonly from: number;
    readonly firstNumber: number;
    readonly transactionsPerSecond: number;
    /** Transactions of the servers that were before this one. */
    readonly earlier: number;
    /** So many of those, the last ones, are in its first file too: it has followed the server before it. */
    readonly inherited: number;
  }) {
    this.uuid = uuidOf(`server ${options.server}`);
    this.perSecond = options.transactionsPerSecond;
    this.at = options.from;
    this.streamFrom = options.from;
    this.earlier = options.earlier;
    const first = fileOf(options.firstNumber, options.from, options.earlier - options.inherited);
    this.files = [{ ...first, length: first.length + options.inherited * TRANSACTION_BYTES }];
  }

  /** Everything up to that moment is in the log. Milliseconds since the Unix epoch; the past changes nothing. */
  advanceTo(now: number): void {
    for (;;) {
      const rotation = (Math.floor(this.at / ROTATE_MS) + 1) * ROTATE_MS;
      if (rotation > now) break;
      this.stream(rotation);
      this.files.push(fileOf(this.current.number + 1, rotation, this.earlier + this.done));
    }
    this.stream(now);
  }

  /** The moment that the log has come to. Milliseconds since the Unix epoch. */
  get advanced(): number {
    return this.at;
  }

  /** The stream of small transactions up to that moment. */
  private stream(until: number): void {
    if (until <= this.at) return;
    this.at = until;
    // From the beginning each time: many small steps must come to the same as one.
    const come = Math.floor(((until - this.streamFrom) / 1000) * this.perSecond);
    this.grow(come - this.streamed);
    this.streamed = come;
  }

  private grow(transactions: number): void {
    const { current } = this;
    this.files[this.files.length - 1] = {
      ...current,
      length: current.length + transactions * TRANSACTION_BYTES,
    };
    this.done += transactions;
  }

  /** One more transaction of a user, now. */
  append(): void {
    this.grow(1);
  }

  /** The server was not there up to that moment: nothing came. */
  skipTo(now: number): void {
    if (now <= this.at) return;
    this.streamFrom += now - this.at;
    this.at = now;
  }

  /** The server throws away every file that was ended before that moment. */
  purgeBefore(moment: number): void {
    const second = this.files[1];
    // It is asked with every write, and there is something to throw away each five minutes.
    if (second === undefined || second.openedAt > moment) return;
    this.files = this.files.filter((_, index) => {
      const next = this.files[index + 1];
      return next === undefined || next.openedAt > moment;
    });
  }

  /** Begins a new file, as FLUSH LOGS does. */
  rotate(): void {
    this.files.push(fileOf(this.current.number + 1, this.at, this.earlier + this.done));
  }

  get current(): LogFile {
    const last = this.files.at(-1);
    if (last === undefined) throw new Error('a binary log always has a file');
    return last;
  }

  /** The number of the newest file that leaves out nothing that comes after so many transactions of the site; null where none does. */
  fileAfter(transactions: number): number | null {
    return this.files.findLast(({ before }) => before <= transactions)?.number ?? null;
  }

  get end(): LogEnd {
    return { file: this.current, position: this.current.length, transactions: this.done };
  }

  /** The files that the server still has, from that number on, or null where it has thrown some of them away. */
  filesFrom(number: number): readonly LogFile[] | null {
    const first = this.files[0]?.number ?? 0;
    return number < first ? null : this.files.filter((file) => file.number >= number);
  }

  /** What it has executed, as MySQL writes it. */
  get gtidSet(): string {
    return this.done === 0 ? '' : `${this.uuid}:1-${this.done}`;
  }
}

const fileOf = (number: number, openedAt: number, before: number): LogFile => ({
  name: `${BASE_NAME}.${pad(number)}`,
  number,
  openedAt,
  before,
  length: HEADER_BYTES,
});
