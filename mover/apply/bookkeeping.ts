import { literal, Session } from '../database/session.ts';
import { replicaWord, type ReplicaWord } from './events.ts';
import { OWN_SCHEMA } from '../database/server.ts';
import { MoverError } from '../errors.ts';

/** A load of a dump, as the database itself remembers it. Moments in milliseconds since the Unix epoch. */
export interface Load {
  readonly id: number;
  readonly dump: string;
  readonly correlationId: string;
  /** What the dump holds; empty where no log can follow it. */
  readonly gtidSet: string;
  /** The moment of the dump's snapshot. */
  readonly createdAt: number;
  readonly startedAt: number;
  /** Requests since then are for these data: a load that was begun anew is for the same request as the one before it. */
  readonly askedSince: number;
  readonly isFinished: boolean;
  /** The hand-over that opened the database for the application; null while it is not. */
  readonly openedFor: string | null;
  /** Schemas that this load made, or the log since: a later load may drop them. */
  readonly schemas: readonly string[];
}

/** How far the replay is. It only saves work: what is applied is what the GTIDs say. */
export interface Progress {
  /** The dump behind which the log is read: the loaded one, or a later one that the log has reached. */
  readonly chain: string;
  readonly segment: string;
  readonly file: string;
  readonly position: number;
  readonly transactions: number;
  readonly lastCommitAt: number | null;
  /** The recovery point that was reached; null before. */
  readonly appliedUntil: number | null;
}

const own = (table: string): string => `${OWN_SCHEMA}.${table}`;
const moment = (column: string): string => `ROUND(UNIX_TIMESTAMP(${column}) * 1000)`;
const at = (ms: number): string => `FROM_UNIXTIME(${ms} / 1000)`;

const TABLES = `
CREATE DATABASE IF NOT EXISTS ${OWN_SCHEMA};
CREATE TABLE IF NOT EXISTS ${own('loads')} (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, dump CHAR(16) NOT NULL, correlation_id VARCHAR(64) NOT NULL,
  gtid_set LONGTEXT NOT NULL, created_at TIMESTAMP(3) NOT NULL, started_at TIMESTAMP(3) NOT NULL, finished_at TIMESTAMP(3) NULL,
  opened_at TIMESTAMP(3) NULL, opened_for VARCHAR(64) NULL, schemas_made JSON NOT NULL);
CREATE TABLE IF NOT EXISTS ${own('progress')} (
  load_id INT NOT NULL PRIMARY KEY, chain CHAR(16) NOT NULL, segment VARCHAR(32) NOT NULL, file VARCHAR(255) NOT NULL,
  position BIGINT NOT NULL, transactions BIGINT NOT NULL, last_commit_at TIMESTAMP(3) NULL, applied_until TIMESTAMP(3) NULL);
CREATE TABLE IF NOT EXISTS ${own('follows')} (
  order_id VARCHAR(128) NOT NULL PRIMARY KEY, load_before INT NOT NULL, newer_than CHAR(16) NOT NULL, noted_at TIMESTAMP(3) NOT NULL)`;

/** The session that does the bookkeeping, and what its login and its server are capable of. */
export interface Books {
  readonly session: Session;
  /** Whether the login has the rights that a replay needs. */
  readonly mayReplay: boolean;
  readonly word: ReplicaWord;
}

/**
 * Opens the books. The session holds a lock for as long as it lives, so that one applier acts at a time, and writes nothing into the
 * binary log of the standby: what it does is nobody's data.
 * @throws MoverError `refused` where another applier is at work
 */
export async function openBooks(optionFile: string): Promise<Books> {
  const session = await Session.open(optionFile);
  const locked = await session.value(`SELECT GET_LOCK('${OWN_SCHEMA}-apply', 10)`);
  if (locked !== '1') {
    session.close();
    throw new MoverError(
      'refused',
      'APPLY_BUSY',
      'another applier is at work on this database. Wait for it, or end it; then start this one again.',
    );
  }
  // The load of a large dump takes longer than a silent session lives by default.
  await session.query('SET SESSION wait_timeout = 604800');
  const mayReplay = await withoutLog(session);
  if (mayReplay) await fillTimeZones(session);
  for (const statement of TABLES.split(';').filter((text) => text.trim() !== ''))
    await session.query(statement);
  return { session, mayReplay, word: replicaWord(await session.value('SELECT VERSION()')) };
}

/** Keeps this session's work out of the binary log where that is allowed: Azure allows it, RDS does not. False where it is not. */
async function withoutLog(session: Session): Promise<boolean> {
  const grants = (await session.query('SHOW GRANTS')).flat();
  const rights = grants.filter((grant) => grant.includes(' ON *.* ')).join(' ');
  const allowed = /\b(?:SESSION_VARIABLES_ADMIN|SYSTEM_VARIABLES_ADMIN|SUPER|ALL PRIVILEGES)\b/.test(rights);
  if (allowed) await session.query('SET SESSION sql_log_bin = 0');
  return allowed;
}

/**
 * Azure leaves the tables of the named time zones empty, and the log of a primary whose sessions use one (on RDS often all of them, by the
 * parameter time_zone) stops there with 1298. Azure's own procedure fills them. Source: Azure's page on server parameters, "time_zone".
 */
async function fillTimeZones(session: Session): Promise<void> {
  const [found] = await session.query(
    `SELECT CONVERT_TZ('2026-01-01 00:00:00', '+00:00', 'Europe/Berlin') IS NULL, (SELECT COUNT(*) FROM information_schema.routines
     WHERE routine_schema = 'mysql' AND routine_name = 'az_load_timezone')`,
  );
  if (found?.[0] === '1' && found[1] !== '0') await session.query('CALL mysql.az_load_timezone()');
}

/** When the first load of the same request began, since the database was last opened. */
const ASKED_SINCE = `COALESCE((SELECT MIN(b.started_at) FROM ${own('loads')} b WHERE b.correlation_id = l.correlation_id
  AND b.id > (SELECT COALESCE(MAX(o.id), 0) FROM ${own('loads')} o WHERE o.opened_for IS NOT NULL)), l.started_at)`;

export async function currentLoad(session: Session): Promise<Load | null> {
  const [row] = await session.query(
    `SELECT id, dump, correlation_id, gtid_set, ${moment('created_at')}, ${moment('started_at')}, ${moment(ASKED_SINCE)}, finished_at IS NOT NULL, COALESCE(opened_for, ''), schemas_made
     FROM ${own('loads')} l ORDER BY id DESC LIMIT 1`,
  );
  if (row === undefined) return null;
  const [
    id = '0',
    dump = '',
    correlationId = '',
    gtidSet = '',
    created = '0',
    started = '0',
    asked = '0',
    finished = '0',
    openedFor = '',
    schemas = '[]',
  ] = row;
  return {
    id: Number(id),
    dump,
    correlationId,
    gtidSet,
    createdAt: Number(created),
    startedAt: Number(started),
    askedSince: Number(asked),
    isFinished: finished === '1',
    openedFor: openedFor === '' ? null : openedFor,
    schemas: JSON.parse(schemas) as string[],
  };
}

export async function beginLoad(
  session: Session,
  load: Pick<Load, 'dump' | 'correlationId' | 'gtidSet' | 'createdAt' | 'startedAt' | 'schemas'>,
): Promise<void> {
  await session.query(
    `INSERT INTO ${own('loads')} (dump, correlation_id, gtid_set, created_at, started_at, schemas_made) VALUES (${literal(load.dump)}, ${literal(load.correlationId)},
     ${literal(load.gtidSet)}, ${at(load.createdAt)}, ${at(load.startedAt)}, ${literal(JSON.stringify(load.schemas))})`,
  );
}

/** @param schemas those that it has made; until now those that it was to throw away were among them */
export async function finishLoad(session: Session, schemas: readonly string[], now: number): Promise<void> {
  await session.query(
    `UPDATE ${own('loads')} SET finished_at = ${at(now)}, schemas_made = ${literal(JSON.stringify(schemas))} WHERE finished_at IS NULL ORDER BY id DESC LIMIT 1`,
  );
}

/** Notes schemas that the log has made. A process that dies before it notes them leaves them as somebody's, which is the safe side. */
export async function noteSchemas(session: Session, load: Load, made: readonly string[]): Promise<Load> {
  const schemas = [...new Set([...load.schemas, ...made])];
  await session.query(
    `UPDATE ${own('loads')} SET schemas_made = ${literal(JSON.stringify(schemas))} WHERE id = ${load.id}`,
  );
  return { ...load, schemas };
}

export async function noteOpened(
  session: Session,
  load: Load,
  { correlationId, now }: { readonly correlationId: string; readonly now: number },
): Promise<void> {
  await session.query(
    `UPDATE ${own('loads')} SET opened_at = ${at(now)}, opened_for = ${literal(correlationId)} WHERE id = ${load.id}`,
  );
}

export async function readProgress(session: Session, load: Load): Promise<Progress | null> {
  const [row] = await session.query(
    `SELECT chain, segment, file, position, transactions, COALESCE(${moment('last_commit_at')}, ''), COALESCE(${moment('applied_until')}, '')
     FROM ${own('progress')} WHERE load_id = ${load.id}`,
  );
  if (row === undefined) return null;
  const [chain = '', segment = '', file = '', position = '0', transactions = '0', commit = '', until = ''] =
    row;
  const orNull = (text: string): number | null => (text === '' ? null : Number(text));
  return {
    ...{ chain, segment, file, position: Number(position), transactions: Number(transactions) },
    ...{ lastCommitAt: orNull(commit), appliedUntil: orNull(until) },
  };
}

export async function noteProgress(session: Session, load: Load, progress: Progress): Promise<void> {
  const { chain, segment, file, position, transactions, lastCommitAt, appliedUntil } = progress;
  const orNull = (ms: number | null): string => (ms === null ? 'NULL' : at(ms));
  await session.query(
    `REPLACE INTO ${own('progress')} VALUES (${load.id}, ${literal(chain)}, ${literal(segment)}, ${literal(file)}, ${position}, ${transactions},
     ${orNull(lastCommitAt)}, ${orNull(appliedUntil)})`,
  );
}
