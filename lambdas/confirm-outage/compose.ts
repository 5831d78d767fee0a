import { alarmsOf } from '../adapters/alarms.ts';
import { ledgerOf } from '../adapters/ledger.ts';
import { proberOf } from '../adapters/prober.ts';
import { memoriesOf } from '../adapters/watch.ts';
import type { Compose } from '../runtime.ts';
import { makeConfirmOutage } from './confirm-outage.ts';

export const compose: Compose = (runtime) =>
  makeConfirmOutage({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    ledger: ledgerOf(runtime),
    alarms: alarmsOf(runtime),
    prober: proberOf(runtime),
    memories: memoriesOf(runtime),
  });
