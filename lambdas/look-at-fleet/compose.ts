import { ledgerOf } from '../adapters/ledger.ts';
import { turnsOf } from '../adapters/turns.ts';
import { standingOf } from '../adapters/standing.ts';
import { memoriesOf } from '../adapters/watch.ts';
import type { Compose } from '../runtime.ts';
import { makeLookAtFleet } from './look-at-fleet.ts';

export const compose: Compose = (runtime) =>
  makeLookAtFleet({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    ledger: ledgerOf(runtime),
    turns: turnsOf(runtime),
    memories: memoriesOf(runtime),
    standing: standingOf(runtime),
  });
