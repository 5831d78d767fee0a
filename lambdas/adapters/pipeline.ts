import { makePipeline } from '../../clouds/azure/standby/pipeline.ts';
import { workloadOf } from '../../core/config/parse.ts';
import type { Pipeline } from '../../core/ports.ts';
import { requireAzureStandby } from '../../core/standby/tier.ts';
import type { Runtime } from '../runtime.ts';
import { azureCredentialOf, httpClientOf, perWorkload } from './azure.ts';

export const pipelineOf = (runtime: Runtime): ((workload: string) => Pipeline) =>
  perWorkload((workload) =>
    makePipeline({
      ...requireAzureStandby(workload, workloadOf(runtime.config, workload)).pipeline,
      workload,
      credential: azureCredentialOf(runtime, workload),
      clock: runtime.clock,
      ...httpClientOf(runtime),
    }),
  );
