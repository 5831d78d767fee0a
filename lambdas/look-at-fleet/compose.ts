import { makeLedgerTable } from '../../clouds/aws/ledger/ledger-table.ts';
import { ledgerOf } from '../adapters/ledger.ts';
import { turnsOf } from '../adapters/turns.ts';
import { memoriesOf } from '../adapters/watch.ts';
import type { Compose } from '../runtime.ts';
import { makeLookAtFleet } from './look-at-fleet.ts';

export const compose: Compose = (runtime) => {
  const table = makeLedgerTable(runtime.aws, runtime.resources.ledgerTable);
  return makeLookAtFleet({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    ledger: ledgerOf(runtime),
    turns: turnsOf(runtime),
    memories: memoriesOf(runtime),
    standing: async (workload) => {
      const [lease, brake] = await Promise.all([table.readLease(workload), table.readBrake(workload)]);
      return { lease, brake };
    },
  });
};
