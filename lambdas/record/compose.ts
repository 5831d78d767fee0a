import { approvalsOf } from '../adapters/approvals.ts';
import { ledgerOf } from '../adapters/ledger.ts';
import { turnsOf } from '../adapters/turns.ts';
import type { Compose } from '../runtime.ts';
import { makeRecord } from './record.ts';

export const compose: Compose = (runtime) =>
  makeRecord({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    metrics: runtime.metrics,
    ledger: ledgerOf(runtime),
    turns: turnsOf(runtime),
    approvals: approvalsOf(runtime),
  });
