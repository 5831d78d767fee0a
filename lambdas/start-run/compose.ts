import { makeStarter } from '../../clouds/aws/run/starter.ts';
import { whyNot } from '../../core/watch/level.ts';
import { standingOf } from '../adapters/standing.ts';
import { memoriesOf } from '../adapters/watch.ts';
import type { Compose } from '../runtime.ts';
import { makeStartRun } from './start-run.ts';

export const compose: Compose = (runtime) => {
  const { aws, clock, config, log, metrics } = runtime;
  const starter = makeStarter({ ...aws, account: config.controller.account });
  const standing = standingOf(runtime);
  return makeStartRun({
    ...{ config, clock, log, metrics, memories: memoriesOf(runtime), starter },
    isHeld: async (workload) => {
      const { lease } = await standing(workload);
      return whyNot({ lease, brake: null }, clock.now()) === 'held';
    },
  });
};
