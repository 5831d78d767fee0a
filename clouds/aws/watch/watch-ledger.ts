import type { WatchMemories } from '../../../core/ports.ts';
import { memoryOf, memoryText } from '../../../core/watch/memory-text.ts';
import type { AwsAccess } from '../client.ts';
import { watchKey } from '../ledger/ledger-items.ts';
import { makeVersionedText } from '../ledger/versioned-text.ts';

/** What the watch remembers of each workload, one item of the ledger's table. */
export function makeWatchLedger(options: AwsAccess & { readonly tableName: string }): WatchMemories {
  const texts = makeVersionedText(options);
  return {
    async read(workload) {
      const { text, version } = await texts.read(watchKey(workload));
      // A memory of an older shape counts as none: the watch learns anew, within minutes.
      return { memory: text === null ? null : memoryOf(text), version };
    },
    write: (workload, memory, version) => texts.write(watchKey(workload), memoryText(memory), version),
  };
}
