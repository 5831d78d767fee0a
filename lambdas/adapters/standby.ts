import { makeStandby } from '../../clouds/azure/standby/standby.ts';
import { workloadOf } from '../../core/config/parse.ts';
import type { Standby } from '../../core/ports.ts';
import { requireAzureStandby } from '../../core/standby/tier.ts';
import type { Runtime } from '../runtime.ts';
import { azureCredentialOf, httpClientOf, perWorkload } from './azure.ts';

export const standbyOf = (runtime: Runtime): ((workload: string) => Standby) =>
  perWorkload((workload) =>
    makeStandby({
      ...requireAzureStandby(workload, workloadOf(runtime.config, workload)).azure,
      credential: azureCredentialOf(runtime, workload),
      clock: runtime.clock,
      ...httpClientOf(runtime),
    }),
  );
