import { makeLookQueue } from '../../clouds/aws/watch/look-queue.ts';
import type { Compose } from '../runtime.ts';
import { makeScheduleLooks } from './schedule-looks.ts';

export const compose: Compose = (runtime) => {
  const { aws, clock, config } = runtime;
  const queue = makeLookQueue({ ...aws, account: config.controller.account });
  return makeScheduleLooks({ config, clock, queue });
};
