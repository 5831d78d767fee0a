import { makeThreadLedger } from '../../clouds/aws/slack/thread-ledger.ts';
import { CloudRefused } from '../../core/errors.ts';
import { approvalsOf } from '../adapters/approvals.ts';
import { orderBookOf } from '../adapters/order-book.ts';
import { messengerOf } from '../adapters/messenger.ts';
import type { Compose } from '../runtime.ts';
import { makeSlackWorker } from './slack-worker.ts';

export const compose: Compose = (runtime) => {
  const messenger = messengerOf(runtime);
  if (messenger === null) {
    throw new CloudRefused({
      call: 'Slack worker',
      got: 'a configuration without controller.slack',
      next: 'Add controller.slack and deploy again, or take the worker away.',
    });
  }
  return makeSlackWorker({
    config: runtime.config,
    log: runtime.log,
    clock: runtime.clock,
    approvals: approvalsOf(runtime),
    orders: orderBookOf(runtime),
    messenger,
    threads: makeThreadLedger({ ...runtime.aws, tableName: runtime.resources.ledgerTable }),
  });
};
