import { ledgerOf } from '../adapters/ledger.ts';
import { proberOf } from '../adapters/prober.ts';
import { standbyOf } from '../adapters/standby.ts';
import type { Compose } from '../runtime.ts';
import { makePollStandby } from './poll-standby.ts';

export const compose: Compose = (runtime) =>
  makePollStandby({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    ledger: ledgerOf(runtime),
    prober: proberOf(runtime),
    standby: standbyOf(runtime),
  });
