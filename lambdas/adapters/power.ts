import { makeParkedLedger } from '../../clouds/aws/standby/parked-ledger.ts';
import { makeLifecycle } from '../../clouds/azure/standby/lifecycle.ts';
import { workloadOf } from '../../core/config/parse.ts';
import type { ParkedRecords } from '../../core/standby/parked.ts';
import type { StandbyPower } from '../../core/standby/power.ts';
import { requireAzureStandby } from '../../core/standby/tier.ts';
import type { Runtime } from '../runtime.ts';
import { azureCredentialOf, httpClientOf, perWorkload } from './azure.ts';

/** What starts and stops the standby of each workload. */
export const powerOf = (runtime: Runtime): ((workload: string) => StandbyPower) =>
  perWorkload((workload) =>
    makeLifecycle({
      ...requireAzureStandby(workload, workloadOf(runtime.config, workload)).azure,
      credential: azureCredentialOf(runtime, workload),
      clock: runtime.clock,
      ...httpClientOf(runtime),
    }),
  );

export const parkedRecordsOf = (runtime: Runtime): ParkedRecords =>
  makeParkedLedger({ ...runtime.aws, tableName: runtime.resources.ledgerTable });
