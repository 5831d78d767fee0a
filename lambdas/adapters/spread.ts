import { makeBeaconStore } from '../../clouds/aws/route/beacon-store.ts';
import { makeSpreadLedger } from '../../clouds/aws/route/spread-ledger.ts';
import { workloadOf } from '../../core/config/parse.ts';
import type { BeaconStore, SpreadLedger } from '../../core/ports.ts';
import type { Runtime } from '../runtime.ts';

export const beaconStoreOf = (runtime: Runtime): BeaconStore =>
  makeBeaconStore({
    ...runtime.aws,
    // Only workloads whose edge reads a store are measured.
    storeArnOf: (workload) => workloadOf(runtime.config, workload).edge.keyValueStoreArn ?? '',
  });

export const spreadLedgerOf = (runtime: Runtime): SpreadLedger =>
  makeSpreadLedger({ ...runtime.aws, tableName: runtime.resources.ledgerTable });
