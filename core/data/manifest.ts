import * as z from 'zod';
import { describeIssues } from '../problems.ts';
import { DUMP_NAME, LOG_FILE_NAME } from './layout.ts';

/* What a dump says of itself. It is written last, so whoever finds a manifest finds a whole dump. */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits in lower case');
const bytes = z.int().min(0);

/** The first layout: one `dump.sql.gz`, made by hand or by a script, without a place in the binary log. */
const manifestV1Schema = z.object({
  schemaVersion: z.literal(1),
  sha256,
  size: bytes.min(1),
  createdAt: z.iso.datetime(),
  sourceServer: z.string().min(1),
});
export type ManifestV1 = z.infer<typeof manifestV1Schema>;

const tableSchema = z.object({
  schema: z.string().min(1),
  name: z.string().min(1),
  /** Rows at the snapshot. */
  rows: z.int().min(0),
  /** MySQL's own CHECKSUM TABLE at the snapshot, in decimal; null where it was not asked for. */
  checksum: z.string().nullable(),
});
export type TableFigures = z.infer<typeof tableSchema>;

/** The second layout: the mover's. `createdAt` is the moment of the snapshot: every commit before it is in the dump. */
const manifestV2Schema = z.object({
  schemaVersion: z.literal(2),
  workload: z.string().min(1),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  source: z.object({
    host: z.string().min(1),
    uuid: z.guid(),
    version: z.string().min(1),
    maxAllowedPacket: bytes,
  }),
  /** What the server had executed at the snapshot; null where it keeps no GTIDs, and then no log can follow. */
  gtidSet: z.string().nullable(),
  /** Where in the binary log the snapshot stands; null where the server writes none. */
  position: z
    .object({ file: z.string().regex(LOG_FILE_NAME, 'the name of a binary log'), position: bytes })
    .nullable(),
  tools: z.object({ mysqldump: z.string().min(1) }),
  compression: z.literal('zstd'),
  files: z
    .array(
      z.object({
        name: z.string().regex(/^(?:structure|code|rows-\d{4})\.sql\.zst$/, 'the name of a part of a dump'),
        kind: z.enum(['structure', 'rows', 'code']),
        bytes,
        plainBytes: bytes,
        sha256,
      }),
    )
    .min(1),
  schemas: z
    .array(z.object({ name: z.string().min(1), characterSet: z.string(), collation: z.string() }))
    .min(1),
  tables: z.array(tableSchema).min(1),
  objects: z.object({ views: bytes, triggers: bytes, routines: bytes, events: bytes }),
  /** What loads, and should be known all the same. */
  warnings: z.array(z.string()),
  /** A dump of the standby, for the way home; a dump of the primary has none. */
  home: z
    .object({
      /** Which transactions the standby had, the primary's among them. */
      holds: z.string(),
      /** The dump that this one goes on from, and the tables whose rows are in it; null where all rows are. */
      since: z.string().regex(DUMP_NAME).nullable(),
      changed: z.array(z.object({ schema: z.string().min(1), name: z.string().min(1) })).nullable(),
      /** Why all rows are in it although only the changed ones were asked for; null otherwise. */
      whole: z.string().nullable(),
    })
    .optional(),
});
export type ManifestV2 = z.infer<typeof manifestV2Schema>;

export type Manifest = ManifestV1 | ManifestV2;

/** A manifest, or everything that is wrong with it. */
export type ReadManifest =
  { readonly manifest: Manifest } | { readonly manifest: null; readonly problems: readonly string[] };

const LAYOUTS = { 1: manifestV1Schema, 2: manifestV2Schema } as const;

/** Reads the text of a manifest of any layout that this version knows. */
export function readManifest(text: string): ReadManifest {
  const refuse = (...problems: string[]): ReadManifest => ({ manifest: null, problems });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('manifest.json is not JSON');
  }
  const version = z.object({ schemaVersion: z.int() }).safeParse(value);
  if (!version.success) return refuse(...describeIssues(version.error, value));
  const { schemaVersion } = version.data;
  if (schemaVersion !== 1 && schemaVersion !== 2) {
    return refuse(
      `schemaVersion: got ${schemaVersion}, expected 1 or 2; a later version of Pilotlight made this dump: restore it with that one`,
    );
  }
  const read = LAYOUTS[schemaVersion].safeParse(value);
  return read.success ? { manifest: read.data } : refuse(...describeIssues(read.error, value));
}

/** Counts and checksums of the primary at one GTID set: what a restore is held against. */
export const witnessSchema = z.object({
  schemaVersion: z.literal(1),
  at: z.iso.datetime(),
  server: z.guid(),
  gtidSet: z.string().min(1),
  tables: z.array(tableSchema),
});
export type Witness = z.infer<typeof witnessSchema>;
