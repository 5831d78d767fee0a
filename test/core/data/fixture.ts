import type { Beat } from '../../../core/data/journal.ts';
import type { LogPart } from '../../../core/data/layout.ts';
import type { ManifestV2 } from '../../../core/data/manifest.ts';

export const DUMP = '20261127T030000Z';
export const SEGMENT = '0001-0123abcd';

/** A beat of a shipper that is well, ten seconds after what it says is whole. */
export const beat = (more: Partial<Beat> = {}): Beat => ({
  schemaVersion: 1,
  at: '2026-11-27T08:00:10.000Z',
  everySeconds: 10,
  dump: DUMP,
  log: {
    segment: SEGMENT,
    file: 'binlog.000002',
    position: 150,
    wholeUntil: '2026-11-27T08:00:00.000Z',
    gtidSet: '01234567-89ab-cdef-0123-456789abcdef:1-20',
  },
  fault: null,
  dumpFault: null,
  proof: {
    ...{ at: '2026-11-27T04:00:00.000Z', dump: DUMP, good: true, tables: 7, rows: 1_000, seconds: 12.5 },
    detail: '',
  },
  ...more,
});

/** A part of the log, in the first segment unless another is named. */
export const part = (file: string, offset: number, length: number, segment = SEGMENT): LogPart => ({
  ...{ segment, file, offset, length },
});

/** A manifest as the mover writes it. */
export const manifest = (more: Partial<ManifestV2> = {}): ManifestV2 => ({
  schemaVersion: 2,
  workload: 'shop',
  createdAt: '2026-11-27T03:00:00.123Z',
  finishedAt: '2026-11-27T03:04:00.000Z',
  source: {
    host: 'db.example.com',
    uuid: '01234567-89ab-cdef-0123-456789abcdef',
    version: '8.0.43',
    maxAllowedPacket: 67_108_864,
  },
  gtidSet: '01234567-89ab-cdef-0123-456789abcdef:1-7',
  position: { file: 'binlog.000001', position: 157 },
  tools: { mysqldump: 'mysqldump  Ver 8.0.43' },
  compression: 'zstd',
  files: [
    { name: 'structure.sql.zst', kind: 'structure', bytes: 10, plainBytes: 20, sha256: 'a'.repeat(64) },
    { name: 'rows-0001.sql.zst', kind: 'rows', bytes: 10, plainBytes: 20, sha256: 'b'.repeat(64) },
    { name: 'code.sql.zst', kind: 'code', bytes: 10, plainBytes: 20, sha256: 'c'.repeat(64) },
  ],
  schemas: [{ name: 'shop', characterSet: 'utf8mb4', collation: 'utf8mb4_0900_ai_ci' }],
  tables: [{ schema: 'shop', name: 'orders', rows: 2, checksum: '123' }],
  objects: { views: 0, triggers: 0, routines: 0, events: 0 },
  warnings: [],
  ...more,
});
