import { validation } from './dynamodb-errors.ts';
import { holds } from './dynamodb-evaluate.ts';
import { parseCondition, type Condition } from './dynamodb-expression.ts';
import { Placeholders } from './dynamodb-names.ts';
import { keyOf, keyText, membersOf, parseKey, tableOf, textMember } from './dynamodb-table.ts';
import type { DynamoDbState, DynamoTable, Members } from './dynamodb-table.ts';
import { bytesOf, compareValues, type Item } from './dynamodb-value.ts';

const KNOWN = [
  'TableName',
  'KeyConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ScanIndexForward',
  'Limit',
  'ExclusiveStartKey',
  'ConsistentRead',
];

/** Source: developer guide, "Paginating table query results": a page ends at 1 MB. */
const PAGE_BYTES_MAX = 1024 * 1024;

/** Flattens a chain of ANDs; nothing else may join the conditions of a key. */
const conjuncts = (condition: Condition): readonly Condition[] =>
  condition.kind === 'and' ? [...conjuncts(condition.left), ...conjuncts(condition.right)] : [condition];

const attributeOf = (condition: Condition): string | null => {
  const operand =
    condition.kind === 'compare'
      ? condition.left
      : condition.kind === 'between'
        ? condition.operand
        : condition.kind === 'begins'
          ? condition.path
          : null;
  const [name, ...rest] = operand?.kind === 'path' ? operand.path : [];
  return typeof name === 'string' && rest.length === 0 ? name : null;
};

/** The partition must be equal to one value; the sort key may be compared in every way but `<>`. */
const checkKeyCondition = (table: DynamoTable, condition: Condition): void => {
  const parts = conjuncts(condition);
  const onPartition = parts.filter((part) => attributeOf(part) === table.partitionKey.name);
  const onSort = parts.filter((part) => table.sortKey !== null && attributeOf(part) === table.sortKey.name);
  const [partition] = onPartition;
  if (partition === undefined) {
    throw validation(`Query condition missed key schema element: ${table.partitionKey.name}`);
  }
  if (partition.kind !== 'compare' || partition.comparator !== '=')
    throw validation('Query key condition not supported');
  if (onPartition.length > 1 || onSort.length > 1) {
    throw validation('KeyConditionExpressions must only contain one condition per key');
  }
  const [sort] = onSort;
  if (sort?.kind === 'compare' && sort.comparator === '<>')
    throw validation('Query key condition not supported');
  if (parts.length > onPartition.length + onSort.length) {
    throw validation(
      `Query condition missed key schema element: ${table.sortKey?.name ?? table.partitionKey.name}`,
    );
  }
};

const limitOf = (members: Members): number => {
  const limit = members['Limit'];
  if (limit === undefined) return Infinity;
  if (typeof limit === 'number' && Number.isInteger(limit) && limit >= 1) return limit;
  throw validation(
    `Value '${JSON.stringify(limit)}' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1`,
  );
};

const bySortKey =
  (table: DynamoTable, forward: boolean) =>
  (left: Item, right: Item): number => {
    const name = table.sortKey?.name;
    const [a, b] = name === undefined ? [] : [left[name], right[name]];
    const order = a === undefined || b === undefined ? 0 : (compareValues(a, b) ?? 0);
    return forward ? order : -order;
  };

/** Answers Query: the items of one partition, in the order of the sort key, page by page. */
export function query(state: DynamoDbState, raw: unknown): Record<string, unknown> {
  const members = membersOf(raw, KNOWN);
  const table = tableOf(state, members);
  const text = textMember(members, 'KeyConditionExpression');
  if (text === undefined) {
    throw validation(
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    );
  }
  const placeholders = new Placeholders(
    members['ExpressionAttributeNames'],
    members['ExpressionAttributeValues'],
  );
  const condition = parseCondition('KeyConditionExpression', text, placeholders);
  placeholders.refuseUnused();
  checkKeyCondition(table, condition);
  const order = bySortKey(table, members['ScanIndexForward'] !== false);
  const found = [...table.items.values()].filter((item) => holds(condition, item)).sort(order);
  const start =
    members['ExclusiveStartKey'] === undefined ? null : parseKey(table, members['ExclusiveStartKey']);
  // The start need not exist any more: what counts is what comes after it.
  const rest =
    start === null
      ? found
      : found.filter((item) => order(item, start) > 0 && keyText(table, item) !== keyText(table, start));
  return page(table, rest, limitOf(members));
}

const page = (table: DynamoTable, items: readonly Item[], limit: number): Record<string, unknown> => {
  const taken: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    if (taken.length === limit || bytes >= PAGE_BYTES_MAX) break;
    taken.push(item);
    bytes += bytesOf(item);
  }
  const last = taken.at(-1);
  // As in the real one: a page that is exactly full names a last key even when nothing follows.
  const more = last !== undefined && (taken.length < items.length || taken.length === limit);
  return {
    Items: taken,
    Count: taken.length,
    ScannedCount: taken.length,
    ...(more ? { LastEvaluatedKey: keyOf(table, last) } : {}),
  };
};
