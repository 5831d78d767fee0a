import type { DynamoDbState } from '../clouds/dynamodb/dynamodb.ts';
import { TABLE } from './clouds.ts';

type Attributes = Readonly<Record<string, { readonly S?: string } | undefined>>;

/** What the table holds about a workload at the end, read past the controller's own code. */
export function readLedger(
  state: DynamoDbState,
  workload: string,
): { leaseHolder: string | null; recorded: string[] } {
  const items = [...(state.tables.get(TABLE)?.items.values() ?? [])] as unknown as Attributes[];
  const own = items.filter((item) => item['pk']?.S?.endsWith(`#${workload}`) === true);
  const lease = own.find((item) => item['sk']?.S === 'lease');
  const runs = own.flatMap((item) => (item['sk']?.S?.startsWith('run#') === true ? [item['sk'].S] : []));
  return {
    leaseHolder: lease?.['holder']?.S ?? null,
    // The key of a run is run#<start>#<execution>.
    recorded: runs.map((key) => key.split('#')[2] ?? ''),
  };
}
