import { createHash } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import { dumpBlob } from '../../core/data/layout.ts';
import type { ManifestV2 } from '../../core/data/manifest.ts';
import { checkSizes, loadPart, sideBySide } from '../apply/load.ts';
import { firstError, start } from '../database/programs.ts';
import { isWorkSchema } from '../database/server.ts';
import { identifier, withSession, type Session } from '../database/session.ts';
import { MoverError } from '../errors.ts';
import type { BlobContainer } from '../store/blob-store.ts';
import { readStructure, withReferences, type Structure } from './structure.ts';

export interface StageOptions {
  /** The folder of dumps for the way home, which takes the place of a workload. */
  readonly folder: string;
  readonly optionFile: string;
  readonly backups: BlobContainer;
  /** Sessions that load rows side by side. */
  readonly jobs: number;
}

/** Schemas beside the site's: where a load lies until it takes their place, and where theirs lie from then on. */
export const stageSchema = (stage: number, index: number): string => `pilotlight_home_${stage}_${index}`;
export const wasSchema = (load: number, index: number): string => `pilotlight_was_${load}_${index}`;

/** A small part of a dump, whole in memory, each byte a character. @throws MoverError `damaged` */
export async function textPart(
  { folder, backups }: StageOptions,
  dump: string,
  file: ManifestV2['files'][number],
): Promise<string> {
  const blob = dumpBlob(folder, dump, file.name);
  const body = await backups.readWhole(blob);
  const sum = createHash('sha256')
    .update(body ?? '')
    .digest('hex');
  if (body === null || sum !== file.sha256) {
    throw new MoverError(
      'damaged',
      'DUMP_DAMAGED',
      `${blob} is damaged: its checksum is not the one of the manifest. Make another dump of the standby.`,
    );
  }
  return zstdDecompressSync(body).toString('latin1');
}

/** Runs a text in MySQL's client, each character a byte. @throws MoverError `database` with the server's words */
export async function runText(optionFile: string, text: string, what: string): Promise<void> {
  const writer = start('mysql', optionFile, ['--batch', '--skip-column-names']);
  writer.output.resume();
  writer.child.stdin.end(Buffer.from(text, 'latin1'));
  if ((await writer.ended) === 0) return;
  throw new MoverError('database', 'LOAD_REFUSED', `${what} did not load: ${firstError(writer.errors())}.`);
}

/** The structure of a dump. */
export async function structureOf(
  options: StageOptions,
  dump: string,
  manifest: ManifestV2,
): Promise<Structure> {
  const texts: string[] = [];
  for (const file of manifest.files.filter(({ kind }) => kind === 'structure'))
    texts.push(await textPart(options, dump, file));
  return readStructure(texts.join(''));
}

/** Ends connections of an attempt that was killed: its client may still hold the last statements that it was given. */
export async function endLeftovers(session: Session, optionFile: string): Promise<void> {
  const me = (await session.value('SELECT CURRENT_USER()')).replace(/@[^@]*$/, '');
  for (let rounds = 0; rounds < 100; rounds += 1) {
    const left = (await session.query('SHOW PROCESSLIST')).filter(
      ([, user, , schema = '']) => user === me && isWorkSchema(schema),
    );
    if (left.length === 0) return;
    // One that has ended meanwhile is no error, but would end this session.
    for (const [id = '0'] of left)
      await withSession(optionFile, (other) => other.query(`KILL ${id}`)).catch(() => undefined);
    await session.query('DO SLEEP(0.1)');
  }
}

/** Throws away every schema of loads, and of what loads took the place of. */
export async function dropWorkSchemas(session: Session): Promise<void> {
  const rows = await session.query('SELECT schema_name FROM information_schema.schemata');
  await session.query('SET SESSION foreign_key_checks = 0');
  for (const [schema = ''] of rows)
    if (isWorkSchema(schema)) await session.query(`DROP DATABASE IF EXISTS ${identifier(schema)}`);
}

/** Makes empty schemas for a load. */
export async function makeStage(session: Session, stage: number, manifest: ManifestV2): Promise<void> {
  for (const [index, { characterSet, collation }] of manifest.schemas.entries()) {
    await session.query(
      `CREATE DATABASE ${identifier(stageSchema(stage, index))} CHARACTER SET ${characterSet} COLLATE ${collation}`,
    );
  }
}

/** Fills the schemas of a load: all tables of the dump, or those that it has the rows of. What was in those before goes. */
export async function fillStage(
  options: StageOptions,
  { stage, dump, manifest }: { readonly stage: number; readonly dump: string; readonly manifest: ManifestV2 },
): Promise<void> {
  await checkSizes({ backups: options.backups, workload: options.folder }, dump, manifest);
  const structure = await structureOf(options, dump, manifest);
  const index = new Map(manifest.schemas.map(({ name }, at) => [name, at]));
  const stageOf = (schema: string): string => stageSchema(stage, index.get(schema) ?? 0);
  const only = manifest.home?.changed ?? null;
  const wanted =
    only === null ? null : new Set(only.map(({ schema, name }) => JSON.stringify([schema, name])));
  const utf8 = (text: string): string => Buffer.from(text, 'latin1').toString('utf8');
  const tables = structure.pieces.filter(
    ({ kind, schema, name }) =>
      kind === 'table' && (wanted === null || wanted.has(JSON.stringify([utf8(schema), utf8(name)]))),
  );
  const expected = wanted?.size ?? manifest.tables.length;
  if (tables.length !== expected) {
    throw new MoverError(
      'damaged',
      'DUMP_DAMAGED',
      `the structure of ${dump} has ${tables.length} of ${expected} tables. Make another dump of the standby.`,
    );
  }
  const text = tables.map(
    (piece) =>
      `USE ${identifier(stageOf(utf8(piece.schema)))};\n${withReferences(piece.text, (schema) => stageOf(utf8(schema)))}`,
  );
  if (tables.length > 0)
    await runText(options.optionFile, `${structure.head}${text.join('')}`, `the structure of ${dump}`);
  const rows = manifest.files.filter(({ kind }) => kind === 'rows');
  await sideBySide(rows, options.jobs, async ({ name, sha256 }) => {
    const blob = dumpBlob(options.folder, dump, name);
    await loadPart(
      { ...options, withoutLog: false },
      {
        ...{ blob, sha256, compression: 'zstd', head: '', filter: null },
        firstLine: (line) =>
          `USE ${identifier(stageOf(/^USE `(.*)`;$/.exec(line)?.[1]?.replaceAll('``', '`') ?? ''))};`,
      },
    );
  });
}
