import { makeDataLedger } from '../../clouds/aws/data/data-ledger.ts';
import { makeDataStore, type DataStoreOptions } from '../../clouds/azure/data/data-store.ts';
import { makeHomeStore } from '../../clouds/azure/data/home-store.ts';
import { makeLagProbe } from '../../clouds/data/lag-probe.ts';
import { workloadOf } from '../../core/config/parse.ts';
import type { DataReports, DataStore, HomeStore, LagProbe } from '../../core/data/ports.ts';
import { InvalidInput } from '../../core/errors.ts';
import type { Runtime } from '../runtime.ts';
import { azureCredentialOf, httpClientOf, perWorkload } from './azure.ts';

/** Where the store of a workload is, and who asks. */
function storeOptionsOf(runtime: Runtime, workload: string): DataStoreOptions {
  const { data } = workloadOf(runtime.config, workload);
  if (data.mode === 'none') {
    throw new InvalidInput('The store of the data', [
      `workloads.${workload}.data.mode: got "none", expected "dump" or "ship": nothing is in a store`,
    ]);
  }
  return {
    account: data.account,
    workload,
    credential: azureCredentialOf(runtime, workload),
    clock: runtime.clock,
    ...httpClientOf(runtime),
  };
}

/** The store of each workload that has one. */
export const dataStoreOf = (runtime: Runtime): ((workload: string) => DataStore) =>
  perWorkload((workload) => makeDataStore(storeOptionsOf(runtime, workload)));

/** The orders of the way home of each workload that has a store. */
export const homeStoreOf = (runtime: Runtime): ((workload: string) => HomeStore) =>
  perWorkload((workload) => makeHomeStore(storeOptionsOf(runtime, workload)));

export const dataReportsOf = (runtime: Runtime): DataReports =>
  makeDataLedger({ ...runtime.aws, tableName: runtime.resources.ledgerTable });

export const lagProbeOf = (runtime: Runtime): LagProbe =>
  makeLagProbe({
    clock: runtime.clock,
    ...(runtime.fetch === undefined ? {} : { fetch: runtime.fetch }),
  });
