import { holds } from '../../../../drill/clouds/dynamodb/dynamodb-evaluate.ts';
import { parseCondition } from '../../../../drill/clouds/dynamodb/dynamodb-expression.ts';
import { Placeholders } from '../../../../drill/clouds/dynamodb/dynamodb-names.ts';
import { parseItem, type Item } from '../../../../drill/clouds/dynamodb/dynamodb-value.ts';

/*
 * Goal: the evaluator decides as DynamoDB does, because the lease of the controller stands on these decisions. Method: a
 * table of conditions over one item, a table of refusals, and properties over generated values.
 */

const ITEM: Item = parseItem({
  pk: { S: 'w' },
  epoch: { N: '7' },
  holder: { S: 'execution-7' },
  armed: { BOOL: true },
  gone: { NULL: true },
  tags: { SS: ['red', 'blue'] },
  ports: { NS: ['80', '443'] },
  steps: { L: [{ S: 'a' }, { N: '2' }, { M: { deep: { S: 'x' } } }] },
  doc: { M: { a: { M: { b: { N: '1' } } } } },
});

const VALUES = {
  ':7': { N: '7' },
  ':7.0': { N: '7.0' },
  ':text7': { S: '7' },
  ':8': { N: '8' },
  ':10': { N: '10' },
  ':off': { BOOL: false },
  ':on': { BOOL: true },
  ':exec': { S: 'exec' },
  ':red': { S: 'red' },
  ':blueRed': { SS: ['blue', 'red'] },
  ':80': { N: '80' },
  ':x': { S: 'x' },
  ':S': { S: 'S' },
  ':N': { S: 'N' },
  ':2': { N: '2' },
  ':11': { N: '11' },
  ':1': { N: '1' },
};
const NAMES = { '#s': 'status', '#h': 'holder', '#d': 'doc', '#dot': 'a.b' };

const used = (text: string, all: Record<string, unknown>): Record<string, unknown> | undefined => {
  const entries = Object.entries(all).filter(([name]) =>
    new RegExp(`${name.replace('.', '\\.')}(?!\\w|\\.\\d)`).test(text),
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
};
// A placeholder is a word, so the table's readable `:7.0` stands for `:7_0` on the wire.
const wire = (text: string): string => text.replaceAll(':7.0', ':7_0');
const placeholders = (text: string): Placeholders => {
  const values = used(text, VALUES);
  const renamed =
    values && Object.fromEntries(Object.entries(values).map(([name, value]) => [wire(name), value]));
  return new Placeholders(used(text, NAMES), renamed);
};
const decide = (text: string, item: Item = ITEM): boolean =>
  holds(parseCondition('ConditionExpression', wire(text), placeholders(text)), item);

describe('a condition over an item', () => {
  it.each([
    ['epoch = :7', true],
    ['epoch = :7.0', true],
    ['epoch = :text7', false],
    ['epoch = :8', false],
    ['epoch <> :8', true],
    ['epoch <> :7', false],
    ['epoch <> :text7', true],
    ['nowhere <> :7', true],
    ['nowhere = :7', false],
    ['nowhere < :7', false],
    ['nowhere >= :7', false],
    ['epoch < :8', true],
    ['epoch < :7', false],
    ['epoch <= :7', true],
    ['epoch < :10', true],
    ['epoch > :8', false],
    ['epoch >= :7', true],
    ['epoch < :text7', false],
    [':7 = epoch', true],
    ['epoch BETWEEN :7 AND :8', true],
    ['epoch between :8 and :10', false],
    ['nowhere BETWEEN :7 AND :8', false],
    ['epoch IN (:8, :7)', true],
    ['epoch IN (:8, :10)', false],
    ['nowhere IN (:8)', false],
    ['armed = :on', true],
    ['armed = :off', false],
    ['tags = :blueRed', true],
    ['attribute_exists(pk)', true],
    ['attribute_exists(nowhere)', false],
    ['attribute_not_exists(nowhere)', true],
    ['attribute_not_exists(gone)', false],
    ['attribute_exists(doc.a.b)', true],
    ['attribute_exists(doc.a.c)', false],
    ['attribute_exists(steps[1])', true],
    ['attribute_exists(steps[3])', false],
    ['attribute_exists(steps.a)', false],
    ['attribute_exists(#dot)', false],
    ['steps[2].deep = :x', true],
    ['#d.a.b = :1', true],
    ['attribute_type(pk, :S)', true],
    ['attribute_type(pk, :N)', false],
    ['attribute_type(nowhere, :S)', false],
    ['begins_with(#h, :exec)', true],
    ['begins_with(#h, :red)', false],
    ['begins_with(nowhere, :exec)', false],
    ['begins_with(epoch, :exec)', false],
    ['contains(tags, :red)', true],
    ['contains(tags, :exec)', false],
    ['contains(ports, :80)', true],
    ['contains(ports, :7)', false],
    ['contains(#h, :exec)', true],
    ['contains(steps, :2)', true],
    ['contains(steps, :7)', false],
    ['size(#h) = :11', true],
    ['size(tags) = :2', true],
    ['size(steps) > :7', false],
    ['size(nowhere) = :2', false],
    ['NOT epoch = :8', true],
    ['NOT epoch = :7', false],
    ['NOT NOT epoch = :7', true],
    // AND binds tighter than OR, NOT tighter than AND.
    ['epoch = :7 OR epoch = :8 AND epoch = :10', true],
    ['(epoch = :7 OR epoch = :8) AND epoch = :10', false],
    ['NOT epoch = :8 AND epoch = :10', false],
    ['NOT (epoch = :8 AND epoch = :10)', true],
    ['epoch BETWEEN :7 AND :8 AND armed = :on', true],
    ['epoch BETWEEN :7 AND :8 AND armed = :off', false],
    ['(attribute_not_exists(#s) or #s = :7) aNd armed = :on', true],
    ['((epoch = :7) OR (epoch = :8))  AND armed = :on', true],
    ['attribute_not_exists(#s)AND epoch=:7', true],
  ])('%s is %s', (text, expected) => {
    expect(decide(text)).toBe(expected);
  });

  it('sees an item that does not exist as one without attributes', () => {
    expect(decide('attribute_not_exists(pk)', {})).toBe(true);
    expect(decide('attribute_exists(pk)', {})).toBe(false);
  });
});

describe('an expression that DynamoDB refuses', () => {
  it.each([
    ['', 'The expression can not be empty;'],
    ['   ', 'The expression can not be empty;'],
    ['epoch', 'Syntax error; token: "<EOF>"'],
    ['epoch = ', 'Syntax error; token: "<EOF>"'],
    ['epoch == :7', 'Syntax error; token: "="'],
    ['epoch = :7 AND', 'Syntax error; token: "<EOF>"'],
    ['epoch = :7 armed = :on', 'Syntax error; token: "armed"'],
    ['(epoch = :7', 'Syntax error; token: "<EOF>"'],
    ['epoch = 7', 'Syntax error; token: "7"'],
    ["epoch = '7'", 'Syntax error; token: "\'"'],
    ['steps[x] = :7', 'Syntax error'],
    ['epoch IN ()', 'Syntax error; token: ")"'],
    ['((epoch = :7))', 'The expression has redundant parentheses;'],
    ['((epoch = :7) AND armed = :on) OR ((epoch = :8))', 'The expression has redundant parentheses;'],
    ['status = :7', 'Attribute name is a reserved keyword; reserved keyword: status'],
    ['doc.value = :7', 'Attribute name is a reserved keyword; reserved keyword: value'],
    [
      '#missing = :7',
      'An expression attribute name used in the document path is not defined; attribute name: #missing',
    ],
    [
      'epoch = :missing',
      'An expression attribute value used in expression is not defined; attribute value: :missing',
    ],
    ['epoch = epoch', 'The first operand must be distinct from the remaining operands'],
    [
      'armed < :on',
      'Incorrect operand type for operator or function; operator or function: <, operand type: BOOL',
    ],
    [
      'begins_with(#h, :7)',
      'Incorrect operand type for operator or function; operator or function: begins_with',
    ],
    [
      'epoch BETWEEN :8 AND :7',
      'The BETWEEN operator requires upper bound to be greater than or equal to lower bound',
    ],
    ['epoch BETWEEN :7 AND :x', 'The BETWEEN operator requires same data type'],
    [
      'attribute_exists(:7)',
      'Operator or function requires a document path; operator or function: attribute_exists',
    ],
    ['attribute_exists(epoch, armed)', 'Incorrect number of operands for operator or function'],
    ['contains(tags)', 'Incorrect number of operands for operator or function'],
    ['attribute_type(pk, :x)', 'Invalid attribute type name found'],
    ['if_not_exists(epoch, :7)', 'Invalid function name; function: if_not_exists'],
  ])('%s: %s', (text, message) => {
    expect(() => decide(text)).toThrow(message);
  });

  it('names the placeholders that no expression uses', () => {
    const given = new Placeholders({ '#h': 'holder', '#x': 'x' }, { ':7': { N: '7' }, ':y': { N: '1' } });
    parseCondition('ConditionExpression', '#h = :7', given);
    expect(() => given.refuseUnused()).toThrow('ExpressionAttributeNames unused in expressions: keys: {#x}');
    const values = new Placeholders(undefined, { ':7': { N: '7' }, ':y': { N: '1' } });
    parseCondition('ConditionExpression', 'holder = :7', values);
    expect(() => values.refuseUnused()).toThrow(
      'ExpressionAttributeValues unused in expressions: keys: {:y}',
    );
  });

  it.each([
    [{}, undefined, 'ExpressionAttributeNames must not be empty'],
    [{ h: 'holder' }, undefined, 'ExpressionAttributeNames contains invalid key'],
    [undefined, {}, 'ExpressionAttributeValues must not be empty'],
    [undefined, { v: { S: '' } }, 'ExpressionAttributeValues contains invalid key'],
    [undefined, { ':v': {} }, 'must contain exactly one of the supported datatypes'],
    [undefined, { ':v': { S: 'a', N: '1' } }, 'has more than one datatypes set'],
    [undefined, { ':v': { N: 'one' } }, 'cannot be converted to a numeric value: one'],
    [undefined, { ':v': { SS: [] } }, 'may not be empty'],
    [undefined, { ':v': { SS: ['a', 'a'] } }, 'contains duplicates'],
  ])('placeholders %j %j: %s', (names, values, message) => {
    expect(() => new Placeholders(names, values)).toThrow(message);
  });
});
