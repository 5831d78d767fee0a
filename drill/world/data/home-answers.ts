import type { Write } from '../database.ts';
import type { Applier } from './applier.ts';
import type { BlobStore } from '../../clouds/azure/blob-store.ts';
import type { PrimaryData } from './primary-data.ts';
import { dumpNameOf } from './dumps.ts';
import type { Database } from '../database.ts';

/* What the primary's side of the way home finds: orphans, and gates. */

const iso = (at: number): string => new Date(at).toISOString();

/** Exports what only the primary has. */
export function orphansOf(
  world: {
    readonly workload: string;
    readonly store: BlobStore;
    readonly source: PrimaryData;
    readonly applier: Applier;
    readonly standby: Database;
  },
  onPrimary: readonly Write[],
): Readonly<Record<string, unknown>> {
  const { workload, store, source, standby } = world;
  const own = onPrimary.filter(({ id }) => !standby.holds(id));
  const now = Date.now();
  const folder = `${workload}/orphans/${dumpNameOf(now)}-${own.length}`;
  const manifest = {
    ...{ schemaVersion: 1, workload, exportedAt: iso(now), openedFor: 'the hand-over of the failover' },
    ...{ primaryGtidSet: source.gtids, standbyGtidSet: source.gtids, missing: '' },
    gtidSet: own.length === 0 ? '' : source.gtids,
    transactions: own.length,
    tables:
      own.length === 0
        ? []
        : [{ schema: 'petclinic', name: 'visits', inserted: own.length, updated: 0, deleted: 0 }],
    statements: 0,
    firstCommitAt: own[0] === undefined ? null : iso(own[0].at),
    lastCommitAt: own.length === 0 ? null : iso(own.at(-1)?.at ?? 0),
    files: [],
  };
  store.put('backups', `${folder}/manifest.json`, {
    text: JSON.stringify(manifest),
    at: now,
    onlyIfAbsent: true,
  });
  return { what: 'orphans', folder, manifest };
}

/** The gates by name, each with what was asked, got and expected. */
export function gatesOf(seen: {
  readonly foreign: number;
  readonly longTransaction: boolean;
}): Readonly<Record<string, unknown>> {
  const gate = (isOpen: boolean, [asked, got, expected]: readonly [string, string, string]) => ({
    ...{ state: isOpen ? 'open' : 'shut', asked, got, expected },
  });
  const gates = {
    healthy: gate(true, ['whether it takes writes', 'it does', 'that it does']),
    noForeignWrites: gate(seen.foreign === 0, ['its log', `${seen.foreign} transactions`, 'none']),
    noLongTransactions: gate(!seen.longTransaction, [
      'its transactions',
      seen.longTransaction ? 'one of 3600 s' : 'none',
      'none of more than 60 s',
    ]),
    room: {
      state: 'unknown',
      asked: 'its disk',
      got: 'no answer: SQL does not tell',
      expected: 'room for the data twice',
    },
  };
  return { what: 'gates', open: Object.values(gates).every(({ state }) => state !== 'shut'), gates };
}
