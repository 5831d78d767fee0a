import { MoverError } from '../errors.ts';
import type { MoverLog } from '../log.ts';
import { start, type Running } from '../database/programs.ts';
import { logEnd, oneLine, type LogEnd, type ServerFacts } from '../database/server.ts';
import { identifier, Session } from '../database/session.ts';
import type { Bin } from './bins.ts';
import type { CatalogTable } from './catalog.ts';

/** Seconds that a lock is waited for: behind it every writer waits too. */
const LOCK_WAIT_SECONDS = 10;
/** Until every process has its snapshot, under the lock. Milliseconds. */
const SNAPSHOT_LIMIT_MS = 30_000;

/** Processes and one session that all see the database as it was at one moment. */
export interface Snapshot {
  /** Milliseconds since the Unix epoch: every commit before it is seen, none after. */
  readonly takenAt: number;
  readonly end: LogEnd | null;
  readonly gtidSet: string;
  /** A process for each bin; it waits to be read. */
  readonly dumps: readonly Running[];
  /** For counts and checksums of the same moment. */
  readonly witness: Session;
  /** Milliseconds for which writers waited. */
  readonly lockedMs: number;
}

/** The options of every dump of rows; the text of the rows is left as mysqldump writes it. */
const ROWS = [
  '--single-transaction',
  '--quick',
  '--no-tablespaces',
  '--set-gtid-purged=OFF',
  '--column-statistics=0',
  '--no-create-info',
  '--skip-triggers',
  '--skip-dump-date',
  '--verbose',
];

/**
 * Holds all writers for the moment in which every process begins its own snapshot, and notes where the log stands. So many
 * processes dump side by side and still see one database. FLUSH TABLES WITH READ LOCK does it in one statement where it is
 * allowed; RDS refuses it, and LOCK TABLES of every table does the same for everything that is dumped.
 */
export async function takeSnapshot(options: {
  readonly optionFile: string;
  readonly server: ServerFacts;
  readonly tables: readonly CatalogTable[];
  readonly bins: readonly Bin[];
  readonly now: () => number;
  readonly log: MoverLog;
}): Promise<Snapshot> {
  const { optionFile, server, bins, now } = options;
  const { session: lock, since } = await lockWriters(options);
  const dumps: Running[] = [];
  let witness: Session | null = null;
  try {
    const end = server.writesLog ? await logEnd(lock, server.version) : null;
    const gtidSet = oneLine(await lock.value('SELECT @@GLOBAL.gtid_executed'));
    const takenAt = now();
    witness = await Session.open(optionFile);
    await witness.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await witness.query('START TRANSACTION WITH CONSISTENT SNAPSHOT');
    dumps.push(...bins.map((bin) => start('mysqldump', optionFile, [...ROWS, bin.schema, ...bin.tables])));
    await Promise.all(dumps.map(hasSnapshot));
    return { takenAt, end, gtidSet, dumps, witness, lockedMs: now() - since };
  } catch (error) {
    for (const { child } of dumps) child.kill('SIGKILL');
    witness?.close();
    throw error;
  } finally {
    lock.close();
  }
}

async function lockWriters(options: {
  readonly optionFile: string;
  readonly tables: readonly CatalogTable[];
  readonly now: () => number;
  readonly log: MoverLog;
}): Promise<{ readonly session: Session; readonly since: number }> {
  const tables = options.tables.map(({ schema, name }) => `${identifier(schema)}.${identifier(name)} READ`);
  const ways = ['FLUSH TABLES WITH READ LOCK', `LOCK TABLES ${tables.join(', ')}`];
  for (const way of ways) {
    const session = await Session.open(options.optionFile);
    const since = options.now();
    try {
      await session.query(`SET SESSION lock_wait_timeout = ${LOCK_WAIT_SECONDS}`);
      await session.query(way);
      return { session, since };
    } catch (error) {
      session.close();
      const refused = error instanceof MoverError && /\b(?:1045|1227)\b/.test(error.message);
      if (way === ways[0] && refused) continue;
      throw error;
    }
  }
  throw new MoverError('database', 'DATABASE_REFUSED', 'no way to hold writers was allowed');
}

/** Ends when the process says that its transaction has begun, which mysqldump tells with --verbose. */
async function hasSnapshot(dump: Running): Promise<void> {
  const limit = new Promise<never>((_, reject) => {
    const error = (): MoverError =>
      new MoverError(
        'database',
        'SNAPSHOT_TOO_SLOW',
        `mysqldump had no snapshot after ${SNAPSHOT_LIMIT_MS / 1000} s; the lock is given up`,
      );
    setTimeout(() => reject(error()), SNAPSHOT_LIMIT_MS).unref();
  });
  const begun = new Promise<void>((resolve) => {
    const look = (): void => {
      if (dump.errors().includes('-- Setting savepoint')) resolve();
    };
    dump.child.stderr.on('data', look);
    look();
  });
  const ended = dump.ended.then((code) => {
    throw new MoverError(
      'database',
      'DUMP_FAILED',
      `mysqldump ended with ${code} before its snapshot: ${dump.errors()}`,
    );
  });
  // Whichever comes later is nobody's: without this the losers would be unhandled.
  ended.catch(() => undefined);
  limit.catch(() => undefined);
  await Promise.race([begun, ended, limit]);
}
