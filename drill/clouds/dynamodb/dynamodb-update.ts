import { validation, type DynamoDbError } from './dynamodb-errors.ts';
import { resolve } from './dynamodb-evaluate.ts';
import { Lexer, type Operand, type Path } from './dynamodb-lexer.ts';
import type { Placeholders } from './dynamodb-names.ts';
import { calculate } from './dynamodb-number.ts';
import { typed, type AttributeValue, type Item } from './dynamodb-value.ts';

/* Update expressions: SET, REMOVE, ADD and DELETE. Source: developer guide, "Using update expressions". */

type SetValue =
  | Operand
  | {
      readonly kind: 'arithmetic';
      readonly operator: '+' | '-';
      readonly left: SetValue;
      readonly right: SetValue;
    }
  | { readonly kind: 'ifNotExists'; readonly path: Path; readonly fallback: SetValue }
  | { readonly kind: 'append'; readonly left: SetValue; readonly right: SetValue };

type Action =
  | { readonly clause: 'SET'; readonly path: Path; readonly value: SetValue }
  | { readonly clause: 'REMOVE'; readonly path: Path }
  | { readonly clause: 'ADD' | 'DELETE'; readonly path: Path; readonly value: AttributeValue };

/** A parsed update, its placeholders resolved. */
export type Update = readonly Action[];

const CLAUSES = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const;
const EXPRESSION = 'UpdateExpression';

/** @throws DynamoDbError (ValidationException) with what is wrong with the expression. */
export function parseUpdate(text: string, placeholders: Placeholders): Update {
  const lexer = new Lexer(EXPRESSION, text, placeholders);
  const actions: Action[] = [];
  const seen = new Set<string>();
  while (lexer.peek() !== undefined) {
    const clause = CLAUSES.find((candidate) => lexer.accept(candidate));
    if (clause === undefined) throw lexer.syntaxError();
    if (seen.has(clause)) {
      throw lexer.invalid(`The "${clause}" section can only be used once in an update expression;`);
    }
    seen.add(clause);
    do actions.push(parseAction(lexer, clause));
    while (lexer.accept(','));
  }
  refuseOverlaps(actions.map((action) => action.path));
  return actions;
}

const parseAction = (lexer: Lexer, clause: (typeof CLAUSES)[number]): Action => {
  const path = lexer.path();
  if (clause === 'REMOVE') return { clause, path };
  if (clause === 'SET') {
    lexer.expect('=');
    return { clause, path, value: parseSetValue(lexer) };
  }
  const operand = lexer.operand();
  if (operand.kind !== 'value') throw lexer.syntaxError();
  const { type } = typed(operand.value);
  const isSet = type === 'SS' || type === 'NS' || type === 'BS';
  if (!isSet && (clause === 'DELETE' || type !== 'N')) {
    throw lexer.invalid(
      `Incorrect operand type for operator or function; operator: ${clause}, operand type: ${type}, typeSet: ALLOWED_FOR_${clause}_OPERAND`,
    );
  }
  return { clause, path, value: operand.value };
};

/** One operand, or two joined by a single + or -. */
const parseSetValue = (lexer: Lexer): SetValue => {
  const left = parseSetOperand(lexer);
  const operator = (['+', '-'] as const).find((candidate) => lexer.accept(candidate));
  return operator === undefined
    ? left
    : { kind: 'arithmetic', operator, left, right: parseSetOperand(lexer) };
};

const parseSetOperand = (lexer: Lexer): SetValue => {
  const name = lexer.peek();
  if (lexer.peek(1) !== '(') return lexer.operand();
  if (name !== 'if_not_exists' && name !== 'list_append') {
    throw lexer.invalid(`Invalid function name; function: ${name ?? ''}`);
  }
  lexer.next();
  lexer.expect('(');
  const first = parseSetOperand(lexer);
  lexer.expect(',');
  const second = parseSetOperand(lexer);
  lexer.expect(')');
  if (name === 'list_append') return { kind: 'append', left: first, right: second };
  if (first.kind !== 'path') {
    throw lexer.invalid('Operator or function requires a document path; operator or function: if_not_exists');
  }
  return { kind: 'ifNotExists', path: first.path, fallback: second };
};

const refuseOverlaps = (paths: readonly Path[]): void => {
  const isPrefix = (short: Path, long: Path): boolean => short.every((step, index) => step === long[index]);
  for (const [index, one] of paths.entries()) {
    for (const two of paths.slice(index + 1)) {
      if (!isPrefix(one, two) && !isPrefix(two, one)) continue;
      throw validation(
        `Invalid ${EXPRESSION}: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [${one.join(', ')}], path two: [${two.join(', ')}]`,
      );
    }
  }
};

const wrongType = (): DynamoDbError =>
  validation('An operand in the update expression has an incorrect data type');

/** Every right-hand side sees the item as it was before the update. */
const evaluate = (item: Item, value: SetValue): AttributeValue => {
  switch (value.kind) {
    case 'value':
      return value.value;
    case 'path': {
      const found = resolve(item, value.path);
      if (found !== undefined) return found;
      throw validation('The provided expression refers to an attribute that does not exist in the item');
    }
    case 'size':
      throw validation(
        `Invalid ${EXPRESSION}: The function is not allowed in an update expression; function: size`,
      );
    case 'ifNotExists':
      return resolve(item, value.path) ?? evaluate(item, value.fallback);
    case 'arithmetic': {
      const [left, right] = [evaluate(item, value.left), evaluate(item, value.right)];
      if (!('N' in left) || !('N' in right)) throw wrongType();
      return { N: calculate(left.N, value.operator, right.N) };
    }
    case 'append': {
      const [left, right] = [evaluate(item, value.left), evaluate(item, value.right)];
      if (!('L' in left) || !('L' in right)) throw wrongType();
      return { L: [...left.L, ...right.L] };
    }
  }
};

const added = (old: AttributeValue | undefined, more: AttributeValue): AttributeValue => {
  if (old === undefined) return more;
  if ('N' in old && 'N' in more) return { N: calculate(old.N, '+', more.N) };
  if ('SS' in old && 'SS' in more) return { SS: [...new Set([...old.SS, ...more.SS])] };
  if ('NS' in old && 'NS' in more) return { NS: [...new Set([...old.NS, ...more.NS])] };
  if ('BS' in old && 'BS' in more) return { BS: [...new Set([...old.BS, ...more.BS])] };
  throw wrongType();
};

/** What is left of a set; undefined where nothing is, because DynamoDB keeps no empty set. */
const subtracted = (old: AttributeValue | undefined, less: AttributeValue): AttributeValue | undefined => {
  if (old === undefined) return undefined;
  const [a, b] = [typed(old), typed(less)];
  if (a.type !== b.type || typeof a.value !== 'object' || !Array.isArray(b.value)) throw wrongType();
  const gone = b.value;
  const rest = (a.value as readonly string[]).filter((element) => !gone.includes(element));
  return rest.length === 0 ? undefined : ({ [a.type]: rest } as unknown as AttributeValue);
};

const missingParent = (): DynamoDbError =>
  validation('The document path provided in the update expression is invalid for update');

/** A copy of `container` with `value` at `path`, or without what is there when `value` is undefined. */
const replaced = (
  container: AttributeValue,
  path: Path,
  value: AttributeValue | undefined,
): AttributeValue => {
  const [step, ...rest] = path;
  if (step === undefined) throw missingParent();
  if (typeof step === 'string' && 'M' in container) {
    const { [step]: old, ...others } = container.M;
    const fresh = rest.length === 0 ? value : replacedChild(old, rest, value);
    return { M: fresh === undefined ? others : { ...container.M, [step]: fresh } };
  }
  if (typeof step !== 'number' || !('L' in container)) throw missingParent();
  const elements = [...container.L];
  const fresh = rest.length === 0 ? value : replacedChild(elements[step], rest, value);
  if (fresh === undefined) elements.splice(step, 1);
  // A list has no holes: an index beyond the end appends.
  else elements.splice(Math.min(step, elements.length), 1, fresh);
  return { L: elements };
};

const replacedChild = (
  child: AttributeValue | undefined,
  path: Path,
  value: AttributeValue | undefined,
): AttributeValue => {
  if (child === undefined) throw missingParent();
  return replaced(child, path, value);
};

/** Indices of one list are removed from the end, so that an earlier removal does not move a later one. */
const lastIndexFirst = (left: Action, right: Action): number => {
  const [a, b] = [left.path.at(-1), right.path.at(-1)];
  return typeof a === 'number' && typeof b === 'number' ? b - a : 0;
};

/** The item after the update. The input is left as it is. */
export function applyUpdate(item: Item, update: Update): Item {
  const fresh = update.map((action) => {
    const old = resolve(item, action.path);
    if (action.clause === 'SET') return { action, value: evaluate(item, action.value) };
    if (action.clause === 'ADD') return { action, value: added(old, action.value) };
    return { action, value: action.clause === 'REMOVE' ? undefined : subtracted(old, action.value) };
  });
  const puts = fresh.filter(({ value }) => value !== undefined);
  const removals = fresh.filter(({ value }) => value === undefined);
  removals.sort((left, right) => lastIndexFirst(left.action, right.action));
  let root: AttributeValue = { M: item };
  for (const { action, value } of [...puts, ...removals]) root = replaced(root, action.path, value);
  return 'M' in root ? root.M : item;
}

/** The top-level attributes that an update names. */
export function touchedAttributes(update: Update): readonly string[] {
  return [...new Set(update.map((action) => String(action.path[0])))];
}
