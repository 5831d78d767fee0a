import { makeLedgerTable } from '../../clouds/aws/ledger/ledger-table.ts';
import { makeThreadLedger } from '../../clouds/aws/slack/thread-ledger.ts';
import { CloudRefused } from '../../core/errors.ts';
import { approvalsOf } from '../adapters/approvals.ts';
import { messengerOf } from '../adapters/messenger.ts';
import type { Compose } from '../runtime.ts';
import { makeFollowExecution } from './follow-execution.ts';

export const compose: Compose = (runtime) => {
  const messenger = messengerOf(runtime);
  if (messenger === null) {
    throw new CloudRefused({
      call: 'Follow execution',
      got: 'a configuration without controller.slack',
      next: 'Add controller.slack and deploy again, or take the subscription of the log away.',
    });
  }
  const tableName = runtime.resources.ledgerTable;
  const table = makeLedgerTable(runtime.aws, tableName);
  return makeFollowExecution({
    config: runtime.config,
    log: runtime.log,
    threads: makeThreadLedger({ ...runtime.aws, tableName }),
    approvals: approvalsOf(runtime),
    messenger,
    brakeOf: (workload) => table.readBrake(workload),
  });
};
