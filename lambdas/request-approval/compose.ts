import { approvalsOf } from '../adapters/approvals.ts';
import { dataReportsOf } from '../adapters/data.ts';
import { ledgerOf } from '../adapters/ledger.ts';
import { messengerOf } from '../adapters/messenger.ts';
import type { Compose } from '../runtime.ts';
import { makeRequestApproval } from './request-approval.ts';

export const compose: Compose = (runtime) =>
  makeRequestApproval({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    ledger: ledgerOf(runtime),
    approvals: approvalsOf(runtime),
    reports: dataReportsOf(runtime),
    messenger: messengerOf(runtime),
  });
