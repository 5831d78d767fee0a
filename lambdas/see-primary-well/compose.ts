import { ledgerOf } from '../adapters/ledger.ts';
import { proberOf } from '../adapters/prober.ts';
import { targetsOf } from '../adapters/targets.ts';
import { memoriesOf } from '../adapters/watch.ts';
import type { Compose } from '../runtime.ts';
import { makeSeePrimaryWell } from './see-primary-well.ts';

export const compose: Compose = (runtime) =>
  makeSeePrimaryWell({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    ledger: ledgerOf(runtime),
    prober: proberOf(runtime),
    memories: memoriesOf(runtime),
    targets: targetsOf(runtime),
  });
