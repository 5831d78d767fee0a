/**
 * Where the data of a workload lie in the storage account. The mover writes it, the controller reads it, and both sides
 * meet nowhere else.
 *
 *   backups/                                       immutable: blobs are added, log blobs appended to, none is ever changed
 *     <workload>/<dump>/manifest.json              written last: a folder without it is a dump that is not whole
 *     <workload>/<dump>/structure.sql.zst          tables and views
 *     <workload>/<dump>/rows-0001.sql.zst ...      rows, in parts that are loaded side by side
 *     <workload>/<dump>/code.sql.zst               triggers, routines and events
 *     <workload>/<dump>/log/<segment>/<binary log file>/<offset>
 *     <workload>/<dump>/witness/<moment>.json      counts and checksums of the primary at one GTID set
 *     <workload>/journal/<day>.jsonl               what the primary's side says of itself, a line each few seconds
 *     <workload>/home/<dump>/...                   a dump of the standby, for the way home
 *     <workload>/orphans/<moment>-<count>/...      what the primary had and the standby never got
 *   handover/                                      mutable: what the two sides ask of each other
 *     <workload>/applier.json                      how far the standby's side is
 *     <workload>/<correlation id>/request.json     the controller: apply what is left, then open the database
 *     <workload>/<correlation id>/answer.json      the standby's side: done, and up to where
 *     <workload>/home/...                          orders of the way home: core/data/home.ts
 *
 * A dump is named by the UTC second of its snapshot, a segment by its number and the server that wrote the log, and a part of
 * a log file by the offset in that file at which it begins: parts that belong together are known by their names and lengths.
 */
export const BACKUPS = 'backups';
export const HANDOVER = 'handover';

/** Names of dumps: the UTC second of the snapshot. */
export const DUMP_NAME = /^\d{8}T\d{6}Z$/;
/** Names of segments: a number that grows, and the first eight digits of the server's UUID. */
export const SEGMENT_NAME = /^\d{4}-[0-9a-f]{8}$/;
/** What MySQL may call a file of its binary log: a base name and a number of at least six digits. */
export const LOG_FILE_NAME = /^[\w.-]{1,200}\.\d{6,10}$/;
const OFFSET = /^\d{12}$/;

/** The name of a dump whose snapshot was taken at that moment; milliseconds since the Unix epoch. */
export const dumpNameAt = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

/** The moment in the name of a dump; milliseconds since the Unix epoch. */
export function dumpMoment(dump: string): number {
  const iso = dump.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  return Date.parse(iso);
}

export const manifestBlob = (workload: string, dump: string): string => `${workload}/${dump}/manifest.json`;
export const dumpBlob = (workload: string, dump: string, file: string): string =>
  `${workload}/${dump}/${file}`;
export const logPrefix = (workload: string, dump: string): string => `${workload}/${dump}/log/`;
export const witnessBlob = (workload: string, dump: string, at: number): string =>
  `${workload}/${dump}/witness/${dumpNameAt(at)}.json`;
export const journalPrefix = (workload: string): string => `${workload}/journal/`;
/** The journal of the UTC day of that moment. */
export const journalBlob = (workload: string, at: number): string =>
  `${journalPrefix(workload)}${new Date(at).toISOString().slice(0, 10)}.jsonl`;
export const applierBlob = (workload: string): string => `${workload}/applier.json`;
export const requestBlob = (workload: string, correlationId: string): string =>
  `${workload}/${correlationId}/request.json`;
export const answerBlob = (workload: string, correlationId: string): string =>
  `${workload}/${correlationId}/answer.json`;

/** A part of a file of the binary log in the store. Offsets and lengths in bytes. */
export interface LogPart {
  readonly segment: string;
  readonly file: string;
  /** Where in the file this part begins. */
  readonly offset: number;
  readonly length: number;
}

/** Name of a part of the log, below `logPrefix`. */
export const logPartName = ({ segment, file, offset }: Omit<LogPart, 'length'>): string =>
  `${segment}/${file}/${String(offset).padStart(12, '0')}`;

/** The part that a blob below `logPrefix` holds; null where the name is none of ours. */
export function readLogPart(name: string, length: number): LogPart | null {
  const [segment = '', file = '', offset = '', ...rest] = name.split('/');
  const known =
    rest.length === 0 && SEGMENT_NAME.test(segment) && LOG_FILE_NAME.test(file) && OFFSET.test(offset);
  return known ? { segment, file, offset: Number(offset), length } : null;
}

/** The number at the end of the name of a log file; MySQL counts it up by one with each file. */
export const logFileNumber = (file: string): number => Number(file.slice(file.lastIndexOf('.') + 1));
