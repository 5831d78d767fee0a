import type { Config } from '../core/config/schema.ts';
import { InvalidInput } from '../core/errors.ts';
import type { Scenario } from './scenario.ts';

/* Whether a scenario can happen to the site of a configuration at all. */

/** What of a scenario is about a standby in Azure, in words. */
function azurePartsOf(scenario: Scenario): string[] {
  const { tier, data, startStandby, degraded } = scenario;
  const parts: readonly (readonly [boolean, string])[] = [
    [tier !== undefined && tier !== 'external', `a ${tier ?? ''} standby`],
    [scenario.failStage !== undefined || scenario.pipelineWaits !== undefined, 'its pipeline'],
    [scenario.gatewayStaysSick, 'its gateway'],
    [scenario.scalingFails !== undefined, 'its nodes'],
    [data !== undefined && data.mode !== 'none', 'data that are shipped to it'],
    [startStandby !== 'on-confirmation' || degraded?.prepare === true, 'an early start of it'],
  ];
  return parts.filter(([is]) => is).map(([, words]) => words);
}

/**
 * Refuses a scenario that tells of what the site of the configuration does not have.
 * @throws InvalidInput with what that is, and which scenarios fit
 */
export function refuseUnfit(name: string, scenario: Scenario, config: Config): void {
  const [workload] = Object.values(config.workloads);
  if (workload === undefined) return;
  const problems: string[] = [];
  const tell = (what: string, has: string, instead: string): void => {
    problems.push(`--scenario: got "${name}", which is about ${what}; ${has}. Run ${instead}`);
  };
  const parts = azurePartsOf(scenario);
  if (workload.standby.tier === 'external' && parts.length > 0) {
    tell(
      parts.join(', '),
      'the standby of the configuration is external, and nothing of it is in Azure',
      'external, or manual-start, database-dies, switch-not-verified, maintenance-missing',
    );
  }
  const needsBalancer =
    scenario.fence || scenario.happenings.some(({ what }) => what === 'load-balancer-errors');
  if (workload.primary.loadBalancer === undefined && needsBalancer) {
    tell('the load balancer', 'the primary of the configuration has none', 'database-dies, or external');
  }
  if (problems.length > 0) throw new InvalidInput('The scenario', problems);
}
