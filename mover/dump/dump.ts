import { Readable } from 'node:stream';
import { dumpBlob, dumpNameAt, manifestBlob } from '../../core/data/layout.ts';
import type { ManifestV2, TableFigures } from '../../core/data/manifest.ts';
import { MoverError, wordsOf } from '../errors.ts';
import type { MoverLog } from '../log.ts';
import { dumpProgram, firstError, start } from '../database/programs.ts';
import { serverFacts, type ServerFacts } from '../database/server.ts';
import { identifier, withSession } from '../database/session.ts';
import type { BlobContainer } from '../store/blob-store.ts';
import { figuresOf } from '../verify/figures.ts';
import { binsOf, type Bin } from './bins.ts';
import { refuseUnderWay } from '../home/books.ts';
import { readCatalog, type Catalog } from './catalog.ts';
import { withoutDefiners } from './definers.ts';
import { preflight } from './preflight.ts';
import { takeSnapshot, type Snapshot } from './snapshot.ts';
import { uploadCompressed } from './upload.ts';

export interface DumpOptions {
  readonly workload: string;
  readonly host: string;
  readonly optionFile: string;
  /** Processes that dump side by side. */
  readonly jobs: number;
  /** Whether each table's checksum is taken as well as its count; both read the whole table once more. */
  readonly checksums: boolean;
  readonly backups: BlobContainer;
  /** Asked at each try, for a dump of the standby for the way home; it is left out for one of the primary. */
  readonly home?: () => Promise<HomePart>;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly log: MoverLog;
}

/** What a dump for the way home says of itself. */
export type HomePart = NonNullable<ManifestV2['home']> & {
  /** What the server had executed when the changed tables were found; null where all rows are dumped. */
  readonly foundAt: string | null;
};

/** A change of the structure while it is dumped is met by beginning again, so often. */
const TRIES = 3;
const PAUSE_MS = 20_000;

/**
 * Dumps every schema of the site at one moment, with its place in the binary log, straight into the store; the manifest comes
 * last. Nothing is written to a disk, and memory does not grow with the data.
 * @throws MoverError `refused`, with the whole list, where the standby would not take the data
 */
export async function dump(options: DumpOptions): Promise<{ name: string; manifest: ManifestV2 }> {
  const mysqldump = await dumpProgram();
  for (let attempt = 1; ; attempt += 1) {
    try {
      // What there is to dump may have changed since the last try.
      return await dumpOnce(options, { mysqldump, ...(await lookAt(options)) });
    } catch (error) {
      const isOver =
        error instanceof MoverError && (error.failure === 'store' || error.failure === 'refused');
      if (attempt === TRIES || isOver) throw error;
      options.log.warn('dump-begins-again', { attempt, because: wordsOf(error) });
      await options.sleep(PAUSE_MS);
    }
  }
}

/** What there is to dump. @throws MoverError `refused`, with the whole list, where the standby would not take it */
async function lookAt({ optionFile, log, home }: DumpOptions): Promise<Omit<Known, 'mysqldump'>> {
  const { server, catalog } = await withSession(optionFile, async (session) => {
    const facts = await serverFacts(session);
    if (!facts.isMariaDb && home === undefined) await refuseUnderWay(session);
    // MariaDB knows half of what the catalogue asks for; it is refused by its version alone.
    const empty: Catalog = {
      schemas: [],
      tables: [],
      views: [],
      objects: { triggers: 0, routines: 0, events: 0 },
    };
    return { server: facts, catalog: facts.isMariaDb ? empty : await readCatalog(session) };
  });
  const { problems, warnings } = preflight(server, catalog);
  if (problems.length > 0) {
    throw new MoverError(
      'refused',
      'NOT_RESTORABLE',
      `The standby would not take these data, so no dump was made:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
    );
  }
  for (const warning of warnings) log.warn('dump-warning', { warning });
  return { server, catalog, warnings };
}

interface Known {
  readonly mysqldump: string;
  readonly server: ServerFacts;
  readonly catalog: Catalog;
  readonly warnings: readonly string[];
}

/** A dump on its way. */
interface Made {
  readonly name: string;
  readonly code: Code;
  readonly snapshot: Snapshot;
  readonly bins: readonly Bin[];
}

async function dumpOnce(options: DumpOptions, known: Known): Promise<{ name: string; manifest: ManifestV2 }> {
  const { backups, workload, log } = options;
  const before = await readCode(options.optionFile, known.catalog);
  const home = (await options.home?.()) ?? null;
  const bins = binsOf(rowsOf(known.catalog, home), options.jobs);
  const snapshot = await takeSnapshot({ ...options, ...known, tables: known.catalog.tables, bins });
  try {
    const after = await readCode(options.optionFile, known.catalog);
    const there = await withSession(options.optionFile, readCatalog);
    // A table that came after the look would be loaded without its rows, and the log would not bring them: they are before the snapshot.
    if (comparable(before) !== comparable(after) || namesIn(there) !== namesIn(known.catalog)) {
      throw new MoverError(
        'database',
        'STRUCTURE_CHANGED',
        'the structure was changed while the snapshot was taken',
      );
    }
    if ((home?.foundAt ?? snapshot.gtidSet) !== snapshot.gtidSet) {
      throw new MoverError(
        'database',
        'WRITTEN_MEANWHILE',
        'the database was written to between the look for changed tables and the snapshot',
      );
    }
    const name = dumpNameAt(snapshot.takenAt);
    log.info('dump-begins', { dump: name, lockedMs: snapshot.lockedMs, processes: bins.length });
    const [files, tables] = await Promise.all([
      uploadAll(options, { name, code: before, snapshot, bins }),
      figuresOf(snapshot.witness, known.catalog.tables, options.checksums),
    ]);
    const manifest = manifestOf(options, known, { snapshot, files, tables, home });
    await backups.add(manifestBlob(workload, name), `${JSON.stringify(manifest, null, 2)}\n`);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    log.info('dump-done', { dump: name, bytes, seconds: (options.now() - snapshot.takenAt) / 1000 });
    return { name, manifest };
  } finally {
    for (const { child } of snapshot.dumps) child.kill('SIGKILL');
    snapshot.witness.close();
  }
}

/** The tables whose rows are dumped. */
function rowsOf({ tables }: Catalog, home: HomePart | null): Catalog['tables'] {
  if (home?.changed == null) return tables;
  const changed = new Set(home.changed.map(({ schema, name }) => JSON.stringify([schema, name])));
  return tables.filter(({ schema, name }) => changed.has(JSON.stringify([schema, name])));
}

/** What makes the empty database, and what runs in it; small enough for memory, unlike the rows. */
interface Code {
  readonly structure: string;
  readonly code: string;
}

const COMMON = [
  '--no-tablespaces',
  '--set-gtid-purged=OFF',
  '--column-statistics=0',
  '--skip-dump-date',
  '--single-transaction',
];

async function readCode(optionFile: string, { schemas }: Catalog): Promise<Code> {
  const names = schemas.map(({ name }) => name);
  const [structure, code] = await Promise.all([
    textOf(optionFile, [...COMMON, '--no-data', '--skip-triggers', '--databases', ...names]),
    textOf(optionFile, [
      ...[...COMMON, '--no-data', '--no-create-info', '--no-create-db'],
      ...['--triggers', '--routines', '--events', '--databases', ...names],
    ]),
  ]);
  return { structure: withoutDefiners(structure), code: withoutDefiners(code) };
}

/** Inserts move the counters of the tables without changing their structure. */
const comparable = ({ structure, code }: Code): string =>
  `${structure.replaceAll(/ AUTO_INCREMENT=\d+/g, '')}\n${code}`;

const namesIn = ({ schemas, tables }: Catalog): string =>
  JSON.stringify([schemas.map(({ name }) => name), tables.map(({ schema, name }) => [schema, name])]);

async function textOf(optionFile: string, args: readonly string[]): Promise<string> {
  const running = start('mysqldump', optionFile, args);
  const chunks: Buffer[] = [];
  running.output.on('data', (chunk: Buffer) => chunks.push(chunk));
  await finished(running);
  // The body of a routine is in the character set of whoever made it: each byte becomes one character and comes back as the same byte.
  return Buffer.concat(chunks).toString('latin1');
}

async function finished(running: ReturnType<typeof start>): Promise<void> {
  const code = await running.ended;
  if (code === 0) return;
  const said = firstError(running.errors());
  throw new MoverError('database', 'DUMP_FAILED', `mysqldump ended with ${code}: ${said}`);
}

type DumpFile = ManifestV2['files'][number];

const bytesOf = (text: string): Readable => Readable.from([Buffer.from(text, 'latin1')]);

async function uploadAll(options: DumpOptions, made: Made): Promise<DumpFile[]> {
  const { backups, workload } = options;
  const put = async (
    file: string,
    kind: DumpFile['kind'],
    body: { readonly head: string; readonly source: Readable },
  ): Promise<DumpFile> => ({
    name: file,
    kind,
    ...(await uploadCompressed(backups, dumpBlob(workload, made.name, file), body)),
  });
  const rows = made.snapshot.dumps.map(async (running, index) => {
    const file = `rows-${String(index + 1).padStart(4, '0')}.sql.zst`;
    const head = `USE ${identifier(made.bins[index]?.schema ?? '')};\n`;
    const [uploaded] = await Promise.all([
      put(file, 'rows', { head, source: running.output }),
      finished(running),
    ]);
    return uploaded;
  });
  return Promise.all([
    put('structure.sql.zst', 'structure', { head: '', source: bytesOf(made.code.structure) }),
    ...rows,
    put('code.sql.zst', 'code', { head: '', source: bytesOf(made.code.code) }),
  ]);
}

function manifestOf(
  options: DumpOptions,
  { server, catalog, mysqldump, warnings }: Known,
  made: {
    readonly snapshot: Snapshot;
    readonly files: DumpFile[];
    readonly tables: readonly TableFigures[];
    readonly home: HomePart | null;
  },
): ManifestV2 {
  const { snapshot, files, tables, home } = made;
  return {
    schemaVersion: 2,
    workload: options.workload,
    createdAt: new Date(snapshot.takenAt).toISOString(),
    finishedAt: new Date(options.now()).toISOString(),
    source: {
      host: options.host,
      uuid: server.uuid,
      version: server.version,
      maxAllowedPacket: server.maxAllowedPacket,
    },
    gtidSet: server.keepsGtids ? snapshot.gtidSet : null,
    position: snapshot.end === null ? null : { file: snapshot.end.file, position: snapshot.end.position },
    tools: { mysqldump },
    compression: 'zstd',
    files,
    schemas: catalog.schemas.map(({ name, characterSet, collation }) => ({ name, characterSet, collation })),
    tables: [...tables],
    objects: { views: catalog.views.length, ...catalog.objects },
    warnings: [...warnings],
    ...(home === null
      ? {}
      : { home: { holds: home.holds, since: home.since, changed: home.changed, whole: home.whole } }),
  };
}
