import { Lexer, type Operand, type Path } from './dynamodb-lexer.ts';
import type { Placeholders } from './dynamodb-names.ts';
import { compareValues, typed, type AttributeValue } from './dynamodb-value.ts';

/*
 * Condition and key condition expressions. Grammar and precedence: developer guide, "Condition and filter expressions,
 * operators, and functions"; NOT binds tighter than AND, AND tighter than OR.
 */

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** A parsed condition, its placeholders resolved. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly operand: Condition }
  | {
      readonly kind: 'compare';
      readonly comparator: Comparator;
      readonly left: Operand;
      readonly right: Operand;
    }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly candidates: readonly Operand[] }
  | { readonly kind: 'exists'; readonly path: Path; readonly wanted: boolean }
  | { readonly kind: 'type'; readonly path: Path; readonly type: string }
  | { readonly kind: 'begins' | 'contains'; readonly path: Operand; readonly part: Operand };

const COMPARATORS: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=']);
const FUNCTIONS: ReadonlySet<string> = new Set([
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
]);
const TYPES: ReadonlySet<string> = new Set(['S', 'SS', 'N', 'NS', 'B', 'BS', 'BOOL', 'NULL', 'L', 'M']);
const IN_MAX = 100;

const isComparator = (token: string): token is Comparator => COMPARATORS.has(token);

/** @throws DynamoDbError (ValidationException) with what is wrong with the expression. */
export function parseCondition(expression: string, text: string, placeholders: Placeholders): Condition {
  const lexer = new Lexer(expression, text, placeholders);
  const condition = parseOr(lexer);
  lexer.end();
  return condition;
}

const parseOr = (lexer: Lexer): Condition => {
  let left = parseAnd(lexer);
  while (lexer.accept('OR')) left = { kind: 'or', left, right: parseAnd(lexer) };
  return left;
};

const parseAnd = (lexer: Lexer): Condition => {
  let left = parseNot(lexer);
  while (lexer.accept('AND')) left = { kind: 'and', left, right: parseNot(lexer) };
  return left;
};

const parseNot = (lexer: Lexer): Condition => {
  if (lexer.accept('NOT')) return { kind: 'not', operand: parseNot(lexer) };
  if (!lexer.accept('(')) return parsePredicate(lexer);
  const start = lexer.offset;
  const inner = parseOr(lexer);
  // `((a) OR b)` is fine, `((a OR b))` is not: the inner pair spans the whole of the outer one.
  if (lexer.peek() === ')' && spansFrom(lexer, start)) {
    throw lexer.invalid('The expression has redundant parentheses;');
  }
  lexer.expect(')');
  return inner;
};

/** Whether the pair of parentheses that ends just before here began at `start`: then no operator joins it to anything. */
const spansFrom = (lexer: Lexer, start: number): boolean => {
  let depth = 0;
  for (let back = -1; lexer.offset + back >= start; back -= 1) {
    const token = lexer.peek(back);
    if (token === ')') depth += 1;
    if (token === '(') depth -= 1;
    if (depth === 0) return lexer.offset + back === start;
  }
  return false;
};

const parsePredicate = (lexer: Lexer): Condition => {
  const head = lexer.peek();
  if (head !== undefined && lexer.peek(1) === '(' && head !== 'size') {
    if (FUNCTIONS.has(head)) return parseFunction(lexer, lexer.next());
    if (/^[A-Za-z_]/.test(head)) throw lexer.invalid(`Invalid function name; function: ${head}`);
  }
  const left = parseOperand(lexer);
  if (lexer.accept('BETWEEN')) {
    const low = parseOperand(lexer);
    lexer.expect('AND');
    const high = parseOperand(lexer);
    refuseEmptyRange(lexer, low, high);
    return { kind: 'between', operand: left, low, high };
  }
  if (lexer.accept('IN')) return { kind: 'in', operand: left, candidates: parseList(lexer) };
  const comparator = lexer.peek();
  if (comparator === undefined || !isComparator(comparator)) throw lexer.syntaxError();
  lexer.next();
  const right = parseOperand(lexer);
  refuseSameOperand(lexer, comparator, [left, right]);
  if (comparator !== '=' && comparator !== '<>') refuseUnordered(lexer, comparator, [left, right]);
  return { kind: 'compare', comparator, left, right };
};

const parseOperand = (lexer: Lexer): Operand => {
  if (lexer.peek() !== 'size' || lexer.peek(1) !== '(') return lexer.operand();
  lexer.next();
  lexer.expect('(');
  const path = lexer.path();
  lexer.expect(')');
  return { kind: 'size', path };
};

const parseList = (lexer: Lexer): Operand[] => {
  lexer.expect('(');
  const candidates = [parseOperand(lexer)];
  while (lexer.accept(',')) candidates.push(parseOperand(lexer));
  lexer.expect(')');
  if (candidates.length > IN_MAX) throw lexer.invalid(`The IN operator is provided with too many operands`);
  return candidates;
};

const parseFunction = (lexer: Lexer, name: string): Condition => {
  lexer.expect('(');
  const first = parseOperand(lexer);
  const second = lexer.accept(',') ? parseOperand(lexer) : null;
  lexer.expect(')');
  const unary = name === 'attribute_exists' || name === 'attribute_not_exists';
  if ((second === null) !== unary) {
    throw lexer.invalid(
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${second === null ? 1 : 2}`,
    );
  }
  if (first.kind !== 'path') {
    throw lexer.invalid(`Operator or function requires a document path; operator or function: ${name}`);
  }
  if (second === null) return { kind: 'exists', path: first.path, wanted: name === 'attribute_exists' };
  if (name === 'attribute_type') return { kind: 'type', path: first.path, type: typeNameOf(lexer, second) };
  refuseSameOperand(lexer, name, [first, second]);
  if (name === 'contains') return { kind: 'contains', path: first, part: second };
  if (second.kind === 'value' && !('S' in second.value) && !('B' in second.value)) {
    throw incorrectType(lexer, name, second.value);
  }
  return { kind: 'begins', path: first, part: second };
};

const typeNameOf = (lexer: Lexer, operand: Operand): string => {
  const name = operand.kind === 'value' && 'S' in operand.value ? operand.value.S : null;
  if (name === null || !TYPES.has(name)) {
    throw lexer.invalid(
      `Invalid attribute type name found; type: ${name ?? 'not a string'}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`,
    );
  }
  return name;
};

const incorrectType = (lexer: Lexer, operator: string, value: AttributeValue): Error =>
  lexer.invalid(
    `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${typed(value).type}`,
  );

const refuseUnordered = (lexer: Lexer, operator: string, operands: readonly Operand[]): void => {
  for (const operand of operands) {
    if (operand.kind === 'value' && compareValues(operand.value, operand.value) === null) {
      throw incorrectType(lexer, operator, operand.value);
    }
  }
};

const refuseSameOperand = (lexer: Lexer, operator: string, operands: readonly [Operand, Operand]): void => {
  const [left, right] = operands;
  if (left.kind !== 'path' || right.kind !== 'path' || left.path.join('.') !== right.path.join('.')) return;
  throw lexer.invalid(
    `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: [${left.path.join(', ')}]`,
  );
};

const refuseEmptyRange = (lexer: Lexer, low: Operand, high: Operand): void => {
  refuseUnordered(lexer, 'BETWEEN', [low, high]);
  if (low.kind !== 'value' || high.kind !== 'value') return;
  const order = compareValues(low.value, high.value);
  if (order === null)
    throw lexer.invalid('The BETWEEN operator requires same data type for lower and upper bounds');
  if (order > 0) {
    throw lexer.invalid(
      'The BETWEEN operator requires upper bound to be greater than or equal to lower bound',
    );
  }
};
