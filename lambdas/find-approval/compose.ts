import { approvalsOf } from '../adapters/approvals.ts';
import { ledgerOf } from '../adapters/ledger.ts';
import type { Compose } from '../runtime.ts';
import { makeFindApproval } from './find-approval.ts';

export const compose: Compose = (runtime) =>
  makeFindApproval({
    config: runtime.config,
    clock: runtime.clock,
    ledger: ledgerOf(runtime),
    approvals: approvalsOf(runtime),
  });
