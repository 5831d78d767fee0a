import type { Config } from '../../../core/config/schema.ts';
import { functionNames, type FunctionName } from '../../../core/functions.ts';
import { azureStandbyOf } from '../../../core/standby/tier.ts';
import type { Abilities } from './permissions.ts';

/* What a configuration has need of: where no standby is in Azure, nobody may speak to it. */

/** Whether any workload has a standby in Azure. */
export const hasAzure = ({ workloads }: Config): boolean =>
  Object.values(workloads).some((workload) => azureStandbyOf(workload) !== null);

/** Functions of states that no run enters whose standby is somebody else's: they wake, park, start, scale, load, watch or put away what is in Azure. */
const FOR_AZURE_ALONE: ReadonlySet<FunctionName> = new Set([
  'wake-standby',
  'park-standby',
  'start-pipeline',
  'poll-pipeline',
  'scale-standby',
  'watch-growth',
  'apply-last-data',
  'put-away-standby',
]);

/** The functions of the workflow that runs of this configuration can come to. */
export const neededFunctions = (config: Config): readonly FunctionName[] =>
  hasAzure(config) ? functionNames : functionNames.filter((name) => !FOR_AZURE_ALONE.has(name));

/** What a function does with this configuration: its row, without Azure where nothing is there. */
export function abilitiesFor({ speaksTo, ...able }: Abilities, config: Config): Abilities {
  return speaksTo === undefined || !hasAzure(config) ? able : { ...able, speaksTo };
}
