import { makeFence } from '../../clouds/aws/route/fence-client.ts';
import { workloadOf } from '../../core/config/parse.ts';
import type { Fence } from '../../core/ports.ts';
import type { Runtime } from '../runtime.ts';

/** The fence at the door of each primary; null where it has none. */
export const fenceOf =
  (runtime: Runtime) =>
  (workload: string): Fence | null => {
    const { fence } = workloadOf(runtime.config, workload).primary;
    return fence === undefined ? null : makeFence({ ...runtime.aws, ruleArn: fence.listenerRuleArn });
  };
