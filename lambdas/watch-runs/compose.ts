import { makeBackgroundInvoker } from '../../clouds/aws/run/background-invoker.ts';
import { makeRunEnds } from '../../clouds/aws/run/run-ends.ts';
import { CLOSE_FUNCTION } from '../../core/names.ts';
import { standingOf } from '../adapters/standing.ts';
import type { Compose } from '../runtime.ts';
import { makeWatchRuns } from './watch-runs.ts';

export const compose: Compose = (runtime) => {
  const { account } = runtime.config.controller;
  const standing = standingOf(runtime);
  return makeWatchRuns({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    leaseOf: async (workload) => (await standing(workload)).lease,
    ends: makeRunEnds({ ...runtime.aws, account }),
    close: makeBackgroundInvoker({ ...runtime.aws, functionName: CLOSE_FUNCTION }),
  });
};
