import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { firstError, start, startLogReader } from '../database/programs.ts';
import { MoverError } from '../errors.ts';
import type { ReplicaWord } from './events.ts';
import { LogFilter, type Passed } from './log-filter.ts';

export interface ReplayOptions {
  readonly optionFile: string;
  /** A file of the binary log on this machine, as far as it has come. */
  readonly path: string;
  /** Where to begin: a position at which a transaction begins, or 0 for the beginning. */
  readonly from: number;
  /** GTIDs that are there already; what is in the set is left out. */
  readonly exclude: string;
  /** GTIDs beyond which nothing is applied; null for all of them. */
  readonly only: string | null;
  /** Nothing that was committed after is applied; null for everything. Milliseconds since the Unix epoch, whole seconds count. */
  readonly until: number | null;
  /** How this server says that an event sleeps. */
  readonly word: ReplicaWord;
  /** Whether more of this file may still come: then its end may be in the middle of a transaction. */
  readonly mayGrow: boolean;
}

/**
 * Replays a file of the binary log: MySQL's own program reads it, ours leaves out what the standby must not do, MySQL's own client
 * does the rest. Every transaction keeps its GTID, so that one that is there already does nothing, and one that was cut off is not there.
 * @throws MoverError `gap` where a transaction is refused, `damaged` where the file is, `database` where the server went away
 */
export async function replay(options: ReplayOptions): Promise<Passed> {
  // Beside the log, where there is room.
  const reader = startLogReader(readerArguments(options), dirname(options.path));
  const writer = start('mysql', options.optionFile, [
    '--binary-mode',
    '--batch',
    '--skip-column-names',
    '--unbuffered',
  ]);
  const filter = new LogFilter(options.word);
  writer.output.resume();
  // Tables come as the primary has them: Azure's default would add an invisible key to one without.
  writer.child.stdin.write(
    'SET SESSION sql_generate_invisible_primary_key = OFF, SESSION sql_require_primary_key = OFF;\n',
  );
  const piped = pipeline(reader.output, filter, writer.child.stdin).then(
    () => null,
    (error: unknown) => error,
  );
  const wrote = await writer.ended;
  if (wrote !== 0) reader.child.kill('SIGKILL');
  await piped;
  const read = await reader.ended;
  if (wrote !== 0) throw refused(filter.passed, writer.errors());
  if (read !== 0) complain(options, reader.errors());
  return filter.passed;
}

function readerArguments({ path, from, exclude, only, until }: ReplayOptions): string[] {
  return [
    '--verify-binlog-checksum',
    ...(from > 4 ? [`--start-position=${from}`] : []),
    ...(exclude === '' ? [] : [`--exclude-gtids=${exclude}`]),
    ...(only === null ? [] : [`--include-gtids=${only}`]),
    ...(until === null ? [] : [`--stop-datetime=${sqlTime(until)}`]),
    path,
  ];
}

const sqlTime = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

/** The server went away, or let us wait too long: the same statement may go through a moment later. Source: MySQL's error reference. */
const TRANSIENT = /\bERROR (?:2002|2003|2006|2013|2055|1053|1205|1213|1290|1836|3168|4031)\b/;

function refused(passed: Passed, errors: string): MoverError {
  const said = firstError(errors);
  if (TRANSIENT.test(said) || errors === '') {
    return new MoverError(
      'database',
      'DATABASE_GONE',
      `the database went away during the replay: ${said}. It is gone on with where it stopped.`,
    );
  }
  const where = passed.gtid === '' ? '' : ` at or before the transaction ${passed.gtid}`;
  if (/max_allowed_packet|\b1153\b/.test(said)) {
    return new MoverError(
      'gap',
      'TRANSACTION_TOO_LARGE',
      `the database takes no statement as large as one of the log${where}: ${said}. Raise max_allowed_packet of the standby to 1 GB; where it is that already, make a new dump, which holds the result.`,
    );
  }
  return new MoverError(
    'gap',
    'REPLAY_REFUSED',
    `the database refused the log${where}: ${said} Everything before it is applied. Look at that transaction on the primary; a new dump leaves it behind.`,
  );
}

/** The end of a file that still grows may lie within an event, which is no fault: the rest of it comes. */
function complain({ path, mayGrow }: ReplayOptions, errors: string): void {
  const said = firstError(errors);
  const truncated = /Could not read entry at offset|Error in log format or read error|truncated/i.test(
    errors,
  );
  if (truncated && mayGrow && !/crc|checksum/i.test(errors)) return;
  throw new MoverError(
    'damaged',
    'LOG_DAMAGED',
    `${path} cannot be read to its end: ${said}. Everything before the damage is applied. A new dump begins behind it.`,
  );
}

/** How much of the text is read for the beginning of a file; a set of thousands of intervals fits. */
const BEGINNING_MAX = 4_000_000;

/** What the server had executed before it began a file: the file says so at its beginning. Null where it is too short yet to say. */
export async function previousGtids(path: string): Promise<string | null> {
  const reader = start('mysqlbinlog', null, ['--stop-position=10000000', path]);
  reader.output.setEncoding('latin1');
  let text = '';
  for await (const chunk of reader.output) {
    text += String(chunk);
    const found = /\tPrevious-GTIDs\n((?:# [^\n]*\n)*?)(?=# at )/.exec(text)?.[1];
    if (found !== undefined || text.length > BEGINNING_MAX) {
      reader.child.kill('SIGKILL');
      return found === undefined ? null : gtidsOfComment(found);
    }
  }
  const whole = /\tPrevious-GTIDs\n((?:# [^\n]*\n)+)/.exec(text)?.[1];
  return whole === undefined ? null : gtidsOfComment(whole);
}

const gtidsOfComment = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(/^# /, ''))
    .filter((line) => /^[0-9a-f]{8}-/.test(line))
    .join('');
