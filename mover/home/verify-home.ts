import * as z from 'zod';
import { homeFolder } from '../../core/data/home.ts';
import { witnessSchema, type TableFigures, type Witness } from '../../core/data/manifest.ts';
import { describeIssues } from '../../core/problems.ts';
import { without } from '../database/gtids.ts';
import { withSession, type Session } from '../database/session.ts';
import { MoverError } from '../errors.ts';
import { readDump } from '../store/dumps.ts';
import { differences } from '../verify/figures.ts';
import { takeFigures } from '../verify/witness.ts';
import { currentHomeLoad } from './books.ts';
import { parsed } from './opened.ts';
import type { HomeOptions } from './orphans.ts';

export interface VerifyHomeOptions extends HomeOptions {
  readonly checksums: boolean;
}

/** Figures of the standby, and the blob of `backups` that has them. */
export interface StandbyFigures {
  readonly blob: string;
  readonly witness: Witness;
}

/** A dump that was loaded and is gone from the store is at no point that figures could be held against. */
const NO_DUMP = { gtidSet: '', source: { uuid: 'which is gone from the store' } };

const figuresPrefix = (workload: string): string => `${homeFolder(workload)}/figures/`;

/** Counts and sums up every table of the standby at one moment, while the primary loads: behind the shield nobody writes. */
export async function leaveFigures(options: VerifyHomeOptions): Promise<StandbyFigures> {
  const witness = await takeFigures(options);
  // To the millisecond: an order that follows within the second must not find its name taken.
  const blob = `${figuresPrefix(options.workload)}${witness.at.replaceAll(/[-:.]/g, '')}.json`;
  await options.store.backups.add(blob, JSON.stringify(witness));
  return { blob, witness };
}

/** Nobody may have written to the standby since it was loaded: a load is in no log, so its own set is empty then. */
const figuresSchema = witnessSchema.extend({ gtidSet: z.string() });

/** The newest figures of the standby. @throws MoverError `refused` where there are none that can be read */
async function newestFigures({ store, workload }: HomeOptions): Promise<Witness> {
  const prefix = figuresPrefix(workload);
  const found = (await store.backups.list(prefix)).at(-1);
  const text = found === undefined ? null : await store.backups.readText(found.name);
  const value = text === null ? null : parsed(text);
  const read = figuresSchema.safeParse(value);
  if (read.success) return read.data;
  const got =
    found === undefined || text === null
      ? `nothing below ${prefix}`
      : `${found.name}, which cannot be read (${describeIssues(read.error, value).join('; ')})`;
  throw new MoverError(
    'refused',
    'NO_WITNESS',
    `the standby's side has left no figures for the way home: got ${got}, expected counts of every table. Take them over there: mover verify --home --take.`,
  );
}

/**
 * Holds the primary against the figures of the standby, after the last load: equal counts and checksums of every table, and no table more.
 * @returns the tables that were compared
 * @throws MoverError `differs` with the tables that differ; `refused` where the two do not stand at the same point
 */
export async function verifyHome(options: VerifyHomeOptions): Promise<readonly TableFigures[]> {
  const witness = await newestFigures(options);
  await withSession(options.optionFile, (session) => refuseOtherPoint(options, session, witness));
  const checksums = options.checksums && witness.tables.some(({ checksum }) => checksum !== null);
  const found = await takeFigures({ ...options, checksums });
  const differing = differences(witness.tables, found.tables);
  if (differing.length > 0) {
    throw new MoverError(
      'differs',
      'DATA_DIFFER',
      `The primary is not what the standby was at ${witness.at}:\n${differing.map((line) => `- ${line}`).join('\n')}\nUsers stay on the standby. Make a whole dump there and load it.`,
    );
  }
  return found.tables;
}

/** What the standby wrote after the dump would show as a difference that is none, or would be lost without one. */
async function refuseOtherPoint(options: HomeOptions, session: Session, witness: Witness): Promise<void> {
  const load = await currentHomeLoad(session);
  if (load === null || (load.state !== 'home' && load.state !== 'settled')) {
    throw new MoverError(
      'refused',
      'NOT_HOME',
      `the last load is ${load === null ? 'none' : `${load.dump} (${load.state})`}, expected one that has taken the place of the site's schemas: mover home.`,
    );
  }
  const dumped = await readDump(options.store.backups, homeFolder(options.workload), load.dump);
  const { gtidSet, source } = dumped?.manifest?.schemaVersion === 2 ? dumped.manifest : NO_DUMP;
  const newer = await without(session, witness.gtidSet, gtidSet ?? '');
  const older = await without(session, gtidSet ?? '', witness.gtidSet);
  // Two servers that nobody has written to have the same set: none.
  const isOther = source.uuid !== witness.server;
  if (newer === '' && older === '' && !isOther) return;
  const what = isOther
    ? `they are of the server ${witness.server}, and the dump is of ${source.uuid}`
    : newer === ''
      ? `they lack ${older}, which is loaded`
      : `they have ${newer}, which is not loaded`;
  throw new MoverError(
    'refused',
    'NOT_AT_THE_SAME_POINT',
    `The figures of the standby were taken at ${witness.at}, and the primary has its dump ${load.dump}: ${what}. Is the shield up everywhere? Dump, load and take figures again.`,
  );
}
