import { makeTurnLedger } from '../../clouds/aws/ledger/turn-ledger.ts';
import type { TurnLedger } from '../../core/ports.ts';
import type { Runtime } from '../runtime.ts';

export const turnsOf = (runtime: Runtime): TurnLedger =>
  makeTurnLedger({ ...runtime.aws, tableName: runtime.resources.ledgerTable });
