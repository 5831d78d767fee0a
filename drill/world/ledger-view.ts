import type { DynamoDbState } from '../clouds/dynamodb/dynamodb.ts';
import { LEDGER_TABLE } from '../../core/names.ts';
import { readSpreadHistory, type SpreadHistory } from '../../core/route/spread.ts';
import { keyText } from '../clouds/dynamodb/dynamodb-table.ts';
import type { Item } from '../clouds/dynamodb/dynamodb-value.ts';

type Attributes = Readonly<Record<string, { readonly S?: string } | undefined>>;

/** What the table holds about a workload at the end, read past the controller's own code. */
export function readLedger(
  state: DynamoDbState,
  workload: string,
): { leaseHolder: string | null; recorded: string[] } {
  const items = [...(state.tables.get(LEDGER_TABLE)?.items.values() ?? [])] as unknown as Attributes[];
  const own = items.filter((item) => item['pk']?.S?.endsWith(`#${workload}`) === true);
  const lease = own.find((item) => item['sk']?.S === 'lease');
  const runs = own.flatMap((item) => (item['sk']?.S?.startsWith('run#') === true ? [item['sk'].S] : []));
  return {
    leaseHolder: lease?.['holder']?.S ?? null,
    // The key of a run is run#<start>#<execution>.
    recorded: runs.map((key) => key.split('#')[2] ?? ''),
  };
}

/** What the table holds of the spread of a workload's changes at the end. */
export function readSpread(state: DynamoDbState, workload: string): SpreadHistory | null {
  const items = [...(state.tables.get(LEDGER_TABLE)?.items.values() ?? [])] as unknown as Attributes[];
  const item = items.find((one) => one['pk']?.S === `workload#${workload}` && one['sk']?.S === 'spread');
  return readSpreadHistory(item?.['memory']?.S ?? '');
}

/** Writes what was measured of an edge into the table as the measuring does. */
export function writeSpread(state: DynamoDbState, workload: string, history: SpreadHistory): void {
  const table = state.tables.get(LEDGER_TABLE);
  const item: Item = {
    pk: { S: `workload#${workload}` },
    sk: { S: 'spread' },
    memory: { S: JSON.stringify(history) },
    version: { N: '1' },
  };
  if (table !== undefined) table.items.set(keyText(table, item), item);
}

/** Writes the brake into the table as the command line does. */
export function writeBrake(
  state: DynamoDbState,
  workload: string,
  brake: { readonly on: boolean; readonly owner: string; readonly reason: string },
): void {
  const table = state.tables.get(LEDGER_TABLE);
  const item: Item = {
    pk: { S: `workload#${workload}` },
    sk: { S: 'brake' },
    on: { BOOL: brake.on },
    owner: { S: brake.owner },
    reason: { S: brake.reason },
  };
  if (table !== undefined) table.items.set(keyText(table, item), item);
}
