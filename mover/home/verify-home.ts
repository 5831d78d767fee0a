import { homeFolder } from '../../core/data/home.ts';
import { dumpNameAt } from '../../core/data/layout.ts';
import { witnessSchema, type TableFigures, type Witness } from '../../core/data/manifest.ts';
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

const figuresPrefix = (workload: string): string => `${homeFolder(workload)}/figures/`;

/** Counts and sums up every table of the standby at one moment, while the primary loads: behind the shield nobody writes. */
export async function leaveFigures(options: VerifyHomeOptions): Promise<StandbyFigures> {
  const witness = await takeFigures(options);
  const blob = `${figuresPrefix(options.workload)}${dumpNameAt(Date.parse(witness.at))}.json`;
  await options.store.backups.add(blob, JSON.stringify(witness));
  return { blob, witness };
}

/** The newest figures of the standby. @throws MoverError `refused` where there are none */
async function newestFigures({ store, workload }: HomeOptions): Promise<Witness> {
  const found = (await store.backups.list(figuresPrefix(workload))).at(-1);
  const text = found === undefined ? null : await store.backups.readText(found.name);
  const read = text === null ? null : witnessSchema.safeParse(parsed(text));
  if (read?.success === true) return read.data;
  throw new MoverError(
    'refused',
    'NO_WITNESS',
    "the standby's side has left no figures for the way home: mover verify --home --take, over there.",
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
  const at = dumped?.manifest?.schemaVersion === 2 ? (dumped.manifest.gtidSet ?? '') : '';
  const newer = await without(session, witness.gtidSet, at);
  const older = await without(session, at, witness.gtidSet);
  if (newer === '' && older === '') return;
  const what =
    newer === '' ? `they lack ${older}, which is loaded` : `they have ${newer}, which is not loaded`;
  throw new MoverError(
    'refused',
    'NOT_AT_THE_SAME_POINT',
    `The figures of the standby were taken at ${witness.at}, and the primary has its dump ${load.dump}: ${what}. Is the shield up everywhere? Dump, load and take figures again.`,
  );
}
