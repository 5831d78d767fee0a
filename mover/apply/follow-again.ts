import { homeFolder } from '../../core/data/home.ts';
import { OWN_SCHEMA } from '../database/server.ts';
import { literal, withSession, type Session } from '../database/session.ts';
import { MoverError, wordsOf } from '../errors.ts';
import type { StandbySide } from '../home/standby-side.ts';
import { notOpen } from '../home/not-open.ts';
import type { MoverLog } from '../log.ts';
import type { BlobContainer } from '../store/blob-store.ts';
import { dumpNames, newestDump } from '../store/dumps.ts';
import type { Load } from './bookkeeping.ts';
import type { ApplicationLogin } from './open.ts';
import type { ApplyOptions } from './options.ts';

/* Users are home, and the standby follows the primary again: what it held goes. The database remembers by whose order. */

/** An order to follow again, as the database remembers it. */
export interface Follow {
  readonly order: string;
  /** Number of the load that users were on; every later one is for this order, until the database is opened again. */
  readonly before: number;
  /** Only a dump that is newer than this one holds what came home. */
  readonly newerThan: string;
}

const TABLE = `${OWN_SCHEMA}.follows`;
const COLUMNS = 'order_id, load_before, newer_than';

async function noteFollow(
  session: Session,
  { order, before, newerThan }: Follow,
  now: number,
): Promise<void> {
  await session.query(
    `REPLACE INTO ${TABLE} (${COLUMNS}, noted_at) VALUES (${literal(order)}, ${before}, ${literal(newerThan)}, FROM_UNIXTIME(${now} / 1000))`,
  );
}

/** The order that the database was last told to follow by, or what it knows of one of them; null for none. */
async function readFollow(session: Session, order: string | null = null): Promise<Follow | null> {
  const which = order === null ? '' : `WHERE order_id = ${literal(order)}`;
  const [row] = await session.query(
    `SELECT ${COLUMNS} FROM ${TABLE} ${which} ORDER BY load_before DESC, noted_at DESC LIMIT 1`,
  );
  const [id = '', before = '0', newerThan = ''] = row ?? [];
  return row === undefined ? null : { order: id, before: Number(before), newerThan };
}

/** Whether a load that was cut off had been begun by an order to follow: nothing of it is anybody's, and it must not become an older dump. */
export async function followOf(session: Session, load: Load): Promise<Follow | null> {
  const follow = await readFollow(session);
  return follow !== null && load.openedFor === null && load.id > follow.before ? follow : null;
}

/**
 * What an order to follow means here; null where it is done already.
 * @throws MoverError `refused` where nothing may be thrown away: the database is not open, or no dump of the primary holds what came home
 */
async function followFor(
  { session, load }: { readonly session: Session; readonly load: Load | null },
  { backups, workload }: { readonly backups: BlobContainer; readonly workload: string },
  order: string,
): Promise<Follow | null> {
  const known = await readFollow(session, order);
  if (known !== null && load !== null && load.id > known.before) return null;
  if (load?.openedFor == null) throw notOpen();
  const [home] = await dumpNames(backups, homeFolder(workload));
  const newest = await newestDump(backups, workload);
  const newerThan = home === undefined || home < load.dump ? load.dump : home;
  if (home !== undefined && newest !== null && newest.name > newerThan)
    return { order, before: load.id, newerThan };
  const came =
    home === undefined
      ? 'nothing was ever dumped for the way home'
      : `the way home had its last dump ${home}`;
  throw new MoverError(
    'refused',
    'NO_NEWER_DUMP',
    `the newest dump of the primary is ${newest?.name ?? 'none'}, and ${came}: expected one of the primary that is newer, because only that holds what came home. ` +
      'Nothing was changed. Make one: mover home --settle.',
  );
}

/** Puts on record that what is here goes by that order, and takes back that users are here. Null, and @throws MoverError, as `followFor`. */
export async function beginFollow(
  { workload, store, now, log }: Pick<ApplyOptions, 'workload' | 'store' | 'now' | 'log'>,
  {
    session,
    load,
    home,
  }: { readonly session: Session; readonly load: Load | null; readonly home: StandbySide | null },
  order: string,
): Promise<Follow | null> {
  const follow = await followFor({ session, load }, { workload, backups: store.backups }, order);
  if (follow === null) return null;
  await noteFollow(session, follow, now());
  await home?.forgetOpened();
  log.info('follows-again', { order, openedFor: load?.openedFor });
  return follow;
}

/**
 * Ends the sessions of a login that was taken away: each would keep its rights until its end, and hold the tables that are to go.
 * Azure lets its administrator end them by a procedure of its own. Source: Azure's page on stored procedures, "az_kill".
 */
export async function endSessions(
  session: Session,
  optionFile: string,
  { login, log }: { readonly login: ApplicationLogin; readonly log: MoverLog },
): Promise<void> {
  const ids = await session.query(
    `SELECT id FROM information_schema.processlist WHERE user = ${literal(login.user)}`,
  );
  if (ids.length === 0) return;
  const own = await session.value(
    "SELECT COUNT(*) FROM information_schema.routines WHERE routine_schema = 'mysql' AND routine_name = 'az_kill'",
  );
  for (const [id = '0'] of ids) {
    const end = own === '0' ? `KILL ${id}` : `CALL mysql.az_kill(${id})`;
    // One that has ended meanwhile is no error, but would end our own session.
    await withSession(optionFile, (other) => other.query(end)).catch((error: unknown) => {
      log.warn('session-not-ended', { id, because: wordsOf(error) });
    });
  }
}
