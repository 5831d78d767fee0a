import { homeFolder, type Loaded } from '../../core/data/home.ts';
import type { ManifestV2 } from '../../core/data/manifest.ts';
import { replicaWord, wakeEvents } from '../apply/events.ts';
import { executedGtids } from '../database/gtids.ts';
import { identifier, type Session } from '../database/session.ts';
import { notSystem } from '../database/server.ts';
import { dump as dumpDatabase } from '../dump/dump.ts';
import { MoverError } from '../errors.ts';
import { readDump } from '../store/dumps.ts';
import {
  beginHomeLoad,
  currentHomeLoad,
  makeHomeBooks,
  noteHomeLoad,
  openHomeBooks,
  type HomeLoad,
} from './books.ts';
import { foreignWrites, refuseForeign } from './foreign.ts';
import { readTrueNames } from './names.ts';
import { exportOf, knownGtids, type Export, type HomeOptions } from './orphans.ts';
import { dropWorkSchemas, endLeftovers, fillStage, makeStage, type StageOptions } from './stage.ts';
import { swap } from './swap.ts';

export interface LoadHomeOptions extends HomeOptions {
  /** Sessions that load rows side by side. */
  readonly jobs: number;
}

export interface SettleOptions extends LoadHomeOptions {
  readonly host: string;
  readonly checksums: boolean;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * Loads a dump of the standby into the primary, in schemas beside the site's. The first load, while users are on the standby, is the rehearsal
 * of the last one: its seconds say how long that will take. The last one takes the place of the site's schemas. Killed at any moment, it can be
 * asked for again; until the last step of the last load the site's own tables are as they were.
 * @param isLast whether the load takes the place of the site's schemas, once it is whole
 * @throws MoverError `refused` where the primary has writes that nobody kept, or the dump goes on from one that was not loaded; then nothing is changed
 */
export async function loadHome(options: LoadHomeOptions, dump: string, isLast: boolean): Promise<Loaded> {
  const manifest = await manifestOf(options, dump);
  const exported = await exportOf(options);
  const session = await openHomeBooks(options.optionFile);
  try {
    const before = await currentHomeLoad(session);
    const own = before?.dump === dump ? before : null;
    const done = own?.loaded ?? null;
    if (done !== null && (own?.state === 'home' || own?.state === 'settled')) return done;
    if (own?.state === 'swapping') return await takePlace(options, session, { load: own, manifest });
    await refuseUnfit(session, manifest, before);
    const known = await refuseWrites(options, session, exported);
    await putEventsToSleep(session);
    const load =
      own?.state === 'loaded' ? own : await stage(options, session, { dump, manifest, before, known });
    await noteHomeLoad(session, load, { known: await refuseWrites(options, session, exported) });
    return isLast ? await takePlace(options, session, { load, manifest }) : loadedOf(load);
  } finally {
    session.close();
  }
}

/** A load that is whole says what it came to. */
function loadedOf({ dump, loaded }: HomeLoad): Loaded {
  if (loaded !== null) return loaded;
  throw new MoverError('database', 'LOAD_LOST', `what the load of ${dump} came to is not on record`);
}

/** @throws MoverError `refused` where there is no such dump, `damaged` where it says nothing of the way home */
async function manifestOf({ store, workload }: LoadHomeOptions, dump: string): Promise<ManifestV2> {
  const found = await readDump(store.backups, homeFolder(workload), dump);
  if (found === null) {
    throw new MoverError(
      'refused',
      'NO_DUMP',
      `There is no whole dump ${dump} of ${homeFolder(workload)} in the store. Make one on the standby's side: mover dump --home.`,
    );
  }
  if (found.manifest?.schemaVersion === 2 && found.manifest.home !== undefined) return found.manifest;
  const problems = found.manifest === null ? found.problems.join('; ') : 'it is not a dump for the way home';
  throw new MoverError(
    'damaged',
    'DUMP_DAMAGED',
    `the dump ${dump} of ${homeFolder(workload)} cannot be used: ${problems}. Make another one on the standby's side: mover dump --home.`,
  );
}

/** What would fail behind the page is told before: in the rehearsal, with nothing changed. */
async function refuseUnfit(session: Session, manifest: ManifestV2, before: HomeLoad | null): Promise<void> {
  const [row = []] = await session.query(
    'SELECT @@log_bin, @@log_bin_trust_function_creators, @@GLOBAL.read_only, @@server_uuid, @@max_allowed_packet',
  );
  const [writesLog, trusts, readOnly, uuid] = row;
  const problems: string[] = [];
  if (uuid === manifest.source.uuid)
    problems.push(
      'this is the server that was dumped: got the standby, expected the primary. Look at --host',
    );
  if (readOnly === '1') problems.push('read_only is ON: this instance takes no writes. Is it a replica?');
  const { triggers, routines } = manifest.objects;
  const grants = (await session.query('SHOW GRANTS')).flat().join(' ');
  const isSuper = /\b(?:SUPER|ALL PRIVILEGES)\b[^\n]* ON \*\.\*/.test(grants);
  if (triggers + routines > 0 && writesLog === '1' && trusts === '0' && !isSuper) {
    problems.push(
      `log_bin_trust_function_creators is OFF, expected ON: MySQL would refuse the ${triggers} triggers and ${routines} routines that come home (1419). Set it to 1 in the parameter group`,
    );
  }
  const { since, changed } = manifest.home ?? { since: null, changed: null };
  if (changed !== null && !goesOnFrom(before, since ?? '', manifest)) {
    problems.push(
      `the dump has only what changed since ${since}, and what is loaded here is ${before === null ? 'nothing' : `${before.dump} (${before.state})`}. Load ${since} first, or make a whole dump`,
    );
  }
  if (problems.length === 0) return;
  throw new MoverError(
    'refused',
    'NOT_LOADABLE',
    `The primary cannot take this dump, and nothing was changed:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
  );
}

/** Whether what lies beside the site's schemas is the load that a dump goes on from, or an earlier try to go on from it. */
function goesOnFrom(before: HomeLoad | null, since: string, { createdAt }: ManifestV2): boolean {
  if (before === null) return false;
  if (before.state === 'loaded' && before.dump === since) return true;
  // What a later dump has of the changes since is no less than what an earlier one had.
  const isEarlier = before.dump <= createdAt.slice(0, 19).replaceAll(/[-:]/g, '').concat('Z');
  return (before.state === 'loading' || before.state === 'loaded') && before.base === since && isEarlier;
}

/** What the primary has executed, where none of it is a write that nobody kept. */
async function refuseWrites(options: LoadHomeOptions, session: Session, exported: Export): Promise<string> {
  const executed = await executedGtids(session);
  const found = await foreignWrites(options, session, await knownGtids(session, exported));
  if (found !== null) throw refuseForeign(found, exported.manifest.exportedAt);
  return executed;
}

/** The site's events would go on writing on the primary. What they are enabled to do they do again when users are home. */
async function putEventsToSleep(session: Session): Promise<void> {
  const word = replicaWord(await session.value('SELECT VERSION()'));
  const awake = await session.query(
    `SELECT event_schema, event_name FROM information_schema.events WHERE status = 'ENABLED' AND ${notSystem('event_schema')}`,
  );
  for (const [schema = '', name = ''] of awake)
    await session.query(`ALTER EVENT ${identifier(schema)}.${identifier(name)} DISABLE ON ${word}`);
}

const stageOptions = ({ workload, optionFile, store, jobs }: LoadHomeOptions): StageOptions => ({
  folder: homeFolder(workload),
  optionFile,
  backups: store.backups,
  jobs,
});

async function stage(
  options: LoadHomeOptions,
  session: Session,
  of: { dump: string; manifest: ManifestV2; before: HomeLoad | null; known: string },
): Promise<HomeLoad> {
  const { now, log } = options;
  const { dump, manifest, before, known } = of;
  const began = now();
  await makeHomeBooks(session);
  await endLeftovers(session, options.optionFile);
  const changed = manifest.home?.changed ?? null;
  const base = changed === null ? null : (manifest.home?.since ?? null);
  const kept = changed === null ? null : (before?.stage ?? null);
  const load = await beginHomeLoad(session, { dump, base, known, stage: kept });
  log.info('home-load-begins', { dump, stage: load.stage, changed: changed?.length ?? null });
  if (changed === null) {
    await dropWorkSchemas(session);
    await makeStage(session, load.stage, manifest);
  }
  await fillStage(stageOptions(options), { stage: load.stage, dump, manifest });
  const loaded: Loaded = {
    ...{ dump, isLast: false, changed, tables: changed?.length ?? manifest.tables.length },
    bytes: manifest.files.reduce((sum, file) => sum + file.plainBytes, 0),
    seconds: (now() - began) / 1000,
  };
  await noteHomeLoad(session, load, { state: 'loaded', loaded });
  log.info('home-load-done', { dump, seconds: loaded.seconds, bytes: loaded.bytes });
  return { ...load, state: 'loaded', loaded };
}

async function takePlace(
  options: LoadHomeOptions,
  session: Session,
  { load, manifest }: { load: HomeLoad; manifest: ManifestV2 },
): Promise<Loaded> {
  const { now, log } = options;
  const began = now();
  const names = await readTrueNames(session);
  await noteHomeLoad(session, load, { state: 'swapping' });
  await swap(stageOptions(options), session, { ...load, manifest, names });
  const staged = loadedOf(load);
  const loaded = { ...staged, isLast: true, seconds: staged.seconds + (now() - began) / 1000 };
  // From here on nothing of the mover's writes to the site's schemas until users are home.
  await noteHomeLoad(session, load, { state: 'home', loaded, known: await executedGtids(session) });
  log.info('home-swapped', { dump: load.dump, seconds: (now() - began) / 1000 });
  return loaded;
}

/**
 * Users are home: wakes the events, throws away what lay in the site's schemas before, and dumps the primary, so that a new chain of dump and log
 * begins. Asked again it makes another dump.
 * @throws MoverError `refused` where nothing came home
 */
export async function settle(
  options: SettleOptions,
): Promise<{ readonly eventsWoken: number; readonly dump: string }> {
  const eventsWoken = await clearAway(options);
  const { name } = await dumpDatabase({ ...options, backups: options.store.backups });
  return { eventsWoken, dump: name };
}

async function clearAway(options: LoadHomeOptions): Promise<number> {
  const session = await openHomeBooks(options.optionFile);
  try {
    const load = await currentHomeLoad(session);
    if (load?.state !== 'home' && load?.state !== 'settled') {
      throw new MoverError(
        'refused',
        'NOT_HOME',
        `the last load is ${load === null ? 'none' : `${load.dump} (${load.state})`}, expected one that has taken the place of the site's schemas. Nothing was changed.`,
      );
    }
    const woken = await wakeEvents(session);
    await noteHomeLoad(session, load, { state: 'settled' });
    await dropWorkSchemas(session);
    return woken;
  } finally {
    session.close();
  }
}

/** Nobody comes home: throws away what was loaded beside the site's schemas, which are as they were. @throws MoverError `refused` where they are not */
export async function discard(options: LoadHomeOptions): Promise<void> {
  const session = await openHomeBooks(options.optionFile);
  try {
    const load = await currentHomeLoad(session);
    if (load === null || load.state === 'settled') return;
    if (load.state === 'swapping' || load.state === 'home') {
      throw new MoverError(
        'refused',
        'IS_HOME',
        `${load.dump} is taking, or has taken, the place of the site's schemas (${load.state}): what lay there before is kept until a later load begins. Nothing was changed.`,
      );
    }
    await endLeftovers(session, options.optionFile);
    await noteHomeLoad(session, load, { state: 'discarded' });
    await dropWorkSchemas(session);
  } finally {
    session.close();
  }
}
