import type { Config, Workload } from '../../core/config/schema.ts';
import { DRILL_SLACK } from './slack-side.ts';
import type { Scenario } from '../scenario.ts';

/** Time limits that a distribution update needs; the shipped ones are for a store. Seconds. */
const DISTRIBUTION_LIMITS = { convergeSeconds: 600, leaseSeconds: 900 } as const;

/** Whether Slack is part of the scenario's world. */
export const usesSlack = (scenario: Scenario): boolean => scenario.approval !== undefined;

const gateOf = (approval: NonNullable<Scenario['approval']>) => ({
  mode: 'required' as const,
  approvers: {
    slackUserIds: ['U0FIRST01', 'U0SECOND1'],
    principals: ['arn:aws:iam::111122223333:user/on-call'],
  },
  ...approval,
});

/** The edge function knows no other ids. */
const FUNCTION_ORIGINS = { primary: 'primary', standby: 'standby', maintenance: 'maintenance' } as const;

/**
 * The edge under the strategy that is drilled. A distribution that the strategy updates itself is nobody's stack; where a
 * scenario puts a store in the place of a distribution, it has the ids of the edge function, and a store.
 */
function edgeOf(
  { stack, ...edge }: Workload['edge'],
  strategy: Workload['edge']['strategy'],
  account: string,
): Workload['edge'] {
  if (strategy === 'distribution') return { ...edge, strategy };
  const keyValueStoreArn =
    edge.keyValueStoreArn ??
    `arn:aws:cloudfront::${account}:key-value-store/a1b2c3d4-5678-4abc-8def-1234567890ab`;
  const made = { ...edge, strategy, keyValueStoreArn, originIds: FUNCTION_ORIGINS };
  return stack === undefined ? made : { ...made, stack };
}

/** The configuration with what the scenario sets about it: tier, strategy and shares. */
export function arrange(config: Config, id: string, scenario: Scenario): Config {
  const workload = config.workloads[id];
  if (workload === undefined) throw new Error(`no workload ${id}`);
  const gate = scenario.approval === undefined ? {} : { approval: gateOf(scenario.approval) };
  const strategy = scenario.strategy ?? workload.edge.strategy;
  const slow = strategy === 'distribution' ? DISTRIBUTION_LIMITS : {};
  const arranged = {
    ...workload,
    standby: { ...workload.standby, tier: scenario.tier },
    edge: edgeOf(workload.edge, strategy, config.controller.account),
    detection: {
      ...workload.detection,
      ...(scenario.edgeErrorPercent === undefined ? {} : { edgeErrorPercent: scenario.edgeErrorPercent }),
    },
    policy: {
      ...workload.policy,
      startStandby: scenario.startStandby,
      ...(scenario.degraded === undefined
        ? {}
        : { degraded: { ...workload.policy.degraded, ...scenario.degraded } }),
      ...gate,
      ...(scenario.canary === undefined ? {} : { canary: scenario.canary }),
    },
    limits: { ...workload.limits, ...slow },
  };
  const controller = usesSlack(scenario) ? { ...config.controller, slack: DRILL_SLACK } : config.controller;
  return { ...config, controller, workloads: { ...config.workloads, [id]: arranged } };
}
