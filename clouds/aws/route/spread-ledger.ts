import type { SpreadLedger } from '../../../core/ports.ts';
import { readSpreadHistory } from '../../../core/route/spread.ts';
import type { AwsAccess } from '../client.ts';
import { spreadKey } from '../ledger/ledger-items.ts';
import { makeVersionedText } from '../ledger/versioned-text.ts';

/** The measurements of each workload's edge, one item of the ledger's table, of some 7 KB after ninety days. */
export function makeSpreadLedger(options: AwsAccess & { readonly tableName: string }): SpreadLedger {
  const texts = makeVersionedText(options);
  return {
    async read(workload) {
      const { text, version } = await texts.read(spreadKey(workload));
      return { history: text === null ? null : readSpreadHistory(text), version };
    },
    write: (workload, history, version) => texts.write(spreadKey(workload), JSON.stringify(history), version),
  };
}
