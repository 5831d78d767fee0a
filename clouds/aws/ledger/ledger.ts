import type { Ledger, Log } from '../../../core/ports.ts';
import type { AwsAccess } from '../client.ts';
import { finishAndRelease, writeRecord } from './ledger-finish.ts';
import { renewLease, takeLease, vouch } from './ledger-lease.ts';
import { makeLedgerTable } from './ledger-table.ts';

export interface LedgerOptions extends AwsAccess {
  readonly tableName: string;
  readonly log: Log;
}

/** The ledger in DynamoDB: one table, keyed by workload (`pk`) and kind of item (`sk`). */
export function makeLedger(options: LedgerOptions): Ledger {
  const table = makeLedgerTable(options, options.tableName);
  return {
    takeLease: (request) => takeLease(table, request),
    renewLease: (request) => renewLease(table, request),
    vouch: (workload, given) => vouch(table, workload, given),
    isRecorded: (run) => table.hasRun(run),
    async finish(record, release) {
      if (release === null) await writeRecord(table, record);
      else await finishAndRelease({ table, log: options.log }, record, release);
    },
  };
}
