import type { ManifestV2 } from '../../core/data/manifest.ts';
import { asleepInDump, replicaWord, type ReplicaWord } from '../apply/events.ts';
import { notSystem } from '../database/server.ts';
import { identifier, literal, type Session } from '../database/session.ts';
import { withTrueNames, type TrueNames } from './names.ts';
import { runText, stageSchema, structureOf, textPart, wasSchema, type StageOptions } from './stage.ts';

/** What takes the place of the site's schemas. */
export interface Coming {
  /** The load, by whose number the old tables are put away. */
  readonly id: number;
  readonly stage: number;
  readonly dump: string;
  readonly manifest: ManifestV2;
  readonly names: TrueNames;
}

const quotedTable = (schema: string, name: string): string => `${identifier(schema)}.${identifier(name)}`;
const utf8 = (text: string): string => Buffer.from(text, 'latin1').toString('utf8');
const latin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/**
 * Lets a load take the place of the site's schemas. Each step may be done again: whatever moment this is killed at, doing it again ends the
 * same. The tables change places in one statement, which the server does whole or not at all.
 */
export async function swap(options: StageOptions, session: Session, coming: Coming): Promise<void> {
  await session.query('SET SESSION foreign_key_checks = 0');
  await dropCode(session);
  await moveTables(session, coming);
  await dropEmptySchemas(session, coming);
  await loadViews(options, coming);
  const word = replicaWord(await session.value('SELECT VERSION()'));
  await loadCode(options, coming, word);
}

/** What runs in the site's schemas goes: triggers and views stand in the way of the tables, and the rest is of before. */
async function dropCode(session: Session): Promise<void> {
  const drop = async (kind: string, select: string): Promise<void> => {
    for (const [schema = '', name = ''] of await session.query(select))
      await session.query(`DROP ${kind} IF EXISTS ${quotedTable(schema, name)}`);
  };
  const of = (table: string, schema: string, name: string): string =>
    `SELECT ${schema}, ${name} FROM information_schema.${table} WHERE ${notSystem(schema)}`;
  await drop('EVENT', of('events', 'event_schema', 'event_name'));
  await drop('TRIGGER', of('triggers', 'trigger_schema', 'trigger_name'));
  await drop('VIEW', of('views', 'table_schema', 'table_name'));
  for (const kind of ['PROCEDURE', 'FUNCTION']) {
    await drop(
      kind,
      `${of('routines', 'routine_schema', 'routine_name')} AND routine_type = ${literal(kind)}`,
    );
  }
}

async function moveTables(session: Session, { id, stage, manifest, names }: Coming): Promise<void> {
  const coming: string[] = [];
  for (const [index, { name: schema, characterSet, collation }] of manifest.schemas.entries()) {
    const from = stageSchema(stage, index);
    const to = names.schema(schema);
    const settings = `CHARACTER SET ${characterSet} COLLATE ${collation}`;
    await session.query(`CREATE DATABASE IF NOT EXISTS ${identifier(to)} ${settings}`);
    await session.query(`ALTER DATABASE ${identifier(to)} ${settings}`);
    for (const name of await tablesOf(session, from))
      coming.push(`${quotedTable(from, name)} TO ${quotedTable(to, names.table(schema, name))}`);
  }
  // They have taken the place already: an earlier run was killed after it.
  if (coming.length === 0) return;
  const going: string[] = [];
  for (const [index, schema] of (await siteSchemas(session)).entries()) {
    const was = wasSchema(id, index);
    await session.query(`CREATE DATABASE IF NOT EXISTS ${identifier(was)}`);
    for (const name of await tablesOf(session, schema))
      going.push(`${quotedTable(schema, name)} TO ${quotedTable(was, name)}`);
  }
  await session.query(`RENAME TABLE ${[...going, ...coming].join(', ')}`);
}

const tablesOf = async (session: Session, schema: string): Promise<string[]> => {
  const rows = await session.query(
    `SELECT table_name FROM information_schema.tables WHERE table_schema = ${literal(schema)} AND table_type = 'BASE TABLE'`,
  );
  return rows.map(([name = '']) => name);
};

const siteSchemas = async (session: Session): Promise<string[]> => {
  const rows = await session.query(
    `SELECT schema_name FROM information_schema.schemata WHERE ${notSystem('schema_name')} ORDER BY schema_name`,
  );
  return rows.map(([schema = '']) => schema);
};

/** A schema that the standby has not any more has no table left; one that never had any has no place in a dump without tables. */
async function dropEmptySchemas(session: Session, { manifest, names }: Coming): Promise<void> {
  const kept = new Set(manifest.schemas.map(({ name }) => names.schema(name)));
  for (const schema of await siteSchemas(session))
    if (!kept.has(schema)) await session.query(`DROP DATABASE ${identifier(schema)}`);
}

/** Views are made in two steps, as in every dump: first without their meaning, because one may be made of another. */
async function loadViews(options: StageOptions, { dump, manifest, names }: Coming): Promise<void> {
  const { head, pieces } = await structureOf(options, dump, manifest);
  const texts = pieces
    .filter(({ kind }) => kind === 'view')
    .map(({ schema, text }) => {
      const own = utf8(schema);
      return `USE ${latin1(identifier(names.schema(own)))};\n${withTrueNames(text, own, names)}`;
    });
  if (texts.length > 0) await runText(options.optionFile, `${head}${texts.join('')}`, `a view of ${dump}`);
}

async function loadCode(
  options: StageOptions,
  { dump, manifest, names }: Coming,
  word: ReplicaWord,
): Promise<void> {
  for (const file of manifest.files.filter(({ kind }) => kind === 'code')) {
    const text = await textPart(options, dump, file);
    await runText(options.optionFile, codeFor(text, names, word), `triggers, routines and events of ${dump}`);
  }
}

const USE = /^USE `((?:[^`]|``)*)`;$/;
/** The server prints the head of a trigger anew, with the table's name as it has it; the body is as somebody wrote it. */
const TRIGGER =
  /^(\/\*!50003 CREATE\*\/ \/\*!50003 TRIGGER `(?:[^`]|``)*` (?:BEFORE|AFTER) (?:INSERT|UPDATE|DELETE) ON )`((?:[^`]|``)*)`/;
const nameIn = (quoted: string): string => utf8(quoted.replaceAll('``', '`'));

/** What runs, for the primary: in its schemas, on its tables, the events asleep. The bodies stay as they are. Each byte is a character. */
export function codeFor(text: string, names: TrueNames, word: ReplicaWord): string {
  let isBody = false;
  let schema = '';
  return text
    .split('\n')
    .map((line) => {
      if (line.startsWith('DELIMITER ')) isBody = line !== 'DELIMITER ;';
      const used = isBody ? undefined : USE.exec(line)?.[1];
      if (used === undefined) {
        const own = line.replace(
          TRIGGER,
          (_, head: string, table: string) => head + latin1(identifier(names.table(schema, nameIn(table)))),
        );
        return asleepInDump(own, word);
      }
      schema = nameIn(used);
      return `USE ${latin1(identifier(names.schema(schema)))};`;
    })
    .join('\n');
}
