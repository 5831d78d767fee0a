import { makeContainerJob } from '../../clouds/azure/standby/container-job.ts';
import { makePipeline } from '../../clouds/azure/standby/pipeline.ts';
import { workloadOf } from '../../core/config/parse.ts';
import type { AzureStandby } from '../../core/config/standby-schema.ts';
import type { Pipeline } from '../../core/ports.ts';
import { requireAzureStandby } from '../../core/standby/tier.ts';
import { makeTwoRunners } from '../../core/standby/two-runners.ts';
import type { Runtime } from '../runtime.ts';
import { azureCredentialOf, httpClientOf, perWorkload } from './azure.ts';

/** The part of the configuration that a runner needs; the rules have seen to it that it is there. */
function partOf<T>(part: T | undefined, { runner }: AzureStandby): T {
  if (part === undefined) throw new Error(`the configuration of the runner ${runner} has no such part`);
  return part;
}

/** What builds the standby of a workload: the runner that its configuration names, or both as one. */
export const pipelineOf = (runtime: Runtime): ((workload: string) => Pipeline) => runnersOf(runtime, 'apply');

/** The same, to destroy what was built. */
export const demolitionOf = (runtime: Runtime): ((workload: string) => Pipeline) =>
  runnersOf(runtime, 'destroy');

const runnersOf = (runtime: Runtime, action: 'apply' | 'destroy'): ((workload: string) => Pipeline) =>
  perWorkload((workload) => {
    const whole = workloadOf(runtime.config, workload);
    const { limits } = whole;
    const standby = requireAzureStandby(workload, whole);
    const access = {
      ...{ workload, action },
      credential: azureCredentialOf(runtime, workload),
      clock: runtime.clock,
      ...httpClientOf(runtime),
    };
    const devOps = (): Pipeline => makePipeline({ ...partOf(standby.pipeline, standby), ...access });
    const job = (): Pipeline => {
      const { tenantId, subscriptionId } = standby.azure;
      return makeContainerJob({
        ...partOf(standby.containerJob, standby),
        ...{ tenantId, subscriptionId },
        ...access,
      });
    };
    switch (standby.runner) {
      case 'azure-devops':
        return devOps();
      case 'container-job':
        return job();
      case 'both':
        return makeTwoRunners({
          ...{ workload, first: devOps(), second: job(), runnerSeconds: limits.runnerSeconds },
          ...{ clock: runtime.clock, log: runtime.log },
        });
    }
  });
