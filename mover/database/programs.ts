import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { PassThrough, type Readable } from 'node:stream';
import { MoverError } from '../errors.ts';

/** The database's own programs, which the mover moves data with. */
export type Program = 'mysql' | 'mysqldump' | 'mysqlbinlog' | 'mysqld';

/** Of what a program said on standard error the beginning and the end are kept: one of the two names the fault. */
const ERRORS_HEAD_MAX = 8_000;
const ERRORS_TAIL_MAX = 2_000;

/** A program that runs. */
export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  /** What it writes. It waits for its reader, also when the program ends first: Node throws away what nobody has begun to read by then. */
  readonly output: Readable;
  /** What it said on standard error so far. */
  readonly errors: () => string;
  /** Its exit code, or 128 and more after a signal. */
  readonly ended: Promise<number>;
}

/** Starts a program of the database with the option file of a login. */
export function start(program: Program, optionFile: string | null, args: readonly string[]): Running {
  const first = optionFile === null ? '--no-defaults' : `--defaults-file=${optionFile}`;
  return run(program, [first, ...args], {});
}

/**
 * Starts the reader of the binary log. It keeps the rows of one statement, as text and a third longer, in a temporary file until the
 * statement ends; /tmp may be small and in memory.
 * @param scratch folder with room for that
 */
export const startLogReader = (args: readonly string[], scratch: string): Running =>
  run('mysqlbinlog', ['--no-defaults', ...args], { TMPDIR: scratch });

/**
 * Starts the reader of a binary log that lies on a server.
 * @param scratch as for `startLogReader`
 */
export const startRemoteLogReader = (optionFile: string, args: readonly string[], scratch: string): Running =>
  run(
    'mysqlbinlog',
    [`--defaults-file=${optionFile}`, '--read-from-remote-server', '--to-last-log', ...args],
    {
      TMPDIR: scratch,
    },
  );

function run(
  program: Program,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Running {
  const child = spawn(program, args, {
    stdio: 'pipe',
    // Times in the output of mysqlbinlog, and those that it is given, are in the zone of the process.
    env: { ...process.env, ...environment, TZ: 'UTC' },
  });
  let head = '';
  let tail = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (head.length < ERRORS_HEAD_MAX) head += text;
    else tail = (tail + text).slice(-ERRORS_TAIL_MAX);
  });
  // A program that ends early closes its input; its exit code says why.
  child.stdin.on('error', () => undefined);
  const output = child.stdout.pipe(new PassThrough());
  return { child, output, errors: () => `${head}${tail}`.trim(), ended: endOf(child, program) };
}

function endOf(child: ChildProcess, program: Program): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      const next = `Is ${program} installed and on the PATH? The image of the mover has it.`;
      reject(new MoverError('usage', 'NO_PROGRAM', `${program} cannot be run: ${error.message}. ${next}`));
    });
    child.once('close', (code) => {
      resolve(code ?? 128);
    });
  });
}

/** The line of a program's errors that a person wants to see: the first with ERROR in it, or the first. */
export function firstError(errors: string): string {
  const lines = errors.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('-- '));
  const found = lines.find((line) => /error/i.test(line) && !/warning/i.test(line)) ?? lines[0];
  return found?.trim() ?? 'no reason was given';
}

/** Whether this is MySQL's own mysqldump, and its version. MariaDB's writes what only MariaDB reads. */
export async function dumpProgram(): Promise<string> {
  const running = start('mysqldump', null, ['--version']);
  let said = '';
  running.output.setEncoding('utf8').on('data', (text: string) => (said += text));
  await running.ended;
  if (/mariadb/i.test(said)) {
    throw new MoverError(
      'refused',
      'DUMP_PROGRAM_IS_MARIADB',
      `mysqldump is ${said.trim()}, expected MySQL's own: MariaDB's leaves out what MySQL's restore needs. Use the image of the mover, or install mysql-client.`,
    );
  }
  return said.trim();
}
