import { makeLedgerTable } from '../../clouds/aws/ledger/ledger-table.ts';
import type { BrakeItem, LeaseItem } from '../../core/ledger/lease.ts';
import type { Runtime } from '../runtime.ts';

/** Who may act on a workload now. */
export interface Standing {
  readonly lease: LeaseItem | null;
  readonly brake: BrakeItem | null;
}

/** Reads the lease and the brake of a workload. */
export function standingOf(runtime: Runtime): (workload: string) => Promise<Standing> {
  const table = makeLedgerTable(runtime.aws, runtime.resources.ledgerTable);
  return async (workload) => {
    const [lease, brake] = await Promise.all([table.readLease(workload), table.readBrake(workload)]);
    return { lease, brake };
  };
}
