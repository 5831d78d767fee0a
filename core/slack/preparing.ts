import { parkedOf } from '../config/parked-schema.ts';
import type { Workload } from '../config/schema.ts';
import type { AzureStandby } from '../config/standby-schema.ts';

/** How the standby is made ready, in words that follow from the configuration alone. */
export interface Preparing {
  readonly happens: string;
  readonly costs: string;
  /** Where nobody measures what would be lost. */
  readonly losses: string;
}

const LOSSES =
  'Whatever the primary took after the newest backup that reached the standby is not there. ' +
  'The shield keeps new writes from being lost.';

/** What builds the standby, by the configuration; a part that is not there is not named. */
export function runnerOf({ pipeline, containerJob, runner }: AzureStandby): string {
  const devOps = pipeline === undefined ? 'the pipeline' : `the pipeline ${pipeline.pipelineId}`;
  const job = containerJob === undefined ? 'the container job' : `the container job ${containerJob.name}`;
  if (runner === 'both') return `${devOps}, or else ${job}`;
  return runner === 'container-job' ? job : devOps;
}

/** What preparing the standby of a workload comes to, by its tier. */
export function preparingOf({ standby, policy, limits }: Workload): Preparing {
  switch (standby.tier) {
    case 'cold': {
      const begins =
        policy.startStandby === 'on-approval' ? 'it begins with the approval' : 'it is building already';
      return {
        happens: `${runnerOf(standby)}${standby.runner === 'both' ? ',' : ''} builds the standby in ${standby.azure.resourceGroup} (${begins}; limit ${minutes(limits.pipelineSeconds)})`,
        costs: 'The standby is paid for by the hour from its first resource until somebody destroys it.',
        losses: LOSSES,
      };
    }
    case 'parked':
      return {
        happens: `the parked standby in ${standby.azure.resourceGroup} is woken (limit ${minutes(parkedOf(standby).wakeSeconds)}; what does not wake is built by ${runnerOf(standby)})`,
        costs:
          'The standby is paid for by the hour while it is awake; it is parked again when the users are home.',
        losses: LOSSES,
      };
    case 'warm':
      return {
        happens: `the standby in ${standby.azure.resourceGroup} is scaled to ${standby.warmNodeCount} nodes (limit ${minutes(limits.standbySeconds)})`,
        costs: `${standby.warmNodeCount} nodes are paid for by the hour until the pool is made small again.`,
        losses: LOSSES,
      };
    case 'external':
      return {
        happens: `the standby at ${standby.domainName} is looked at, and nothing is started (limit ${minutes(limits.standbySeconds)})`,
        costs: 'Nothing is started. What its owner asks for the traffic is between you and them.',
        losses:
          'Whatever the primary took and the site has not brought over by its own means is not there. ' +
          'The shield keeps new writes from being lost.',
      };
  }
}

const minutes = (seconds: number): string => `${Math.ceil(seconds / 60)} min`;
