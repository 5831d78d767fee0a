import { makeWatchLedger } from '../../clouds/aws/watch/watch-ledger.ts';
import type { WatchMemories } from '../../core/ports.ts';
import type { Runtime } from '../runtime.ts';

export const memoriesOf = (runtime: Runtime): WatchMemories =>
  makeWatchLedger({ ...runtime.aws, tableName: runtime.resources.ledgerTable });
