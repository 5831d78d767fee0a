import { makeStarter } from '../../clouds/aws/run/starter.ts';
import { announcerOf } from '../adapters/announcer.ts';
import { proberOf } from '../adapters/prober.ts';
import { standingOf } from '../adapters/standing.ts';
import { memoriesOf } from '../adapters/watch.ts';
import type { Compose } from '../runtime.ts';
import { makeWatch } from './watch.ts';

export const compose: Compose = (runtime) =>
  makeWatch({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    metrics: runtime.metrics,
    prober: proberOf(runtime),
    memories: memoriesOf(runtime),
    announcer: announcerOf(runtime),
    starter: makeStarter({ ...runtime.aws, account: runtime.config.controller.account }),
    standing: standingOf(runtime),
  });
