import { RouteContended } from '../../../core/errors.ts';
import { parkedText, readParked, type ParkedRecords } from '../../../core/standby/parked.ts';
import type { AwsAccess } from '../client.ts';
import { parkedKey } from '../ledger/ledger-items.ts';
import { makeVersionedText } from '../ledger/versioned-text.ts';

/** Three write here at most: a run, a person and the standing look. */
const ATTEMPTS_MAX = 5;

/** What is remembered of each parked standby, one item of the ledger's table. */
export function makeParkedLedger(options: AwsAccess & { readonly tableName: string }): ParkedRecords {
  const texts = makeVersionedText(options);
  return {
    async read(workload) {
      const { text } = await texts.read(parkedKey(workload));
      return text === null ? null : readParked(text);
    },
    async change(workload, change) {
      for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
        const { text, version } = await texts.read(parkedKey(workload));
        const after = change(text === null ? null : readParked(text));
        if (await texts.write(parkedKey(workload), parkedText(after), version)) return;
      }
      throw new RouteContended(
        `What is remembered of the parked standby of ${workload} was written by somebody else ${ATTEMPTS_MAX} times in a row. The step is repeated.`,
      );
    },
  };
}
