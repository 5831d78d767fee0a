import { createHash } from 'node:crypto';
import type { LogEnd } from './binary-log.ts';
import type { BlobStore } from '../../clouds/azure/blob-store.ts';

/** Plain bytes a second that a dump takes, and that a load takes; zstd makes a fifth of them. Assumed, of the usual order. */
const DUMP_BYTES_PER_SECOND = 60_000_000;
export const LOAD_BYTES_PER_SECOND = 25_000_000;
const COMPRESSION = 5;
/** What is in the database of the drill: tables, with so many rows each. */
export const ROWS = 1_000;
export const PETCLINIC_TABLES = [
  'owners',
  'pets',
  'specialties',
  'types',
  'vet_specialties',
  'vets',
  'visits',
] as const;

/** How far the site had come at a moment, counted from the beginning of its world. */
export interface Point {
  /** Milliseconds since the Unix epoch: everything that was committed by then is in it. */
  readonly at: number;
  /** Writes of the drill's users. */
  readonly users: number;
  /** All transactions. */
  readonly transactions: number;
}

/** A dump as the world knows it. */
export interface Dump extends Point {
  readonly name: string;
  /** When its manifest was in the store. Milliseconds since the Unix epoch. */
  readonly storedAt: number;
  /** Whether it can be loaded; its manifest does not know. */
  readonly damaged: boolean;
  readonly databaseBytes: number;
  /** Where its snapshot stands in the log of its server. */
  readonly server: string;
  readonly file: { readonly name: string; readonly number: number };
}

/** How long a dump of that many plain bytes takes. Milliseconds. */
export const dumpMs = (databaseBytes: number): number => (databaseBytes / DUMP_BYTES_PER_SECOND) * 1000;

/** How long its load takes. Milliseconds. */
export const loadMs = ({ databaseBytes }: Pick<Dump, 'databaseBytes'>): number =>
  (databaseBytes / LOAD_BYTES_PER_SECOND) * 1000;

const two = (value: number): string => String(value).padStart(2, '0');

/** The drill writes the names of the store by its own code, or the controller's mistakes would be the world's. */
export function dumpNameOf(at: number): string {
  const date = new Date(at);
  const day = `${date.getUTCFullYear()}${two(date.getUTCMonth() + 1)}${two(date.getUTCDate())}`;
  return `${day}T${two(date.getUTCHours())}${two(date.getUTCMinutes())}${two(date.getUTCSeconds())}Z`;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Puts a dump into the store: its parts, and its manifest last. */
export function storeDump(
  store: BlobStore,
  workload: string,
  options: { readonly dump: Dump; readonly end: LogEnd; readonly gtidSet: string },
): void {
  const { dump, end, gtidSet } = options;
  const finishedAt = dump.storedAt;
  const folder = `${workload}/${dump.name}/`;
  const parts = [
    { name: 'structure.sql.zst', kind: 'structure', plainBytes: 9_000 },
    { name: 'rows-0001.sql.zst', kind: 'rows', plainBytes: dump.databaseBytes },
    { name: 'code.sql.zst', kind: 'code', plainBytes: 900 },
  ].map((part) => ({
    ...part,
    bytes: Math.ceil(part.plainBytes / COMPRESSION),
    sha256: digest(`${folder}${part.name}`),
  }));
  for (const part of parts) {
    store.addBytes('backups', `${folder}${part.name}`, { length: part.bytes, at: finishedAt });
  }
  const manifest = {
    schemaVersion: 2,
    workload,
    createdAt: new Date(dump.at).toISOString(),
    finishedAt: new Date(finishedAt).toISOString(),
    source: {
      host: `${workload}.drill.ap-northeast-2.rds.amazonaws.com`,
      uuid: dump.server,
      version: '8.0.40',
      maxAllowedPacket: 67_108_864,
    },
    gtidSet,
    position: { file: end.file.name, position: end.position },
    tools: { mysqldump: 'mysqldump  Ver 8.4.6' },
    compression: 'zstd',
    files: parts,
    schemas: [{ name: 'petclinic', characterSet: 'utf8mb4', collation: 'utf8mb4_0900_ai_ci' }],
    tables: PETCLINIC_TABLES.map((name) => ({ schema: 'petclinic', name, rows: ROWS, checksum: null })),
    objects: { views: 0, triggers: 0, routines: 0, events: 0 },
    warnings: [],
  };
  store.put('backups', `${folder}manifest.json`, {
    text: JSON.stringify(manifest),
    at: finishedAt,
    onlyIfAbsent: true,
  });
}
