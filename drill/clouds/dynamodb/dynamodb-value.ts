import { canonicalNumber, compareNumbers } from './dynamodb-number.ts';
import { validation } from './dynamodb-errors.ts';

/** One attribute as it is on the wire: exactly one member, named by the type. Binary is base64 text. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly M: Item }
  | { readonly L: readonly AttributeValue[] }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] };

export type Item = Readonly<Record<string, AttributeValue>>;

/** Type and content of a value, in a form that a switch can take apart. */
export type Typed =
  | { type: 'S' | 'N' | 'B'; value: string }
  | { type: 'SS' | 'NS' | 'BS'; value: readonly string[] }
  | { type: 'BOOL' | 'NULL'; value: boolean }
  | { type: 'M'; value: Item }
  | { type: 'L'; value: readonly AttributeValue[] };

export function typed(value: AttributeValue): Typed {
  const [entry] = Object.entries<unknown>(value);
  const [type, content] = entry ?? [];
  return { type, value: content } as Typed;
}

const INVALID = 'One or more parameter values were invalid: ';

const isRecord = (raw: unknown): raw is Record<string, unknown> =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw);

const parseSet = (type: 'SS' | 'NS' | 'BS', raw: unknown): AttributeValue => {
  if (!Array.isArray(raw) || !raw.every((element) => typeof element === 'string')) {
    throw validation(`${INVALID}${type} must be a list of strings`);
  }
  if (raw.length === 0)
    throw validation(`${INVALID}An ${type === 'SS' ? 'string' : 'number'} set  may not be empty`);
  const elements = type === 'NS' ? raw.map(canonicalNumber) : raw;
  if (new Set(elements).size !== elements.length) {
    throw validation(`${INVALID}Input collection [${elements.join(', ')}] contains duplicates.`);
  }
  return { [type]: elements } as unknown as AttributeValue;
};

/**
 * Reads one attribute value as DynamoDB does, numbers in their canonical spelling.
 *
 * @throws DynamoDbError (ValidationException) on anything that is not exactly one value.
 */
export function parseValue(raw: unknown): AttributeValue {
  if (!isRecord(raw))
    throw validation('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  const entries = Object.entries(raw);
  const [entry] = entries;
  if (entry === undefined) {
    throw validation('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  if (entries.length > 1) {
    throw validation(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  const [type, content] = entry;
  if ((type === 'S' || type === 'B') && typeof content === 'string')
    return { [type]: content } as AttributeValue;
  if (type === 'N' && typeof content === 'string') return { N: canonicalNumber(content) };
  if (type === 'BOOL' && typeof content === 'boolean') return { BOOL: content };
  if (type === 'NULL') {
    if (content !== true)
      throw validation(`${INVALID}Null attribute value types must have the value of true`);
    return { NULL: true };
  }
  if (type === 'SS' || type === 'NS' || type === 'BS') return parseSet(type, content);
  if (type === 'L' && Array.isArray(content)) return { L: content.map(parseValue) };
  if (type === 'M') return { M: parseItem(content) };
  throw validation(`Supplied AttributeValue has an unknown or malformed datatype ${type}`);
}

/** Reads a map of attributes. */
export function parseItem(raw: unknown): Item {
  if (!isRecord(raw)) throw validation(`${INVALID}expected a map of attribute values, got ${typeof raw}`);
  return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, parseValue(value)]));
}

/** Equal in type and content; the order in a set does not matter, in a list it does. */
export function equalValues(left: AttributeValue, right: AttributeValue): boolean {
  const [a, b] = [typed(left), typed(right)];
  if (a.type !== b.type) return false;
  if (
    (a.type === 'SS' || a.type === 'NS' || a.type === 'BS') &&
    (b.type === 'SS' || b.type === 'NS' || b.type === 'BS')
  ) {
    return a.value.length === b.value.length && a.value.every((element) => b.value.includes(element));
  }
  if (a.type === 'L' && b.type === 'L') {
    const others = b.value;
    return (
      a.value.length === others.length &&
      a.value.every((element, index) => {
        const other = others[index];
        return other !== undefined && equalValues(element, other);
      })
    );
  }
  if (a.type === 'M' && b.type === 'M') {
    const others = b.value;
    return (
      Object.keys(a.value).length === Object.keys(others).length &&
      Object.entries(a.value).every(([name, element]) => {
        const other = others[name];
        return other !== undefined && equalValues(element, other);
      })
    );
  }
  return a.value === b.value;
}

/** Order of two strings, numbers or binaries; null where the types differ or have no order. */
export function compareValues(left: AttributeValue, right: AttributeValue): number | null {
  if ('N' in left && 'N' in right) return compareNumbers(left.N, right.N);
  // Strings are ordered by their UTF-8 bytes, which is not the order of JavaScript's UTF-16 units.
  if ('S' in left && 'S' in right) return Buffer.compare(Buffer.from(left.S), Buffer.from(right.S));
  if ('B' in left && 'B' in right)
    return Buffer.compare(Buffer.from(left.B, 'base64'), Buffer.from(right.B, 'base64'));
  return null;
}

/** What the function `size` answers; null for the types that have none. */
export function sizeOf(value: AttributeValue): number | null {
  const { type, value: content } = typed(value);
  if (type === 'S') return content.length;
  if (type === 'B') return Buffer.from(content, 'base64').length;
  if (type === 'SS' || type === 'NS' || type === 'BS' || type === 'L') return content.length;
  return type === 'M' ? Object.keys(content).length : null;
}

/** Bytes that an item counts with. Source: developer guide, "DynamoDB item sizes and formats". */
export function bytesOf(item: Item): number {
  const one = (value: AttributeValue): number => {
    const { type, value: content } = typed(value);
    if (type === 'S') return Buffer.byteLength(content);
    if (type === 'B') return Buffer.from(content, 'base64').length;
    if (type === 'N') return Math.ceil(content.replaceAll(/[-.]/g, '').length / 2) + 1;
    if (type === 'SS' || type === 'NS' || type === 'BS')
      return content.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    if (type === 'L') return content.reduce((sum, element) => sum + one(element) + 1, 3);
    return type === 'M' ? bytesOf(content) + Object.keys(content).length + 3 : 1;
  };
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + one(value), 0);
}
