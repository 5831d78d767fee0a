import { LeaseLost } from '../../../core/errors.ts';
import {
  explainRefusal,
  type LeaseGrant,
  type LeaseItem,
  type LeaseRequest,
  type Vouch,
} from '../../../core/ledger/lease.ts';
import { recentMoves } from '../../../core/watch/unrest.ts';
import type { Ledger } from '../../../core/ports.ts';
import { allOf, anyOf, bind, clauses, updateIf } from './ledger-clauses.ts';
import { brakeKey, flag, leaseKey, number, text, vouchValue } from './ledger-items.ts';
import type { LedgerTable } from './ledger-table.ts';

/**
 * Takes the lease in one transaction with the check of the brake, so that there is no moment between looking and
 * acting. The lease is read first only to count the epoch; that nobody took it since is a condition of the write.
 */
export async function takeLease(table: LedgerTable, request: LeaseRequest): Promise<LeaseGrant> {
  const before = await table.readLease(request.workload);
  const { epoch, condition } = wantedLease(before, request);
  const update = 'SET #holder = :execution, #epoch = :epoch, #expiresAt = :expiresAt, #status = :held';
  const values = {
    execution: text(request.execution),
    epoch: number(epoch),
    epochAsRead: number(before?.epoch ?? 0),
    expiresAt: number(request.expiresAt),
    now: number(request.now),
    held: text('HELD'),
  };
  const taken = await table.transact([
    ...(request.byPerson ? [] : [brakeCheck(table, request.workload)]),
    {
      Update: {
        TableName: table.name,
        Key: leaseKey(request.workload),
        ...updateIf(update, condition, values),
      },
    },
  ]);
  if (taken) return { taken, epoch, expiresAt: request.expiresAt, recentMoves: movesOf(before, request) };
  return answerRefusal(table, request);
}

const movesOf = (lease: LeaseItem | null, request: LeaseRequest): number =>
  recentMoves(lease?.moves ?? [], request.now).length;

/** Which epoch the request would get, and on which conditions. */
function wantedLease(
  before: LeaseItem | null,
  request: LeaseRequest,
): { readonly epoch: number; readonly condition: string } {
  if (before?.holder === request.execution) {
    // A retried step: the same grant again, with the same epoch, because its writes may be on their way.
    return { epoch: before.epoch, condition: allOf(clauses.holderIsStillUs, clauses.epochIsAsRead) };
  }
  const condition = allOf(
    before === null ? clauses.leaseWasNeverTaken : clauses.epochIsAsRead,
    anyOf(clauses.leaseIsFree, clauses.leaseHasExpired),
    ...(request.byPerson ? [] : [clauses.automationIsArmed, clauses.cooldownHasEnded]),
  );
  return { epoch: (before?.epoch ?? 0) + 1, condition };
}

function brakeCheck(table: LedgerTable, workload: string) {
  const condition = clauses.brakeIsOff;
  return {
    ConditionCheck: {
      TableName: table.name,
      Key: brakeKey(workload),
      ConditionExpression: condition,
      ...bind([condition], { off: flag(false) }),
    },
  };
}

/** The write was refused: finds out why, from what the ledger holds now. */
async function answerRefusal(table: LedgerTable, request: LeaseRequest): Promise<LeaseGrant> {
  const [lease, brake] = await Promise.all([
    table.readLease(request.workload),
    // A person's word does not depend on the brake, so not on its being readable either.
    request.byPerson ? null : table.readBrake(request.workload),
  ]);
  const refusal = explainRefusal(request, { lease, brake });
  if (lease?.holder === request.execution) {
    // An earlier attempt of ours got through and its answer was lost.
    if (refusal.reason !== 'brake') {
      const { epoch, expiresAt } = lease;
      return { taken: true, epoch, expiresAt, recentMoves: movesOf(lease, request) };
    }
    // The brake was pulled between that attempt and this one. The run ends here, so it must not keep the lease.
    await giveBack(table, request, lease.epoch);
  }
  return { taken: false, ...refusal };
}

/** Gives back a lease under which nothing was done. Where somebody else holds it by now, there is nothing to do. */
async function giveBack(table: LedgerTable, request: LeaseRequest, epoch: number): Promise<void> {
  const update = 'SET #status = :status REMOVE #holder';
  const condition = allOf(clauses.holderIsStillUs, clauses.epochIsOurs);
  const values = { status: text('DONE'), execution: text(request.execution), epoch: number(epoch) };
  await table.updateLease(request.workload, updateIf(update, condition, values));
}

export async function renewLease(
  table: LedgerTable,
  request: Parameters<Ledger['renewLease']>[0],
): ReturnType<Ledger['renewLease']> {
  const update = 'SET #expiresAt = :expiresAt';
  const condition = allOf(clauses.holderIsStillUs, clauses.epochIsOurs);
  const values = {
    expiresAt: number(request.expiresAt),
    execution: text(request.execution),
    epoch: number(request.epoch),
  };
  const result = await table.updateLease(request.workload, updateIf(update, condition, values));
  if (!result.done) throw new LeaseLost(lossOf(request, result.found));
  const { vouch, orders } = result.lease;
  return orders === undefined ? { vouch } : { vouch, orders };
}

/** A person's word for the run that holds the lease at this moment; for another one it would be a word without a run. */
export async function vouch(table: LedgerTable, workload: string, given: Vouch): Promise<boolean> {
  const values = {
    execution: text(given.execution),
    vouch: vouchValue(given),
  };
  const update = updateIf('SET #vouch = :vouch', clauses.holderIsStillUs, values);
  return (await table.updateLease(workload, update)).done;
}

/** Says to the reader at 3 a.m. whose lease it is now. */
export function lossOf(
  ours: { readonly workload: string; readonly execution: string; readonly epoch: number },
  found: LeaseItem | null,
): string {
  return (
    `the lease of ${ours.workload} is no longer held by ${ours.execution} at epoch ${ours.epoch}: ${holderOf(found)}. ` +
    'This execution must not act any more; what the other one does is in its own record.'
  );
}

function holderOf(lease: LeaseItem | null): string {
  if (lease === null) return 'the ledger has no lease of this workload';
  if (lease.holder === null) return `nobody holds it now (epoch ${lease.epoch})`;
  const until = new Date(lease.expiresAt).toISOString();
  return `execution ${lease.holder} holds it at epoch ${lease.epoch} until ${until}`;
}
