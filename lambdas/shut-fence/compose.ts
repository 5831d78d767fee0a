import { fenceOf } from '../adapters/fence.ts';
import { ledgerOf } from '../adapters/ledger.ts';
import { proberOf } from '../adapters/prober.ts';
import type { Compose } from '../runtime.ts';
import { makeShutFence } from './shut-fence.ts';

export const compose: Compose = (runtime) =>
  makeShutFence({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    ledger: ledgerOf(runtime),
    prober: proberOf(runtime),
    doorFence: fenceOf(runtime),
  });
