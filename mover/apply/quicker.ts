import { logFileNumber } from '../../core/data/layout.ts';
import type { BlobContainer } from '../store/blob-store.ts';
import { dumpNames, logParts, newestDump } from '../store/dumps.ts';
import type { Progress } from './bookkeeping.ts';
import { readableLog } from './log-files.ts';

/**
 * How fast a log is replayed and a dump is loaded, in bytes of plain text a second: one thread did 1,100 transactions of one row in
 * 352 bytes each (measured, docs/backup-system.md); a load is assumed, and rather too slow.
 */
const REPLAY_BYTES_PER_SECOND = 390_000;
const LOAD_BYTES_PER_SECOND = 10_000_000;
/** A load throws away what is there, so it has to win clearly. Seconds that cost nobody anything are not saved. */
const TIMES_QUICKER = 2;
const WORTH_SECONDS = 60;

/** What there is to do either way, in bytes: the log up to the dump, or the dump. */
export interface TwoWays {
  readonly logBytes: number;
  readonly dumpBytes: number;
}

/** Whether the dump is loaded clearly sooner than the log that leads to it is replayed. What follows the dump is replayed either way. */
export function isQuickerAnew({ logBytes, dumpBytes }: TwoWays): boolean {
  const replay = logBytes / REPLAY_BYTES_PER_SECOND;
  return replay > WORTH_SECONDS && replay > TIMES_QUICKER * (dumpBytes / LOAD_BYTES_PER_SECOND);
}

/** The two ways to the newest whole dump; null where the log has led past it already, or there is none of this version. */
export async function waysToNewest(
  backups: BlobContainer,
  workload: string,
  progress: Progress,
): Promise<(TwoWays & { readonly dump: string }) | null> {
  const newest = await newestDump(backups, workload);
  if (newest === null || newest.name <= progress.chain) return null;
  const { manifest } = newest;
  if (manifest.schemaVersion !== 2) return null;
  const between = (await dumpNames(backups, workload)).filter(
    (name) => name > progress.chain && name < newest.name,
  );
  let logBytes = await bytesLeft(backups, workload, progress);
  for (const name of between)
    logBytes += (await logParts(backups, workload, name)).reduce((sum, { length }) => sum + length, 0);
  const dumpBytes = manifest.files.reduce((sum, { plainBytes }) => sum + plainBytes, 0);
  return { dump: newest.name, logBytes, dumpBytes };
}

/** Bytes of the log that is being followed that are not in the database yet. */
async function bytesLeft(backups: BlobContainer, workload: string, progress: Progress): Promise<number> {
  const { files } = readableLog(await logParts(backups, workload, progress.chain));
  return files.reduce((sum, { segment, name, length }) => {
    if (segment < progress.segment) return sum;
    if (segment > progress.segment || progress.file === '') return sum + length;
    const ahead = logFileNumber(name) - logFileNumber(progress.file);
    return ahead < 0 ? sum : sum + (ahead === 0 ? Math.max(0, length - progress.position) : length);
  }, 0);
}
