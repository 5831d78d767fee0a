import { makeLedger } from '../../clouds/aws/ledger/ledger.ts';
import type { Ledger } from '../../core/ports.ts';
import type { Runtime } from '../runtime.ts';

export const ledgerOf = (runtime: Runtime): Ledger =>
  makeLedger({ ...runtime.aws, tableName: runtime.resources.ledgerTable, log: runtime.log });
