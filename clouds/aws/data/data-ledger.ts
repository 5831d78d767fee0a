import type { DataReports } from '../../../core/data/ports.ts';
import { readReport, reportText } from '../../../core/data/report.ts';
import type { AwsAccess } from '../client.ts';
import { dataKey } from '../ledger/ledger-items.ts';
import { makeVersionedText } from '../ledger/versioned-text.ts';

/** The newest report on the data of each workload, one item of the ledger's table. */
export function makeDataLedger(options: AwsAccess & { readonly tableName: string }): DataReports {
  const texts = makeVersionedText(options);
  return {
    async read(workload) {
      const { text } = await texts.read(dataKey(workload));
      return text === null ? null : readReport(text);
    },
    async write(workload, report) {
      const { text, version } = await texts.read(dataKey(workload));
      const known = text === null ? null : readReport(text);
      // Two measurements overlap where one was slow: the newer one stays. Who wrote in between was newer too.
      if (known !== null && known.measuredAt > report.measuredAt) return;
      await texts.write(dataKey(workload), reportText(report), version);
    },
  };
}
