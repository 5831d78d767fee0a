import { lastBeat, type Beat } from '../../../../core/data/journal.ts';
import { journalBlob, logPrefix, manifestBlob, readLogPart } from '../../../../core/data/layout.ts';
import { readManifest } from '../../../../core/data/manifest.ts';
import { logStartOf, recoveryPointOf, type RecoveryPoint } from '../../../../core/data/recovery-point.ts';
import { SeededRandom } from '../../../../drill/random.ts';
import { BlobStore } from '../../../../drill/clouds/azure/blob-store.ts';
import { dataPlanOf, type DataPlan } from '../../../../drill/world/data/data-plan.ts';
import { buildData, type SiteData } from '../../../../drill/world/data/site-data.ts';
import { Journal } from '../../../../drill/world/journal.ts';

export const WORKLOAD = 'petclinic';

/** Lets virtual time pass. */
export const pass = (seconds: number): Promise<void> => jest.advanceTimersByTimeAsync(seconds * 1000);

export const storeOf = (): BlobStore => new BlobStore({ immutable: ['backups'], mutable: ['handover'] });

/** The data of a site of which no standby exists, in mode ship, with something changed about it. */
export function dataOf(
  changes: Partial<DataPlan> = {},
  standby: 'not-there' | 'follows' | 'served' = 'not-there',
): { data: SiteData; store: BlobStore; events: () => string[] } {
  const store = storeOf();
  const journal = new Journal();
  const plan = { ...dataPlanOf({ mode: 'ship' }), ...changes };
  const random = new SeededRandom(1);
  const data = buildData({ plan, workload: WORKLOAD, store, random, journal, standby });
  return { data, store, events: () => journal.entries.map(({ event }) => event) };
}

/** A user's write each second. */
export async function writeFor(data: SiteData, seconds: number, firstId = 1): Promise<void> {
  for (let n = 0; n < seconds; n += 1) {
    await pass(1);
    data.primary.accept({ id: firstId + n, at: Date.now() });
  }
}

/** The newest line of the journal, as the controller reads it: of today, or of yesterday. */
export function beatIn(store: BlobStore): Beat | null {
  const [today, yesterday] = [Date.now(), Date.now() - 86_400_000].map((day) =>
    lastBeat(store.find('backups', journalBlob(WORKLOAD, day))?.text ?? ''),
  );
  return today ?? yesterday ?? null;
}

/** Names of the dumps that are whole, as the controller reads them. */
export const dumpsIn = (store: BlobStore): string[] =>
  (store.list('backups', `${WORKLOAD}/`) ?? [])
    .filter(([name]) => name.endsWith('/manifest.json'))
    .map(([name]) => name.split('/')[1] ?? '');

/** The recovery point that the controller computes from the store. */
export function pointOf(store: BlobStore): RecoveryPoint {
  const beat = beatIn(store);
  const dump = beat?.dump ?? '';
  const prefix = logPrefix(WORKLOAD, dump);
  const read = readManifest(store.find('backups', manifestBlob(WORKLOAD, dump))?.text ?? '');
  const parts = (store.list('backups', prefix) ?? []).flatMap(
    ([name, { length }]) => readLogPart(name.slice(prefix.length), length) ?? [],
  );
  const start = read.manifest === null ? null : logStartOf(read.manifest);
  return recoveryPointOf({ dumps: dumpsIn(store), beat, parts, start }, Date.now());
}
