import { validation } from './dynamodb-errors.ts';
import type { Comparator, Condition } from './dynamodb-expression.ts';
import type { Operand, Path } from './dynamodb-lexer.ts';
import {
  compareValues,
  equalValues,
  sizeOf,
  typed,
  type AttributeValue,
  type Item,
} from './dynamodb-value.ts';

const child = (container: AttributeValue, step: string | number): AttributeValue | undefined => {
  const { type, value } = typed(container);
  if (typeof step === 'number') return type === 'L' ? value[step] : undefined;
  return type === 'M' && Object.hasOwn(value, step) ? value[step] : undefined;
};

/** What a path finds in an item, or undefined. */
export function resolve(item: Item, path: Path): AttributeValue | undefined {
  let current: AttributeValue | undefined = { M: item };
  for (const step of path) {
    if (current === undefined) return undefined;
    current = child(current, step);
  }
  return current;
}

const valueOf = (item: Item, operand: Operand): AttributeValue | undefined => {
  if (operand.kind === 'value') return operand.value;
  const found = resolve(item, operand.path);
  if (operand.kind === 'path' || found === undefined) return found;
  const size = sizeOf(found);
  if (size === null)
    throw validation('Invalid ConditionExpression: Incorrect operand type for operator or function: size');
  return { N: String(size) };
};

const compares = (
  comparator: Comparator,
  left: AttributeValue | undefined,
  right: AttributeValue | undefined,
): boolean => {
  // An attribute that is not there differs from everything and is neither more nor less than anything.
  if (left === undefined || right === undefined) return comparator === '<>';
  if (comparator === '=') return equalValues(left, right);
  if (comparator === '<>') return !equalValues(left, right);
  const order = compareValues(left, right);
  if (order === null) return false;
  if (comparator === '<') return order < 0;
  if (comparator === '<=') return order <= 0;
  return comparator === '>' ? order > 0 : order >= 0;
};

const beginsWith = (whole: AttributeValue | undefined, part: AttributeValue | undefined): boolean => {
  if (whole === undefined || part === undefined) return false;
  if ('S' in whole && 'S' in part) return whole.S.startsWith(part.S);
  if (!('B' in whole) || !('B' in part)) return false;
  const bytes = Buffer.from(part.B, 'base64');
  return Buffer.from(whole.B, 'base64').subarray(0, bytes.length).equals(bytes);
};

const contains = (whole: AttributeValue | undefined, part: AttributeValue | undefined): boolean => {
  if (whole === undefined || part === undefined) return false;
  if ('S' in whole) return 'S' in part && whole.S.includes(part.S);
  if ('B' in whole)
    return 'B' in part && Buffer.from(whole.B, 'base64').includes(Buffer.from(part.B, 'base64'));
  if ('SS' in whole) return 'S' in part && whole.SS.includes(part.S);
  if ('NS' in whole) return 'N' in part && whole.NS.includes(part.N);
  if ('BS' in whole) return 'B' in part && whole.BS.includes(part.B);
  return 'L' in whole && whole.L.some((element) => equalValues(element, part));
};

/** Whether the condition holds for an item; an item that does not exist is the empty one. */
export function holds(condition: Condition, item: Item): boolean {
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, item) && holds(condition.right, item);
    case 'or':
      return holds(condition.left, item) || holds(condition.right, item);
    case 'not':
      return !holds(condition.operand, item);
    case 'compare':
      return compares(condition.comparator, valueOf(item, condition.left), valueOf(item, condition.right));
    case 'between': {
      const value = valueOf(item, condition.operand);
      return (
        compares('>=', value, valueOf(item, condition.low)) &&
        compares('<=', value, valueOf(item, condition.high))
      );
    }
    case 'in': {
      const value = valueOf(item, condition.operand);
      return condition.candidates.some((candidate) => compares('=', value, valueOf(item, candidate)));
    }
    case 'exists':
      return (resolve(item, condition.path) !== undefined) === condition.wanted;
    case 'type': {
      const found = resolve(item, condition.path);
      return found !== undefined && typed(found).type === condition.type;
    }
    case 'begins':
      return beginsWith(valueOf(item, condition.path), valueOf(item, condition.part));
    case 'contains':
      return contains(valueOf(item, condition.path), valueOf(item, condition.part));
  }
}
