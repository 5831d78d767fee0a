import * as z from 'zod';
import type { LeaseGrant, LeaseRequest } from '../../../core/ledger/lease.ts';
import type { Act, Operations, ReleaseByHand } from '../../../core/ledger/operations.ts';
import { recentMoves } from '../../../core/watch/unrest.ts';
import type { AwsAccess } from '../client.ts';
import { allOf, bind, clauses, updateIf } from './ledger-clauses.ts';
import { brakeKey, flag, leaseKey, number, text } from './ledger-items.ts';
import { makeLedgerTable, type LedgerTable } from './ledger-table.ts';
import { actKey, makeLedgerReads } from './operations-history.ts';

export interface OperationsOptions extends AwsAccess {
  readonly tableName: string;
}

/** A renewal does not change the epoch, so only another holder can come between; more than this is no accident. */
const SEIZE_ATTEMPTS_MAX = 3;

/** Automation waits for a person; the item says why. */
const automationIsDisarmed = 'attribute_exists(#disarmed)';

/** What the ledger does for people: the brake, the acknowledgement, the lease by hand, and the history of both. */
export function makeOperations(options: OperationsOptions): Operations {
  const table = makeLedgerTable(options, options.tableName);
  const reads = makeLedgerReads(options, options.tableName);
  const record = (act: Act): Promise<unknown> => table.upsert(actUpdate(act), z.unknown());
  return {
    ...reads,
    readLease: (workload) => table.readLease(workload),
    async setBrake(workload, brake, act) {
      const update = 'SET #on = :on, #owner = :owner, #reason = :reason, #at = :at';
      const values = {
        on: flag(brake.on),
        owner: text(brake.owner),
        reason: text(brake.reason),
        at: text(act.at),
      };
      await table.transact([
        {
          Update: {
            TableName: table.name,
            Key: brakeKey(workload),
            UpdateExpression: update,
            ...bind([update], values),
          },
        },
        recordItem(table, act),
      ]);
    },
    acknowledge: (workload, act) =>
      table.transact([
        {
          Update: {
            TableName: table.name,
            Key: leaseKey(workload),
            ...updateIf('SET #acknowledgedAt = :at REMOVE #disarmed', automationIsDisarmed, {
              at: text(act.at),
            }),
          },
        },
        recordItem(table, act),
      ]),
    seizeLease: (request) => seizeLease(table, request),
    async record(act) {
      await record(act);
    },
    async release(lease, act) {
      const released = await table.transact([releaseItem(table, lease), recordItem(table, act)]);
      // What a person did stays true, whoever holds the lease by now.
      if (!released) await record(act);
      return released;
    },
  };
}

function actUpdate(act: Act) {
  const update = 'SET #act = :act';
  return {
    Key: actKey(act),
    UpdateExpression: update,
    ...bind([update], { act: text(JSON.stringify(act)) }),
  };
}

const recordItem = (table: LedgerTable, act: Act) => ({
  Update: { TableName: table.name, ...actUpdate(act) },
});

function releaseItem(table: LedgerTable, { workload, holder, epoch, disarms }: ReleaseByHand) {
  const update =
    'SET #status = :status, #lastExecution = :execution' +
    (disarms ? ', #disarmed = :disarmed' : '') +
    ' REMOVE #holder';
  const values = {
    status: text('DONE'),
    execution: text(holder),
    epoch: number(epoch),
    disarmed: flag(true),
  };
  const condition = allOf(clauses.holderIsStillUs, clauses.epochIsOurs);
  return {
    Update: { TableName: table.name, Key: leaseKey(workload), ...updateIf(update, condition, values) },
  };
}

async function seizeLease(table: LedgerTable, request: LeaseRequest): Promise<LeaseGrant> {
  for (let attempt = 1; attempt <= SEIZE_ATTEMPTS_MAX; attempt += 1) {
    const before = await table.readLease(request.workload);
    const epoch = (before?.epoch ?? 0) + 1;
    const update = 'SET #holder = :execution, #epoch = :epoch, #expiresAt = :expiresAt, #status = :held';
    const condition = before === null ? clauses.leaseWasNeverTaken : clauses.epochIsAsRead;
    const result = await table.updateLease(
      request.workload,
      updateIf(update, condition, {
        execution: text(request.execution),
        epoch: number(epoch),
        epochAsRead: number(before?.epoch ?? 0),
        expiresAt: number(request.expiresAt),
        held: text('HELD'),
      }),
    );
    // A repeat of the SDK whose first answer was lost finds its own work done.
    const found = result.done ? null : result.found;
    if (result.done || (found?.holder === request.execution && found.epoch === epoch)) {
      const moves = recentMoves(before?.moves ?? [], request.now).length;
      return { taken: true, epoch, expiresAt: request.expiresAt, recentMoves: moves };
    }
  }
  return {
    taken: false,
    reason: 'held',
    detail: `other executions took the lease ${SEIZE_ATTEMPTS_MAX} times in a row while it was to be seized`,
  };
}
