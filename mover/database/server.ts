import type { Session } from './session.ts';

/** What a server is, as far as moving data goes. */
export interface ServerFacts {
  readonly version: string;
  readonly isMariaDb: boolean;
  readonly uuid: string;
  readonly writesLog: boolean;
  readonly keepsGtids: boolean;
  readonly logFormat: string;
  readonly rowImage: string;
  readonly maxAllowedPacket: number;
}

/** Asks a server what it is. */
export async function serverFacts(session: Session): Promise<ServerFacts> {
  const version = await session.value('SELECT VERSION()');
  // MariaDB has none of the variables below: asking for one would end the session.
  if (/mariadb/i.test(version)) {
    const none = { uuid: '', writesLog: false, keepsGtids: false, logFormat: '', rowImage: '' };
    return { version, isMariaDb: true, ...none, maxAllowedPacket: 0 };
  }
  const [row = []] = await session.query(
    'SELECT @@server_uuid, @@log_bin, @@gtid_mode, @@binlog_format, @@binlog_row_image, @@max_allowed_packet',
  );
  const [uuid = '', log = '', gtid = '', logFormat = '', rowImage = '', packet = '0'] = row;
  return {
    version,
    isMariaDb: false,
    uuid,
    writesLog: log === '1',
    keepsGtids: gtid === 'ON',
    logFormat,
    rowImage,
    maxAllowedPacket: Number(packet),
  };
}

/** Where a server's binary log ends, and what it has executed. */
export interface LogEnd {
  readonly file: string;
  readonly position: number;
  readonly gtidSet: string;
}

/** SHOW MASTER STATUS is gone since 8.4, SHOW BINARY LOG STATUS is there since 8.2. Source: release notes of 8.2.0 and 8.4.0. */
const statusStatement = (version: string): string => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 8 || (major === 8 && minor >= 2) ? 'SHOW BINARY LOG STATUS' : 'SHOW MASTER STATUS';
};

/** Null where the server writes no log. */
export async function logEnd(session: Session, version: string): Promise<LogEnd | null> {
  const [row] = await session.query(statusStatement(version));
  if (row === undefined) return null;
  const [file = '', position = '0', , , gtidSet = ''] = row;
  return { file, position: Number(position), gtidSet: oneLine(gtidSet) };
}

/** A GTID set as one line: MySQL breaks a long one after its commas. */
export const oneLine = (gtidSet: string): string => gtidSet.replaceAll(/\s+/g, '');

/** Schemas of the server's own; nothing in them is data of a site. */
export const SYSTEM_SCHEMAS = ['mysql', 'sys', 'information_schema', 'performance_schema'] as const;
/** The mover's own schema, on whichever side it has loaded something. */
export const OWN_SCHEMA = 'pilotlight';
/** Schemas in which a load for the way home lies beside the site's, and what lay in the site's before: a number for each load and schema. */
const WORK_SCHEMA = '^pilotlight_(home|was)_[0-9]+_[0-9]+$';
const workSchema = new RegExp(WORK_SCHEMA);
export const isWorkSchema = (schema: string): boolean => workSchema.test(schema);
export const notSystem = (column: string): string =>
  `(${column} NOT IN (${[...SYSTEM_SCHEMAS, OWN_SCHEMA].map((name) => `'${name}'`).join(', ')}) AND ${column} NOT REGEXP '${WORK_SCHEMA}')`;
