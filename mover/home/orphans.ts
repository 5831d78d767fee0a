import { orphansPrefix, orphansSchema, type Orphans } from '../../core/data/home.ts';
import { dumpNameAt } from '../../core/data/layout.ts';
import { executedGtids, joined, without } from '../database/gtids.ts';
import { serverFacts } from '../database/server.ts';
import { Session } from '../database/session.ts';
import { uploadCompressed } from '../dump/upload.ts';
import { MoverError } from '../errors.ts';
import type { MoverLog } from '../log.ts';
import type { Store } from '../store/blob-store.ts';
import { currentHomeLoad } from './books.ts';
import { foreignWrites, refuseForeign } from './foreign.ts';
import { LogTally, type Tally } from './log-tally.ts';
import { parsed, readOpened } from './opened.ts';
import { findInLog, readServerLog, tallyServerLog } from './server-log.ts';

export interface HomeOptions {
  readonly workload: string;
  /** The login of this side's database. */
  readonly optionFile: string;
  readonly store: Store;
  /** Folder of this machine for what is on its way. */
  readonly work: string;
  readonly now: () => number;
  readonly log: MoverLog;
}

/** An export of orphans. */
export interface Export {
  /** Folder of `backups`, such as `shop/orphans/20261127T031500Z-42`. */
  readonly folder: string;
  readonly manifest: Orphans;
}

/** The newest whole export; null where there is none. */
export async function newestExport({
  store,
  workload,
}: Pick<HomeOptions, 'store' | 'workload'>): Promise<Export | null> {
  const prefix = orphansPrefix(workload);
  for (const name of [...(await store.backups.folders(prefix))].sort().reverse()) {
    const text = await store.backups.readText(`${prefix}${name}/manifest.json`);
    const read = text === null ? null : orphansSchema.safeParse(parsed(text));
    if (read?.success === true) return { folder: `${prefix}${name}`, manifest: read.data };
  }
  return null;
}

/**
 * Keeps what users were told is done on the primary and what the standby never had: from the primary's own log, as text for people and as
 * text for MySQL's client. A second run finds the first one's export, and refuses where the primary has newer writes.
 * @param anew makes an export although there is one
 * @throws MoverError `lost` where the log is gone in part, when what is left is exported; `refused` for newer writes
 */
export async function exportOrphans(options: HomeOptions, anew: boolean): Promise<Export> {
  const opened = await readOpened(options.store.handover, options.workload);
  const before = await newestExport(options);
  const session = await Session.open(options.optionFile);
  try {
    const { keepsGtids } = await serverFacts(session);
    if (!keepsGtids) {
      throw new MoverError(
        'refused',
        'NO_GTIDS',
        'gtid_mode of the primary is not ON, so nobody can tell what the standby never had. Compare by hand before anything is loaded.',
      );
    }
    if (!anew && before?.manifest.openedFor === opened.openedFor) {
      const found = await foreignWrites(options, session, await knownGtids(session, before));
      if (found !== null) throw refuseForeign(found, before.manifest.exportedAt);
      return told(before);
    }
    const executed = await executedGtids(session);
    const wanted = await without(session, executed, opened.gtidSet);
    const orphans = await look(options, session, wanted);
    return told(
      await keep(options, { ...orphans, openedFor: opened.openedFor, executed, had: opened.gtidSet }),
    );
  } finally {
    session.close();
  }
}

/** What was found in the log. */
interface Orphaned {
  readonly file: string | null;
  readonly tally: Tally;
  readonly missing: string;
}

/** Counts without the rows, which is quick, to leave out what the server wrote for itself. */
async function look(options: HomeOptions, session: Session, wanted: string): Promise<Orphaned> {
  const nothing = new LogTally().tally;
  if (wanted === '') return { file: null, tally: nothing, missing: '' };
  const { file, purged } = await findInLog(session, wanted);
  const left = await without(session, wanted, purged);
  if (file === null || left === '') return { file: null, tally: nothing, missing: purged };
  return {
    file,
    tally: await tallyServerLog(options, { file, position: 0, include: left }),
    missing: purged,
  };
}

const TEXTS = [
  { name: 'rows.txt.zst', shape: ['--base64-output=decode-rows', '--verbose'] },
  // With its GTIDs: where a transaction is already it does nothing. RDS takes it from nobody; a server of one's own does.
  { name: 'replay.sql.zst', shape: [] },
] as const;

async function keep(
  options: HomeOptions,
  found: Orphaned & { readonly openedFor: string; readonly executed: string; readonly had: string },
): Promise<Export> {
  const { store, workload, now, log } = options;
  const at = now();
  const { transactions } = found.tally;
  const folder = `${orphansPrefix(workload)}${dumpNameAt(at)}-${transactions}`;
  const gtidSet = found.tally.gtids.toString();
  if (transactions > 0 && gtidSet === '') {
    throw new MoverError(
      'refused',
      'NO_GTIDS',
      'the primary has orphans without GTIDs: gtid_mode was not ON all the time. Export them by hand from its log.',
    );
  }
  const files: Orphans['files'] = [];
  let rows = new LogTally().tally;
  for (const { name, shape } of transactions === 0 ? [] : TEXTS) {
    const counter = new LogTally();
    const stretch = { file: found.file ?? '', position: 0, include: gtidSet };
    const [uploaded] = await Promise.all([
      uploadCompressed(store.backups, `${folder}/${name}`, { head: '', source: counter }),
      readServerLog(options, stretch, { shape, into: [counter] }),
    ]);
    files.push({ name, ...uploaded });
    if (name === 'rows.txt.zst') rows = counter.tally;
  }
  if (rows.transactions !== transactions) {
    throw new MoverError(
      'database',
      'LOG_CHANGED',
      `the log had ${transactions} orphans at the first look and ${rows.transactions} at the second. Nothing was kept; run it again.`,
    );
  }
  const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  const manifest: Orphans = {
    ...{ schemaVersion: 1, workload, exportedAt: new Date(at).toISOString(), openedFor: found.openedFor },
    ...{ primaryGtidSet: found.executed, standbyGtidSet: found.had, gtidSet, missing: found.missing },
    ...{ transactions, tables: [...rows.tables.values()], statements: rows.statements },
    ...{ firstCommitAt: iso(rows.firstCommitAt), lastCommitAt: iso(rows.lastCommitAt), files },
  };
  await store.backups.add(`${folder}/manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
  log.info('orphans-exported', { folder, transactions, seconds: (now() - at) / 1000 });
  return { folder, manifest };
}

/** An export with a hole is one that a person must know of, each time that it is asked for. */
function told(found: Export): Export {
  const { missing, transactions, exportedAt } = found.manifest;
  if (missing === '') return found;
  throw new MoverError(
    'lost',
    'ORPHANS_PURGED',
    `the orphans cannot be exported whole: the primary has thrown away the log of ${missing} before ${exportedAt}. The ${transactions} that were left are in ${found.folder}. ` +
      'Look for the rest in a snapshot or a backup of the primary itself before anything is loaded over it; raise its binlog retention hours.',
  );
}

/** What the primary is known to have executed: at the export of the orphans, and at the looks of the loads since. */
export async function knownGtids(session: Session, { manifest }: Export): Promise<string> {
  return joined(manifest.primaryGtidSet, (await currentHomeLoad(session))?.known ?? '');
}

/** The export of what only the primary has. @throws MoverError `refused` where there is none since the standby was opened */
export async function exportOf(options: HomeOptions): Promise<Export> {
  const opened = await readOpened(options.store.handover, options.workload);
  const found = await newestExport(options);
  if (found?.manifest.openedFor === opened.openedFor) return found;
  throw new MoverError(
    'refused',
    'ORPHANS_NOT_EXPORTED',
    `no orphans were exported since the standby was opened (${opened.openedFor}): what only the primary has would be lost. First: mover orphans.`,
  );
}
