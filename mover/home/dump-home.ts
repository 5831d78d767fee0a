import { homeFolder, type HomeResult } from '../../core/data/home.ts';
import { currentLoad } from '../apply/bookkeeping.ts';
import { executedGtids, joined } from '../database/gtids.ts';
import { serverFacts } from '../database/server.ts';
import { withSession, type Session } from '../database/session.ts';
import { dump, type HomePart } from '../dump/dump.ts';
import { MoverError } from '../errors.ts';
import { readDump } from '../store/dumps.ts';
import type { HomeOptions } from './orphans.ts';
import { changedSince } from './touched.ts';

export interface DumpHomeOptions extends HomeOptions {
  readonly host: string;
  readonly jobs: number;
  readonly checksums: boolean;
  readonly sleep: (ms: number) => Promise<void>;
}

type DumpedHome = Extract<HomeResult, { what: 'dump' }>;

/**
 * Dumps the standby for the way home, into a folder of its own in which nobody looks for a dump of the primary.
 * @param since an earlier such dump: then the rows of those tables alone are dumped that were written to since, where that can be told
 * @throws MoverError `refused` where this server was never opened for the application: it holds nothing that is to come home
 */
export async function dumpHome(options: DumpHomeOptions, since: string | null): Promise<DumpedHome> {
  const { workload, store, now } = options;
  const began = now();
  await withSession(options.optionFile, holdsOf);
  const folder = homeFolder(workload);
  const base = since === null ? null : await baseOf(options, since);
  const { name, manifest } = await dump({
    ...options,
    workload: folder,
    backups: store.backups,
    // Figures are asked for by themselves: to read every table once more here would be time behind the page.
    checksums: false,
    home: () => homePart(options, since, base),
  });
  const { changed = null, whole = null } = manifest.home ?? {};
  return {
    ...{ what: 'dump', dump: name, gtidSet: manifest.gtidSet ?? '', changed, whole },
    plainBytes: manifest.files.reduce((sum, file) => sum + file.plainBytes, 0),
    seconds: (now() - began) / 1000,
  };
}

async function baseOf({ store, workload }: DumpHomeOptions, since: string) {
  const found = await readDump(store.backups, homeFolder(workload), since);
  if (found?.manifest?.schemaVersion === 2) return found.manifest;
  throw new MoverError(
    'refused',
    'NO_DUMP',
    `There is no whole dump ${since} of ${homeFolder(workload)} in the store to go on from. Leave --since out for a whole dump.`,
  );
}

async function homePart(
  options: DumpHomeOptions,
  since: string | null,
  base: Awaited<ReturnType<typeof baseOf>> | null,
): Promise<HomePart> {
  return withSession(options.optionFile, async (session) => {
    const holds = await holdsOf(session);
    const all = { holds, since: null, changed: null, foundAt: null };
    if (base === null) return { ...all, whole: null };
    const changed = await changedSince(options, session, base);
    if (changed.tables === null) {
      options.log.info('dump-is-whole', { because: changed.because });
      return { ...all, whole: changed.because };
    }
    return { holds, since, changed: [...changed.tables], whole: null, foundAt: changed.gtidSet };
  });
}

/** What this server has of the primary, and of its own. */
async function holdsOf(session: Session): Promise<string> {
  const { keepsGtids } = await serverFacts(session);
  const [books] = await session.query(
    "SELECT 1 FROM information_schema.tables WHERE table_schema = 'pilotlight' AND table_name = 'loads'",
  );
  const load = books === undefined ? null : await currentLoad(session);
  if (!keepsGtids || load?.openedFor == null || load.gtidSet === '') {
    const got =
      load === null
        ? 'nothing was ever loaded here'
        : load.openedFor === null
          ? 'it was never opened for the application'
          : 'its transactions have no GTIDs';
    throw new MoverError(
      'refused',
      'NOT_OPENED',
      `this server is no standby that users were on: ${got}, expected one that a failover has opened. Is this the right server? The data of the primary are dumped without --home.`,
    );
  }
  return joined(load.gtidSet, await executedGtids(session));
}
