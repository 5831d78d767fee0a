import { DynamoDbError, validation } from './dynamodb-errors.ts';
import { parseItem, typed, type AttributeValue, type Item } from './dynamodb-value.ts';
import { UnexpectedCall } from '../wire/wire-shape.ts';

/** One attribute of a primary key. */
export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

/** One table; `items` is the truth and may be read, and in tests written, by anybody. */
export interface DynamoTable {
  readonly name: string;
  readonly partitionKey: KeyAttribute;
  readonly sortKey: KeyAttribute | null;
  /** By the text that `keyText` makes of the key. */
  readonly items: Map<string, Item>;
}

/** Everything that the simulated DynamoDB of one Region knows. */
export interface DynamoDbState {
  readonly region: string;
  readonly tables: Map<string, DynamoTable>;
  /** Transactions that went through, by their ClientRequestToken, so that a repeated one is not done twice. */
  readonly transactions: Map<string, { readonly fingerprint: string; readonly at: number }>;
}

/** The members of a request, each still to be parsed. */
export type Members = Readonly<Record<string, unknown>>;

/** An empty Region with these tables. */
export function makeDynamoDbState(
  region: string,
  tables: readonly Omit<DynamoTable, 'items'>[],
): DynamoDbState {
  return {
    region,
    tables: new Map(tables.map((table) => [table.name, { ...table, items: new Map() }])),
    transactions: new Map(),
  };
}

/** @throws UnexpectedCall on a member that this simulation does not act on: ignoring it would be a silent lie. */
export function membersOf(raw: unknown, known: readonly string[]): Members {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw new DynamoDbError('SerializationException', 'Start of structure or map found where not expected.');
  }
  const unknown = Object.keys(raw).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new UnexpectedCall(`the simulated DynamoDB does not know ${unknown.join(', ')} here`);
  return Object.fromEntries(Object.entries(raw));
}

/** A member that is text, or undefined where it is not given. */
export function textMember(members: Members, name: string): string | undefined {
  const value = members[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new DynamoDbError(
    'SerializationException',
    `${typeof value} can not be converted to a String: ${name}`,
  );
}

/** A member that is one of a few words. */
export function choiceMember<T extends string>(
  members: Members,
  name: string,
  choices: readonly [T, ...T[]],
): T {
  const value = textMember(members, name) ?? choices[0];
  const choice = choices.find((candidate) => candidate === value);
  if (choice !== undefined) return choice;
  throw validation(
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must satisfy enum value set: [${choices.join(', ')}]`,
  );
}

/** @throws DynamoDbError where the Region has no such table. */
export function tableOf(state: DynamoDbState, members: Members): DynamoTable {
  const name = textMember(members, 'TableName');
  if (name === undefined)
    throw validation("Value null at 'tableName' failed to satisfy constraint: Member must not be null");
  const table = state.tables.get(name);
  if (table === undefined)
    throw new DynamoDbError('ResourceNotFoundException', 'Requested resource not found');
  return table;
}

const keyAttributes = (table: DynamoTable): KeyAttribute[] =>
  table.sortKey === null ? [table.partitionKey] : [table.partitionKey, table.sortKey];

/** Whether the attribute is part of the key. */
export function isKeyAttribute(table: DynamoTable, name: string): boolean {
  return keyAttributes(table).some((attribute) => attribute.name === name);
}

/** The key alone, out of an item. */
export function keyOf(table: DynamoTable, item: Item): Item {
  return Object.fromEntries(Object.entries(item).filter(([name]) => isKeyAttribute(table, name)));
}

/** One text for one key. */
export function keyText(table: DynamoTable, item: Item): string {
  return JSON.stringify(keyAttributes(table).map(({ name }) => item[name]));
}

const checkKeyValue = (attribute: KeyAttribute, value: AttributeValue): void => {
  if ('S' in value && value.S === '') {
    throw validation(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${attribute.name}`,
    );
  }
};

/** The `Key` of a request: exactly the attributes of the key, each of its type. */
export function parseKey(table: DynamoTable, raw: unknown): Item {
  const key = parseItem(raw);
  const attributes = keyAttributes(table);
  const fits =
    Object.keys(key).length === attributes.length &&
    attributes.every(({ name, type }) => {
      const value = key[name];
      return value !== undefined && typed(value).type === type;
    });
  if (!fits) throw validation('The provided key element does not match the schema');
  for (const attribute of attributes) {
    const value = key[attribute.name];
    if (value !== undefined) checkKeyValue(attribute, value);
  }
  return key;
}

/** The `Item` of a put: it must carry its key. */
export function parsePutItem(table: DynamoTable, raw: unknown): Item {
  const item = parseItem(raw);
  for (const attribute of keyAttributes(table)) {
    const value = item[attribute.name];
    if (value === undefined) {
      throw validation(
        `One or more parameter values were invalid: Missing the key ${attribute.name} in the item`,
      );
    }
    const { type } = typed(value);
    if (type !== attribute.type) {
      throw validation(
        `One or more parameter values were invalid: Type mismatch for key ${attribute.name} expected: ${attribute.type} actual: ${type}`,
      );
    }
    checkKeyValue(attribute, value);
  }
  return item;
}
