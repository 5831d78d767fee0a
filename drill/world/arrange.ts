import type { Config } from '../../core/config/schema.ts';
import type { Scenario } from '../scenario.ts';

/** Time limits that a distribution update needs; the shipped ones are for a store. Seconds. */
const DISTRIBUTION_LIMITS = { convergeSeconds: 600, leaseSeconds: 900 } as const;

/** The configuration with what the scenario sets about it: tier, strategy and shares. */
export function arrange(config: Config, id: string, scenario: Scenario): Config {
  const workload = config.workloads[id];
  if (workload === undefined) throw new Error(`no workload ${id}`);
  const slow = scenario.strategy === 'distribution' ? DISTRIBUTION_LIMITS : {};
  const arranged = {
    ...workload,
    standby: { ...workload.standby, tier: scenario.tier },
    edge: { ...workload.edge, strategy: scenario.strategy },
    policy: { ...workload.policy, ...(scenario.canary === undefined ? {} : { canary: scenario.canary }) },
    limits: { ...workload.limits, ...slow },
  };
  return { ...config, workloads: { ...config.workloads, [id]: arranged } };
}
