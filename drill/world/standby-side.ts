import type { Workload } from '../../core/config/schema.ts';
import { parkedOf } from '../../core/config/parked-schema.ts';
import type { azureTiers, StandbyTier } from '../../core/config/standby-schema.ts';
import { azureStandbyOf } from '../../core/standby/tier.ts';
import type { Scenario } from '../scenario.ts';
import type { Application } from './application.ts';
import type { UnavoidableSeconds } from './azure-side.ts';
import { dataPlanOf } from './data/data-plan.ts';

/** What the world itself knows of a standby, wherever it is. */
export interface StandbySide {
  /** The truth, for the checkers: whether a user sent here now would be served. */
  readonly fitForTraffic: boolean;
  /** What a standby takes by itself for what was asked of it; null before anything was. */
  unavoidableSeconds(): UnavoidableSeconds | null;
}

/** A standby that somebody else runs: it is on, and nobody asks anything of it but pages. */
export class ExternalSide implements StandbySide {
  private readonly application: Application;

  constructor(application: Application) {
    this.application = application;
  }

  get fitForTraffic(): boolean {
    return this.application.isWell;
  }

  unavoidableSeconds(): UnavoidableSeconds {
    return { prepare: 0, handover: 0 };
  }
}

type AzureTier = (typeof azureTiers)[number];

/** The tier that is drilled: what is not ours in the configuration cannot be built, whatever the scenario says. */
export const drilledTier = (standby: Workload['standby'], scenario: Scenario): StandbyTier =>
  azureStandbyOf({ standby }) === null ? 'external' : (scenario.tier ?? 'cold');

/** The tier of a standby in Azure; null of any other. */
export const drilledAzureTier = (standby: Workload['standby'], scenario: Scenario): AzureTier | null => {
  const tier = drilledTier(standby, scenario);
  return tier === 'external' ? null : tier;
};

/** The job as terraform/azure/always names it, where the configuration has none. */
const CONTAINER_JOB = { resourceGroup: 'rg-petclinic-pilot', name: 'job-petclinic-runner' };

/** The standby as the scenario has it. One in Azure can be taken for somebody else's: its name is all that is kept of it. */
export function drilledStandby(
  { standby, data }: Pick<Workload, 'standby' | 'data'>,
  scenario: Scenario,
): Workload['standby'] {
  const azure = azureStandbyOf({ standby });
  const tier = drilledAzureTier(standby, scenario);
  if (azure === null) return standby;
  if (tier === null) return { domainName: azure.domainName, tier: 'external' };
  const { parked: own, pipeline, containerJob, ...rest } = azure;
  const { runner = azure.runner } = scenario;
  const kept = parkedOf({ parked: own });
  const { wakeSeconds = kept.wakeSeconds, whenAwake = kept.whenAwake } = scenario.parked ?? {};
  const storageAccount = dataPlanOf(data, scenario.data).account;
  return {
    ...{ ...rest, tier, runner },
    ...(tier === 'parked' && { parked: { wakeSeconds, whenAwake } }),
    // A runner that is not used has no part in the configuration.
    ...(runner !== 'container-job' && pipeline !== undefined && { pipeline }),
    ...(runner !== 'azure-devops' && {
      containerJob: containerJob ?? { ...CONTAINER_JOB, storageAccount },
    }),
  };
}
