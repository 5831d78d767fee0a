import { ledgerOf } from '../adapters/ledger.ts';
import type { Compose } from '../runtime.ts';
import { makePromisePage } from './promise-page.ts';

export const compose: Compose = (runtime) =>
  makePromisePage({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    ledger: ledgerOf(runtime),
  });
