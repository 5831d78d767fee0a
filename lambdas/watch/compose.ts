import { makeLedgerTable } from '../../clouds/aws/ledger/ledger-table.ts';
import { makeStarter } from '../../clouds/aws/run/starter.ts';
import { announcerOf } from '../adapters/announcer.ts';
import { proberOf } from '../adapters/prober.ts';
import { memoriesOf } from '../adapters/watch.ts';
import type { Compose } from '../runtime.ts';
import { makeWatch } from './watch.ts';

export const compose: Compose = (runtime) => {
  const table = makeLedgerTable(runtime.aws, runtime.resources.ledgerTable);
  return makeWatch({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    metrics: runtime.metrics,
    prober: proberOf(runtime),
    memories: memoriesOf(runtime),
    announcer: announcerOf(runtime),
    starter: makeStarter({ ...runtime.aws, account: runtime.config.controller.account }),
    standing: async (workload) => {
      const [lease, brake] = await Promise.all([table.readLease(workload), table.readBrake(workload)]);
      return { lease, brake };
    },
  });
};
