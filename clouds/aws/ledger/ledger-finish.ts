import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { LeaseItem } from '../../../core/ledger/lease.ts';
import { recentMoves } from '../../../core/watch/unrest.ts';
import type { LeaseRelease, Log } from '../../../core/ports.ts';
import type { RunRecord } from '../../../core/run/record.ts';
import { allOf, bind, clauses, updateIf } from './ledger-clauses.ts';
import { flag, leaseKey, number, runItemSchema, runKey, text } from './ledger-items.ts';
import { lossOf } from './ledger-lease.ts';
import type { LedgerTable } from './ledger-table.ts';

/** The update that writes the record of a run. Its key names the run, so writing it again changes only its own item. */
function recordUpdate(record: RunRecord, releasedEpoch: number | null) {
  const update =
    'SET #record = :record, #outcome = :outcome, #startedAt = :startedAt, #endedAt = :endedAt' +
    (releasedEpoch === null ? '' : ', #releasedEpoch = :releasedEpoch');
  const values = {
    record: text(JSON.stringify(record)),
    outcome: text(record.outcome),
    startedAt: text(record.run.startedAt),
    endedAt: text(record.endedAt),
    ...(releasedEpoch === null ? {} : { releasedEpoch: number(releasedEpoch) }),
  };
  return { Key: runKey(record.run), UpdateExpression: update, ...bind([update], values) };
}

/** Writes the record alone and answers which lease the run has given back before, if any. */
export async function writeRecord(table: LedgerTable, record: RunRecord): Promise<number | null> {
  const item = await table.upsert(recordUpdate(record, null), runItemSchema);
  return item.releasedEpoch ?? null;
}

/**
 * Writes the record and gives back the lease, both or neither. Where the run does not hold the lease any more, the
 * record is written all the same: what happened stays true, and a run that lost its lease needs its record the most.
 */
export async function finishAndRelease(
  { table, log }: { readonly table: LedgerTable; readonly log: Log },
  record: RunRecord,
  release: LeaseRelease,
): Promise<void> {
  const { workload, execution } = record.run;
  const epoch = release.epoch ?? (await epochHeld(table, record));
  if (epoch === null) {
    await writeRecord(table, record);
    return;
  }
  const held = { ...release, epoch };
  const released = await table.transact([
    { Update: { TableName: table.name, ...recordUpdate(record, epoch) } },
    { Update: { TableName: table.name, ...(await releaseUpdate(table, record, held)) } },
  ]);
  if (released) return;
  const releasedEpoch = await writeRecord(table, record);
  // The same run finishing a second time has given its lease back already, in one transaction with this record.
  if (releasedEpoch === epoch) return;
  const found = await table.readLease(workload);
  log.warn(lossOf({ workload, execution, epoch }, found), { workload, execution });
}

/** The lease that an execution holds without knowing it, because the grant was lost on its way; null where it holds none. */
async function epochHeld(table: LedgerTable, { run }: RunRecord): Promise<number | null> {
  const lease = await table.readLease(run.workload);
  return lease?.holder === run.execution ? lease.epoch : null;
}

type HeldRelease = LeaseRelease & { readonly epoch: number };

async function releaseUpdate(table: LedgerTable, record: RunRecord, release: HeldRelease) {
  const { workload, execution } = record.run;
  const before =
    release.cooldownUntil === null && release.movedAwayAt === null ? null : await table.readLease(workload);
  const cooldownUntil = longerCooldown(before, release.cooldownUntil);
  const update =
    'SET #status = :status, #lastExecution = :execution' +
    (cooldownUntil === null ? '' : ', #cooldownUntil = :cooldownUntil') +
    (release.disarms ? ', #disarmed = :disarmed' : '') +
    (release.movedAwayAt === null ? '' : ', #moves = :moves') +
    ' REMOVE #holder' +
    (release.arms === true ? ', #disarmed, #cooldownUntil' : '');
  const condition = allOf(clauses.holderIsStillUs, clauses.epochIsOurs);
  const values = {
    status: text(release.status),
    execution: text(execution),
    epoch: number(release.epoch),
    ...(cooldownUntil === null ? {} : { cooldownUntil: number(cooldownUntil) }),
    ...(release.disarms ? { disarmed: flag(true) } : {}),
    ...(release.movedAwayAt === null ? {} : { moves: movesAfter(before, release.movedAwayAt) }),
  };
  return {
    Key: leaseKey(workload),
    ...updateIf(update, condition, values),
  };
}

/**
 * A cooldown is never shortened by a later run. Reading before writing is safe here: only who holds the lease changes
 * its cooldown and its moves, and that we hold it is a condition of the write.
 */
function longerCooldown(lease: LeaseItem | null, wanted: number | null): number | null {
  return wanted === null ? null : Math.max(wanted, lease?.cooldownUntil ?? 0);
}

/** The moves that still count, and the new one; a step that runs again adds it once. */
function movesAfter(lease: LeaseItem | null, movedAwayAt: number): AttributeValue {
  const kept = recentMoves(lease?.moves ?? [], movedAwayAt).filter((at) => at !== movedAwayAt);
  return { L: [...kept, movedAwayAt].map(number) };
}
