import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { inBoth } from '../database/gtids.ts';
import { firstError, startRemoteLogReader } from '../database/programs.ts';
import { literal, type Session } from '../database/session.ts';
import { oneLine } from '../database/server.ts';
import { MoverError } from '../errors.ts';
import { LogTally, type Tally } from './log-tally.ts';

/** A stretch of a server's own binary log. */
export interface Stretch {
  /** The file to begin with; every later one is read as well. */
  readonly file: string;
  /** Where in that file to begin; 0 for its beginning. */
  readonly position: number;
  /** Only these transactions; null for all of them. */
  readonly include: string | null;
}

export interface LogReaderOptions {
  readonly optionFile: string;
  /** Folder of this machine for the reader's temporary files. */
  readonly work: string;
}

/** An argument of a program may have no more than 128 KiB. Source: Linux, MAX_ARG_STRLEN. */
const ARGUMENT_MAX = 120_000;

/**
 * Reads a stretch of the log as text and pipes it through. @param shape what `mysqlbinlog` makes of the rows
 * @throws MoverError `gap` where the log is not there any more, `database` where the server refuses
 */
export async function readServerLog(
  { optionFile, work }: LogReaderOptions,
  stretch: Stretch,
  { shape, into }: { readonly shape: readonly string[]; readonly into: readonly [...Writable[]] },
): Promise<void> {
  const scratch = join(work, 'log-reader');
  mkdirSync(scratch, { recursive: true });
  const include = stretch.include ?? '';
  if (include.length > ARGUMENT_MAX) {
    throw new MoverError(
      'refused',
      'SET_TOO_LONG',
      `the set of GTIDs that is asked for has ${include.length} characters, expected ${ARGUMENT_MAX} at most: it has thousands of holes. Export by hand, file by file: mysqlbinlog --exclude-gtids.`,
    );
  }
  const reader = startRemoteLogReader(
    optionFile,
    [
      ...shape,
      ...(include === '' ? [] : [`--include-gtids=${include}`]),
      ...(stretch.position > 4 ? [`--start-position=${stretch.position}`] : []),
      stretch.file,
    ],
    scratch,
  );
  const piped = pipeline([reader.output, ...into]).then(
    () => null,
    (error: unknown) => error,
  );
  const failure = await piped;
  if (failure !== null) reader.child.kill('SIGKILL');
  const code = await reader.ended;
  if (failure !== null) throw failure as Error;
  if (code === 0) return;
  const said = firstError(reader.errors());
  if (/Could not find first log file|purged|1236/.test(said)) {
    throw new MoverError('gap', 'LOG_PURGED', `the server has no ${stretch.file} any more: ${said}.`);
  }
  throw new MoverError('database', 'LOG_NOT_READ', `mysqlbinlog ended with ${code}: ${said}.`);
}

/** Counts what a stretch of the log does to the site's schemas. */
export async function tallyServerLog(options: LogReaderOptions, stretch: Stretch): Promise<Tally> {
  const counter = new LogTally();
  counter.resume();
  await readServerLog(options, stretch, { shape: ['--base64-output=decode-rows'], into: [counter] });
  return counter.tally;
}

/** Where the log has the first of some transactions, and which of them it has not any more. */
export interface Found {
  /** Null where the server has no log at all. */
  readonly file: string | null;
  readonly purged: string;
}

/** Finds the newest file before which none of these transactions was executed: each file says at its beginning what was. */
export async function findInLog(session: Session, wanted: string): Promise<Found> {
  const files = (await session.query('SHOW BINARY LOGS')).map(([name = '']) => name);
  let oldest: Found = { file: null, purged: wanted };
  for (const file of files.reverse()) {
    const events = await session.query(`SHOW BINLOG EVENTS IN ${literal(file)} LIMIT 3`);
    const before = oneLine(events.find((event) => event[2] === 'Previous_gtids')?.[5] ?? '');
    oldest = { file, purged: await inBoth(session, wanted, before) };
    if (oldest.purged === '') return oldest;
  }
  return oldest;
}
