import { makeTargets } from '../../clouds/aws/route/targets-client.ts';
import { workloadOf } from '../../core/config/parse.ts';
import type { Targets } from '../../core/ports.ts';
import type { Runtime } from '../runtime.ts';

/** The servers behind each primary's load balancer; null where the configuration does not name its target group. */
export const targetsOf =
  (runtime: Runtime) =>
  (workload: string): Targets | null => {
    const { targetGroup, region } = workloadOf(runtime.config, workload).primary;
    if (targetGroup === undefined || region === undefined) return null;
    const { account } = runtime.config.controller;
    return makeTargets({
      ...runtime.aws,
      region,
      targetGroupArn: targetGroupArnOf({ account, region, targetGroup }),
    });
  };

const targetGroupArnOf = (of: { account: string; region: string; targetGroup: string }): string =>
  `arn:aws:elasticloadbalancing:${of.region}:${of.account}:${of.targetGroup}`;
