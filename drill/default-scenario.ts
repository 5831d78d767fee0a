import type { Config } from '../core/config/schema.ts';

/** The scenario that runs when none is named, and nothing of the configuration asks for another. */
export const DEFAULT_SCENARIO = 'region-outage';
const EXTERNAL_SCENARIO = 'external';

/** The scenario that runs when none is named: a dead Region, with the standby that the first workload has. */
export const defaultScenarioFor = (config: Config): string =>
  Object.values(config.workloads)[0]?.standby.tier === 'external' ? EXTERNAL_SCENARIO : DEFAULT_SCENARIO;
