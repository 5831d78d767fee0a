import { openedBlob, openedSchema, type Opened } from '../../core/data/home.ts';
import type { Load } from '../apply/bookkeeping.ts';
import { executedGtids, joined } from '../database/gtids.ts';
import type { Session } from '../database/session.ts';
import { MoverError } from '../errors.ts';
import type { BlobContainer } from '../store/blob-store.ts';

/** Which transactions a standby has that was opened for the application; null while it is not open, or where its dump had no GTIDs. */
export async function openedOf(session: Session, load: Load | null, now: number): Promise<Opened | null> {
  if (load?.openedFor == null || load.gtidSet === '') return null;
  return {
    schemaVersion: 1,
    at: new Date(now).toISOString(),
    openedFor: load.openedFor,
    dump: load.dump,
    gtidSet: joined(load.gtidSet, await executedGtids(session)),
  };
}

/** What the standby's side has told. @throws MoverError `refused` where it has told nothing */
export async function readOpened(handover: BlobContainer, workload: string): Promise<Opened> {
  const text = await handover.readText(openedBlob(workload));
  const read = text === null ? null : openedSchema.safeParse(parsed(text));
  if (read?.success === true) return read.data;
  const got = text === null || parsed(text) === null ? 'nothing' : 'what cannot be read';
  throw new MoverError(
    'refused',
    'NOT_OPENED',
    `the standby's side has told ${got} in ${openedBlob(workload)}, expected the transactions that it has. Is its mover at work (kubectl --namespace pilotlight-restore get pods), and was the standby opened by a failover that shipped the log?`,
  );
}

/** A text as JSON; undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
