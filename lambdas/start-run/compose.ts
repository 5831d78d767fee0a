import { makeLedgerTable } from '../../clouds/aws/ledger/ledger-table.ts';
import { makeStarter } from '../../clouds/aws/run/starter.ts';
import { whyNot } from '../../core/watch/level.ts';
import { memoriesOf } from '../adapters/watch.ts';
import type { Compose } from '../runtime.ts';
import { makeStartRun } from './start-run.ts';

export const compose: Compose = (runtime) => {
  const { aws, clock, config, log, metrics } = runtime;
  const starter = makeStarter({ ...aws, account: config.controller.account });
  const table = makeLedgerTable(aws, runtime.resources.ledgerTable);
  return makeStartRun({
    ...{ config, clock, log, metrics, memories: memoriesOf(runtime), starter },
    isHeld: async (workload) => {
      const lease = await table.readLease(workload);
      return whyNot({ lease, brake: null }, clock.now()) === 'held';
    },
  });
};
