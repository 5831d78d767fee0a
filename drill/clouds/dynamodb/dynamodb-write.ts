import { conditionFailed, validation } from './dynamodb-errors.ts';
import { holds } from './dynamodb-evaluate.ts';
import { parseCondition, type Condition } from './dynamodb-expression.ts';
import { Placeholders } from './dynamodb-names.ts';
import {
  isKeyAttribute,
  keyText,
  membersOf,
  parseKey,
  parsePutItem,
  tableOf,
  textMember,
} from './dynamodb-table.ts';
import { choiceMember, type DynamoDbState, type DynamoTable, type Members } from './dynamodb-table.ts';
import { applyUpdate, parseUpdate, touchedAttributes } from './dynamodb-update.ts';
import { bytesOf, type Item } from './dynamodb-value.ts';

/** A write of one item, parsed and not yet tried against the table. */
export interface Write {
  readonly table: DynamoTable;
  readonly key: string;
  readonly condition: Condition | null;
  /** Whether an item that fails the condition goes into the answer. */
  readonly showItemOnFailure: boolean;
  /** The item after the write: null where it is gone, the same where it is only looked at. */
  readonly apply: (before: Item | null) => Item | null;
  /** Top-level attributes that an update names; they limit what UPDATED_OLD and UPDATED_NEW answer. */
  readonly touched: readonly string[];
}

export type WriteKind = 'Put' | 'Update' | 'Delete' | 'ConditionCheck';

/** Source: "Quotas in DynamoDB": an item, its attribute names included, is at most 400 KB. */
const ITEM_BYTES_MAX = 400 * 1024;

const COMMON = [
  'TableName',
  'ConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnValuesOnConditionCheckFailure',
];

const KNOWN: Readonly<Record<WriteKind, readonly string[]>> = {
  Put: [...COMMON, 'Item'],
  Update: [...COMMON, 'Key', 'UpdateExpression'],
  Delete: [...COMMON, 'Key'],
  ConditionCheck: [...COMMON, 'Key'],
};

const refuseTooLarge = (item: Item): Item => {
  if (bytesOf(item) <= ITEM_BYTES_MAX) return item;
  throw validation('Item size has exceeded the maximum allowed size');
};

const parseEffect = (
  kind: WriteKind,
  members: Members,
  context: { readonly table: DynamoTable; readonly placeholders: Placeholders },
): Pick<Write, 'key' | 'apply' | 'touched'> => {
  const { table, placeholders } = context;
  if (kind === 'Put') {
    const item = refuseTooLarge(parsePutItem(table, members['Item']));
    return { key: keyText(table, item), apply: () => item, touched: [] };
  }
  const keyItem = parseKey(table, members['Key']);
  const key = keyText(table, keyItem);
  if (kind === 'Delete') return { key, apply: () => null, touched: [] };
  if (kind === 'ConditionCheck') return { key, apply: (before) => before, touched: [] };
  const text = textMember(members, 'UpdateExpression');
  // Without an expression an update creates the bare item, or leaves it as it is.
  const update = text === undefined ? [] : parseUpdate(text, placeholders);
  const touched = touchedAttributes(update);
  const forbidden = touched.find((name) => isKeyAttribute(table, name));
  if (forbidden !== undefined) {
    throw validation(
      `One or more parameter values were invalid: Cannot update attribute ${forbidden}. This attribute is part of the key`,
    );
  }
  return { key, apply: (before) => refuseTooLarge(applyUpdate(before ?? keyItem, update)), touched };
};

/** @throws DynamoDbError (ValidationException) on whatever is wrong with the request itself. */
export function parseWrite(
  state: DynamoDbState,
  kind: WriteKind,
  options: { readonly raw: unknown; readonly alsoKnown: readonly string[] },
): { write: Write; members: Members } {
  const members = membersOf(options.raw, [...KNOWN[kind], ...options.alsoKnown]);
  const table = tableOf(state, members);
  const text = textMember(members, 'ConditionExpression');
  const hasExpression = text !== undefined || members['UpdateExpression'] !== undefined;
  for (const name of ['ExpressionAttributeNames', 'ExpressionAttributeValues']) {
    if (members[name] !== undefined && !hasExpression) {
      throw validation(`${name} can only be specified when using expressions: ConditionExpression is null`);
    }
  }
  if (kind === 'ConditionCheck' && text === undefined) {
    throw validation(
      "Value null at 'conditionExpression' failed to satisfy constraint: Member must not be null",
    );
  }
  const placeholders = new Placeholders(
    members['ExpressionAttributeNames'],
    members['ExpressionAttributeValues'],
  );
  const effect = parseEffect(kind, members, { table, placeholders });
  const condition = text === undefined ? null : parseCondition('ConditionExpression', text, placeholders);
  placeholders.refuseUnused();
  const onFailure = choiceMember(members, 'ReturnValuesOnConditionCheckFailure', ['NONE', 'ALL_OLD']);
  return { write: { table, condition, showItemOnFailure: onFailure === 'ALL_OLD', ...effect }, members };
}

/**
 * What the write would do, without doing it.
 *
 * @throws DynamoDbError where the condition does not hold or the item cannot be updated in this way.
 */
export function tryWrite(write: Write): { before: Item | null; after: Item | null } {
  const before = write.table.items.get(write.key) ?? null;
  if (write.condition !== null && !holds(write.condition, before ?? {})) {
    throw conditionFailed(write.showItemOnFailure ? before : null);
  }
  return { before, after: write.apply(before) };
}

/** Does what `tryWrite` found possible. */
export function commit(write: Write, after: Item | null): void {
  if (after === null) write.table.items.delete(write.key);
  else write.table.items.set(write.key, after);
}
