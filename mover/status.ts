import { applierSchema, type ApplierState } from '../core/data/handover.ts';
import type { Beat } from '../core/data/journal.ts';
import { applierBlob } from '../core/data/layout.ts';
import { logStartOf, recoveryPointOf, type RecoveryPoint } from '../core/data/recovery-point.ts';
import type { Store } from './store/blob-store.ts';
import { dumpNames, logParts, readDump } from './store/dumps.ts';
import { newestBeat } from './store/journal.ts';

/** What is in the store, and what it is good for. */
export interface Status {
  readonly recoveryPoint: RecoveryPoint;
  readonly beat: Beat | null;
  readonly applier: ApplierState | null;
  /** Whole dumps, the newest first. */
  readonly dumps: readonly string[];
}

/** Reads the store. `now` in milliseconds since the Unix epoch. */
export async function readStatus(store: Store, workload: string, now: number): Promise<Status> {
  const { backups, handover } = store;
  const beat = await newestBeat(backups, workload, now);
  const names = await dumpNames(backups, workload);
  const read = await Promise.all(names.map((name) => readDump(backups, workload, name)));
  const dumps = read.flatMap((dump) => (dump?.manifest ? [dump.name] : []));
  const behind = read.find((dump) => dump?.name === beat?.dump)?.manifest;
  const parts = beat?.dump == null ? [] : await logParts(backups, workload, beat.dump);
  const start = behind == null ? null : logStartOf(behind);
  const text = await handover.readText(applierBlob(workload));
  const applier = text === null ? null : applierSchema.safeParse(JSON.parse(text));
  return {
    recoveryPoint: recoveryPointOf({ dumps, beat, parts, start }, now),
    beat,
    applier: applier?.success === true ? applier.data : null,
    dumps,
  };
}

/** The status in a few lines. */
export function statusText({ recoveryPoint, beat, applier, dumps }: Status, now: number): string {
  const ago = (at: number): string => `${Math.max(0, Math.round((now - at) / 1000))} s ago`;
  const iso = (at: number): string => new Date(at).toISOString();
  const point = recoveryPoint.known
    ? `Recovery point  ${iso(recoveryPoint.at)} (${ago(recoveryPoint.at)}), by the ${recoveryPoint.from} of ${recoveryPoint.dump}`
    : 'Recovery point  unknown';
  const why = recoveryPoint.detail === null ? [] : [`                ${recoveryPoint.detail}`];
  const proof = beat?.proof;
  return [
    point,
    ...why,
    ...(recoveryPoint.known ? [`Log to replay   ${(recoveryPoint.backlogBytes / 1e6).toFixed(1)} MB`] : []),
    `Whole dumps     ${dumps.length}${dumps[0] === undefined ? '' : `, the newest ${dumps[0]}`}`,
    beat === null
      ? 'Shipper         never heard of'
      : `Shipper         last heard of ${beat.at}${beat.dumpFault === null ? '' : `; the last dump failed: ${beat.dumpFault.detail}`}`,
    proof == null
      ? 'Restore proven  never'
      : `Restore proven  ${proof.at}: ${proof.good ? `good, ${proof.tables} tables and ${proof.rows} rows in ${proof.seconds} s` : `NOT good: ${proof.detail}`}`,
    applier === null
      ? 'Standby         nothing is applied'
      : `Standby         ${applier.state} at ${applier.at}, applied until ${applier.appliedUntil ?? 'nothing yet'}`,
    '',
  ].join('\n');
}
