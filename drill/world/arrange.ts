import type { Config, Workload } from '../../core/config/schema.ts';
import { dataPlanOf } from './data/data-plan.ts';
import { DRILL_SLACK } from './slack-side.ts';
import { drilledStandby } from './standby-side.ts';
import type { Scenario } from '../scenario.ts';

/** Time limits that a distribution update needs; the shipped ones are for a store. Seconds. */
const DISTRIBUTION_LIMITS = { convergeSeconds: 600, leaseSeconds: 900 } as const;

/** The shipped limits of the data, where a scenario has another mode than the configuration. Seconds. */
const DUMP_LOSS_SECONDS = 93_600;
const SHIP_LOSS_SECONDS = 300;
const HANDOVER_SECONDS = 600;

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

/** The data's part of the configuration, with what the scenario sets about it. */
function dataOf(data: Workload['data'], scenario: Scenario['data']): Workload['data'] {
  const { mode = data.mode, maxLossSeconds } = scenario ?? {};
  const { account, dumpEverySeconds, shipEverySeconds } = dataPlanOf(data, scenario);
  const handoverSeconds = data.mode === 'none' ? HANDOVER_SECONDS : data.handoverSeconds;
  const dumps = { account, dumpEveryMinutes: dumpEverySeconds / 60, handoverSeconds };
  const limit = (ordinary: number): number =>
    maxLossSeconds ?? (data.mode === mode && data.mode !== 'none' ? data.maxLossSeconds : ordinary);
  if (mode === 'none') {
    const { probeUrl, homeUrl } = scenario ?? {};
    const home = homeUrl === undefined ? {} : { homeUrl };
    const probe = probeUrl === undefined ? {} : { probe: { url: probeUrl, ...home } };
    return data.mode === 'none' ? { ...data, ...probe } : { mode, ...probe };
  }
  if (mode === 'dump') return { mode, ...dumps, maxLossSeconds: limit(DUMP_LOSS_SECONDS) };
  return { mode, ...dumps, shipEverySeconds, maxLossSeconds: limit(SHIP_LOSS_SECONDS) };
}

/** The primary in the Region of the scenario, with the rule that is its fence where the scenario has one. */
function primaryOf(
  { fence, ...primary }: Workload['primary'],
  scenario: Scenario,
  account: string,
): Workload['primary'] {
  const region = scenario.regions?.primary ?? primary.region;
  const placed = region === undefined ? primary : { ...primary, region };
  if (!scenario.fence || primary.loadBalancer === undefined || region === undefined) return placed;
  const rule = `listener-rule/${primary.loadBalancer}/f2f7dc8efc522ab2/9683b2d02a6cabee`;
  const listenerRuleArn = `arn:aws:elasticloadbalancing:${region}:${account}:${rule}`;
  return { ...placed, fence: fence ?? { listenerRuleArn, drainSeconds: 15 } };
}

/** One workload with what the scenario sets about it: tier, strategy and shares. */
function arrangeWorkload(workload: Workload, scenario: Scenario, account: string): Workload {
  const gate = scenario.approval === undefined ? {} : { approval: gateOf(scenario.approval) };
  const standby = drilledStandby(workload, scenario);
  const strategy = scenario.strategy ?? workload.edge.strategy;
  const slow = strategy === 'distribution' ? DISTRIBUTION_LIMITS : {};
  return {
    ...workload,
    primary: primaryOf(workload.primary, scenario, account),
    standby,
    data: dataOf(
      workload.data,
      standby.tier === 'external' ? { ...scenario.data, mode: 'none' } : scenario.data,
    ),
    edge: edgeOf(workload.edge, strategy, account),
    detection: {
      ...workload.detection,
      alarms: scenario.ownAlarms.map(({ region, name }) => ({
        ...{ region, name, about: 'primary' as const, use: ['trigger' as const, 'signal' as const] },
      })),
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
}

/** Id of the n-th workload of a fleet, from 1. */
const fleetId = (n: number): string => `site${String(n).padStart(3, '0')}`;

function standbyOfMember(standby: Workload['standby'], id: string): Workload['standby'] {
  if (standby.tier === 'external') return { ...standby, domainName: `standby.${id}.example.com` };
  return {
    ...standby,
    domainName: `${id}.koreacentral.cloudapp.azure.com`,
    azure: { ...standby.azure, resourceGroup: `rg-${id}` },
  };
}

/** The same workload under a name of its own: no two of them share a domain, a distribution, a store or a resource group. */
function memberOf(workload: Workload, n: number, fleet: NonNullable<Scenario['fleet']>): Workload {
  const id = fleetId(n);
  const { edge, standby, primary, maintenance } = workload;
  const { stack } = edge;
  const store = edge.keyValueStoreArn?.replace(/.{4}$/, String(n).padStart(4, '0'));
  return {
    ...workload,
    displayName: id,
    url: `https://${id}.example.com`,
    priority: fleet.priorities[n] ?? workload.priority,
    dependsOn: (fleet.dependsOn[n] ?? []).map(fleetId),
    primary: { ...primary, domainName: `alb.${id}.example.com` },
    maintenance: { ...maintenance, domainName: `${id}page.z12.web.core.windows.net` },
    standby: standbyOfMember(standby, id),
    edge: {
      ...edge,
      distributionId: `E2EXAMPLE${String(n).padStart(4, '0')}`,
      ...(store === undefined ? {} : { keyValueStoreArn: store }),
      ...(stack === undefined
        ? {}
        : { stack: { ...stack, hostedZone: { ...stack.hostedZone, name: `${id}.example.com` } } }),
    },
  };
}

/** The configuration with what the scenario sets about its first workload, which is the one of the drill, or of its fleet. */
export function arrange(config: Config, scenario: Scenario): Config {
  const { regions, fleet } = scenario;
  const controller = {
    ...config.controller,
    ...(regions === undefined ? {} : { region: regions.controller, probeRegions: regions.probes }),
    ...(fleet?.movesAtOnce === undefined ? {} : { fleet: { movesAtOnce: fleet.movesAtOnce } }),
    ...(usesSlack(scenario) ? { slack: DRILL_SLACK } : {}),
  };
  const [found] = Object.entries(config.workloads);
  if (found === undefined) throw new Error('the configuration has no workload');
  const [id, first] = found;
  const arranged = arrangeWorkload(first, scenario, controller.account);
  if (fleet === undefined) return { ...config, controller, workloads: { [id]: arranged } };
  const numbers = Array.from({ length: fleet.workloads }, (_, index) => index + 1);
  const members = numbers.map((n) => [fleetId(n), memberOf(arranged, n, fleet)] as const);
  return { ...config, controller, workloads: Object.fromEntries(members) };
}
