import { makeDataLedger } from '../../clouds/aws/data/data-ledger.ts';
import { makeDataStore } from '../../clouds/azure/data/data-store.ts';
import { makeLagProbe } from '../../clouds/data/lag-probe.ts';
import { workloadOf } from '../../core/config/parse.ts';
import type { DataReports, DataStore, LagProbe } from '../../core/data/ports.ts';
import { InvalidInput } from '../../core/errors.ts';
import type { Runtime } from '../runtime.ts';
import { azureCredentialOf, httpClientOf, perWorkload } from './azure.ts';

/** The store of each workload that has one. */
export const dataStoreOf = (runtime: Runtime): ((workload: string) => DataStore) =>
  perWorkload((workload) => {
    const { data } = workloadOf(runtime.config, workload);
    if (data.mode === 'none') {
      throw new InvalidInput('The store of the data', [
        `workloads.${workload}.data.mode: got "none", expected "dump" or "ship": nothing is in a store`,
      ]);
    }
    return makeDataStore({
      account: data.account,
      workload,
      credential: azureCredentialOf(runtime, workload),
      clock: runtime.clock,
      ...httpClientOf(runtime),
    });
  });

export const dataReportsOf = (runtime: Runtime): DataReports =>
  makeDataLedger({ ...runtime.aws, tableName: runtime.resources.ledgerTable });

export const lagProbeOf = (runtime: Runtime): LagProbe =>
  makeLagProbe({
    clock: runtime.clock,
    ...(runtime.fetch === undefined ? {} : { fetch: runtime.fetch }),
  });
