import { makeStarter } from '../../clouds/aws/run/starter.ts';
import { memoriesOf } from '../adapters/watch.ts';
import type { Compose } from '../runtime.ts';
import { makeStartRun } from './start-run.ts';

export const compose: Compose = (runtime) => {
  const { aws, clock, config, log, metrics } = runtime;
  const starter = makeStarter({ ...aws, account: config.controller.account });
  return makeStartRun({ config, clock, log, metrics, memories: memoriesOf(runtime), starter });
};
