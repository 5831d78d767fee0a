import { ledgerOf } from '../adapters/ledger.ts';
import { proberOf } from '../adapters/prober.ts';
import type { Compose } from '../runtime.ts';
import { makeHoldShare } from './hold-share.ts';

export const compose: Compose = (runtime) =>
  makeHoldShare({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    ledger: ledgerOf(runtime),
    prober: proberOf(runtime),
  });
