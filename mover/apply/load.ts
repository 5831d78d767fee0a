import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { dumpBlob } from '../../core/data/layout.ts';
import type { Manifest, ManifestV2 } from '../../core/data/manifest.ts';
import { firstError, start } from '../database/programs.ts';
import { identifier, type Session } from '../database/session.ts';
import { definerFilter } from '../dump/definers.ts';
import { asleepInDump, type ReplicaWord } from './events.ts';
import { asMoverError, MoverError, wordsOf } from '../errors.ts';
import type { BlobContainer } from '../store/blob-store.ts';

export interface LoadOptions {
  readonly workload: string;
  readonly optionFile: string;
  readonly backups: BlobContainer;
  /** Sessions that load rows side by side. */
  readonly jobs: number;
  /** For a dump of the first layout, which names no schema: where it goes. */
  readonly schemaOfV1: string;
  /** How this server says that an event sleeps. */
  readonly word: ReplicaWord;
  /** Whether the binary log may be left out; RDS does not allow it. */
  readonly withoutLog: boolean;
}

/** One blob of a dump: where it is, what it must be, and what is said before it. */
export interface Part {
  readonly blob: string;
  readonly sha256: string;
  readonly compression: 'zstd' | 'gzip';
  readonly head: string;
  /** What each line goes through on its way; null for rows, which stay as they are. */
  readonly filter: ((line: string) => string | null) | null;
  /** What becomes of its first line, which chooses the schema; left out to leave that as it is. */
  readonly firstLine?: (line: string) => string;
}

/** Schemas that the load of this dump makes. */
export const schemasOf = (manifest: Manifest, schemaOfV1: string): readonly string[] =>
  manifest.schemaVersion === 1 ? [schemaOfV1] : manifest.schemas.map(({ name }) => name);

/**
 * Loads a dump into empty schemas: the tables, then the rows side by side, then what runs. Each blob is held against its checksum as it
 * streams through; nothing is kept on a disk.
 * @throws MoverError `damaged` where a blob is not what the manifest says, `database` where the database refuses it
 */
export async function loadDump(options: LoadOptions, dump: string, manifest: Manifest): Promise<void> {
  if (manifest.schemaVersion === 1) {
    const schema = identifier(options.schemaOfV1);
    const blob = dumpBlob(options.workload, dump, 'dump.sql.gz');
    const withoutDefiner = definerFilter();
    const filter = (line: string): string | null => {
      const own = withoutDefiner(line);
      return own === null ? null : asleepInDump(own, options.word);
    };
    const head = `CREATE DATABASE ${schema} CHARACTER SET utf8mb4;\nUSE ${schema};\n`;
    await loadPart(options, { blob, sha256: manifest.sha256, compression: 'gzip', head, filter });
    return;
  }
  await checkSizes(options, dump, manifest);
  const parts = (kind: ManifestV2['files'][number]['kind']): readonly Part[] =>
    manifest.files
      .filter((file) => file.kind === kind)
      .map(({ name, sha256 }) => ({
        blob: dumpBlob(options.workload, dump, name),
        ...{ sha256, compression: 'zstd', head: '' },
        filter: kind === 'code' ? (line: string) => asleepInDump(line, options.word) : null,
      }));
  for (const part of parts('structure')) await loadPart(options, part);
  await sideBySide(parts('rows'), options.jobs, (part) => loadPart(options, part));
  for (const part of parts('code')) await loadPart(options, part);
}

/** A blob of another length is known before anything is loaded. */
export async function checkSizes(
  { backups, workload }: Pick<LoadOptions, 'backups' | 'workload'>,
  dump: string,
  { files }: ManifestV2,
): Promise<void> {
  for (const { name, bytes } of files) {
    const length = await backups.length(dumpBlob(workload, dump, name));
    if (length === bytes) continue;
    const got = length === null ? 'is missing' : `has ${length} bytes`;
    throw new MoverError(
      'damaged',
      'DUMP_DAMAGED',
      `${name} of the dump ${dump} ${got}, and the manifest says ${bytes}.`,
    );
  }
}

/** Runs something for each item, so many at once. The first failure is thrown when all that had begun have ended. */
export async function sideBySide<T>(
  items: readonly T[],
  jobs: number,
  run: (item: T) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await run(item);
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(jobs, items.length) }, worker));
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/**
 * Rows stay out of the standby's binary log, and tables come back as they were: Azure's default would give one without a primary
 * key an invisible one. Where the log may not be left out (RDS), neither may these be set, and their defaults are right.
 */
const PRELUDE =
  'SET SESSION sql_log_bin = 0, SESSION sql_generate_invisible_primary_key = OFF, SESSION sql_require_primary_key = OFF;\n';

/** A store that pauses within a statement must not end the session. */
const PATIENCE = 'SET SESSION net_read_timeout = 3600, SESSION wait_timeout = 86400;\n';

/** Loads one part. @throws MoverError as `loadDump` */
export async function loadPart(
  options: Pick<LoadOptions, 'optionFile' | 'backups' | 'withoutLog'>,
  part: Part,
): Promise<void> {
  const writer = start('mysql', options.optionFile, ['--batch', '--skip-column-names']);
  writer.output.resume();
  writer.child.stdin.write(`${PATIENCE}${options.withoutLog ? PRELUDE : ''}${part.head}`);
  const hash = createHash('sha256');
  const seen = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const unpack = part.compression === 'zstd' ? createZstdDecompress() : createGunzip();
  const source = await options.backups.stream(part.blob);
  const filter = part.filter === null ? [] : [lineFilter(part.filter)];
  const first = part.firstLine === undefined ? [] : [firstLineBecomes(part.firstLine)];
  const stages = [source, seen, unpack, ...first, ...filter, writer.child.stdin] as const;
  const failure = await pipeline(stages).then(
    () => null,
    (error: unknown) => error,
  );
  if (failure !== null) writer.child.stdin.destroy();
  const code = await writer.ended;
  // What does not unpack, or is another blob, is damaged, whatever the database said of half a statement.
  if (failure !== null && isUnpacking(failure)) throw damaged(part, wordsOf(failure));
  if (code !== 0) {
    // Damaged text may unpack and make no sense to the database: the whole blob decides whose fault it is.
    const found = await sha256Of(options.backups, part.blob);
    if (found !== part.sha256) throw damaged(part, 'its checksum is not the one of the manifest');
    throw refused(part, firstError(writer.errors()));
  }
  if (failure !== null) throw asMoverError(failure, 'store', 'STORE_UNAVAILABLE');
  if (hash.digest('hex') !== part.sha256) throw damaged(part, 'its checksum is not the one of the manifest');
}

async function sha256Of(backups: BlobContainer, blob: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of await backups.stream(blob)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

const isUnpacking = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(?:Z_|ZSTD_)/.test(String(error.code));

const damaged = (part: Part, why: string): MoverError =>
  new MoverError('damaged', 'DUMP_DAMAGED', `${part.blob} is damaged: ${why}.`);

const refused = (part: Part, said: string): MoverError =>
  new MoverError(
    'database',
    'LOAD_REFUSED',
    `${part.blob} did not load: ${said}. The load is marked as unfinished and begins again from empty schemas.`,
  );

/** Lines through a filter; a dump by hand is one stream of text with rows in lines of a megabyte. */
function lineFilter(filter: (line: string) => string | null): Transform {
  let rest = '';
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const lines = `${rest}${chunk.toString('latin1')}`.split('\n');
      rest = lines.pop() ?? '';
      const kept = lines.map(filter).filter((line) => line !== null);
      done(null, Buffer.from(kept.map((line) => `${line}\n`).join(''), 'latin1'));
    },
    flush(done) {
      const last = filter(rest);
      done(null, Buffer.from(last ?? '', 'latin1'));
    },
  });
}

/** Puts another line in the place of the first; the rows behind it pass untouched. */
function firstLineBecomes(change: (line: string) => string): Transform {
  let isBehind = false;
  let head: Buffer = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (isBehind) {
        done(null, chunk);
        return;
      }
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf(10);
      isBehind = end !== -1;
      if (!isBehind) {
        done();
        return;
      }
      const line = `${change(head.toString('utf8', 0, end))}\n`;
      done(null, Buffer.concat([Buffer.from(line), head.subarray(end + 1)]));
    },
  });
}

/** Drops the schemas of an earlier load. */
export async function dropSchemas(session: Session, schemas: readonly string[]): Promise<void> {
  for (const schema of schemas) await session.query(`DROP DATABASE IF EXISTS ${identifier(schema)}`);
}
