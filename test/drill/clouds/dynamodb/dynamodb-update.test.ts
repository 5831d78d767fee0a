import fc from 'fast-check';
import { holds } from '../../../../drill/clouds/dynamodb/dynamodb-evaluate.ts';
import { parseCondition } from '../../../../drill/clouds/dynamodb/dynamodb-expression.ts';
import { Placeholders } from '../../../../drill/clouds/dynamodb/dynamodb-names.ts';
import { applyUpdate, parseUpdate } from '../../../../drill/clouds/dynamodb/dynamodb-update.ts';
import { parseItem, type Item } from '../../../../drill/clouds/dynamodb/dynamodb-value.ts';

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

const update = (text: string, values?: Record<string, unknown>, item: Item = ITEM): Item =>
  applyUpdate(item, parseUpdate(text, new Placeholders(undefined, values)));

describe('an update of an item', () => {
  it.each([
    ['SET epoch = epoch + :v', { N: '1' }, 'epoch', { N: '8' }],
    ['SET epoch = epoch - :v', { N: '0.5' }, 'epoch', { N: '6.5' }],
    ['SET epoch = if_not_exists(epoch, :v) + :v', { N: '1' }, 'epoch', { N: '8' }],
    ['SET fresh = if_not_exists(fresh, :v)', { N: '1' }, 'fresh', { N: '1' }],
    ['SET copied = holder, fresh = :v', { N: '1' }, 'copied', { S: 'execution-7' }],
    ['SET doc.a.b = :v', { N: '2' }, 'doc', { M: { a: { M: { b: { N: '2' } } } } }],
    ['SET steps[1] = :v', { S: 'b' }, 'steps', { L: [{ S: 'a' }, { S: 'b' }, { M: { deep: { S: 'x' } } }] }],
    [
      'SET steps[9] = :v',
      { S: 'b' },
      'steps',
      { L: [{ S: 'a' }, { N: '2' }, { M: { deep: { S: 'x' } } }, { S: 'b' }] },
    ],
    [
      'SET grown = list_append(if_not_exists(grown, :v), :v)',
      { L: [{ S: 'z' }] },
      'grown',
      { L: [{ S: 'z' }, { S: 'z' }] },
    ],
    ['ADD epoch :v', { N: '-2' }, 'epoch', { N: '5' }],
    ['ADD counted :v', { N: '3' }, 'counted', { N: '3' }],
    ['ADD tags :v', { SS: ['red', 'green'] }, 'tags', { SS: ['red', 'blue', 'green'] }],
    ['DELETE tags :v', { SS: ['red', 'green'] }, 'tags', { SS: ['blue'] }],
    ['DELETE tags :v', { SS: ['red', 'blue'] }, 'tags', undefined],
    ['REMOVE holder SET fresh = :v', { N: '1' }, 'holder', undefined],
  ])('%s', (text, value, attribute, expected) => {
    expect(update(text, { ':v': value })[attribute]).toEqual(expected);
  });

  it('removes list elements by the indexes that they had before', () => {
    expect(update('REMOVE steps[0], steps[1]')['steps']).toEqual({ L: [{ M: { deep: { S: 'x' } } }] });
  });

  it('lets every right-hand side see the old item, and leaves that item as it was', () => {
    const item = parseItem({ a: { N: '1' }, b: { N: '2' } });
    expect(update('SET a = b, b = a', undefined, item)).toEqual({ a: { N: '2' }, b: { N: '1' } });
    expect(item).toEqual({ a: { N: '1' }, b: { N: '2' } });
  });

  it.each([
    ['SET a = :v SET b = :v', { N: '1' }, 'The "SET" section can only be used once in an update expression;'],
    ['SET a = :v, a.b = :v', { N: '1' }, 'Two document paths overlap with each other'],
    ['SET a = :v REMOVE a', { N: '1' }, 'Two document paths overlap with each other'],
    ['SET a = absent + :v', { N: '1' }, 'refers to an attribute that does not exist in the item'],
    ['SET a = holder + :v', { N: '1' }, 'An operand in the update expression has an incorrect data type'],
    [
      'SET a = list_append(steps, :v)',
      { N: '1' },
      'An operand in the update expression has an incorrect data type',
    ],
    [
      'SET absent.a = :v',
      { N: '1' },
      'The document path provided in the update expression is invalid for update',
    ],
    [
      'SET holder.a = :v',
      { N: '1' },
      'The document path provided in the update expression is invalid for update',
    ],
    ['SET a = :v + :v + :v', { N: '1' }, 'Syntax error; token: "+"'],
    ['SET a = size(steps) + :v', { N: '1' }, 'Invalid function name; function: size'],
    ['SET if_not_exists(a, :v) = :v', { N: '1' }, 'Syntax error'],
    ['ADD a :v', { S: 'x' }, 'Incorrect operand type for operator or function; operator: ADD'],
    ['ADD holder :v', { N: '1' }, 'An operand in the update expression has an incorrect data type'],
    ['DELETE tags :v', { N: '1' }, 'Incorrect operand type for operator or function; operator: DELETE'],
    ['PUT a = :v', { N: '1' }, 'Syntax error; token: "PUT"'],
    ['SET ttl = :v', { N: '1' }, 'Attribute name is a reserved keyword; reserved keyword: ttl'],
  ])('%s is refused: %s', (text, value, message) => {
    expect(() => update(text, { ':v': value })).toThrow(message);
  });
});

describe('for every item', () => {
  const value = fc.oneof(
    fc.string().map((S) => ({ S })),
    fc.integer().map((n) => ({ N: String(n) })),
    fc.boolean().map((BOOL) => ({ BOOL })),
  );
  const item = fc.dictionary(fc.constantFrom('alpha', 'beta', 'gamma'), value).map((raw) => parseItem(raw));
  const text = fc.constantFrom(
    'alpha = :v',
    'beta <> :v',
    'attribute_exists(gamma)',
    'attribute_not_exists(alpha)',
  );
  const run = (expression: string, over: Item, v: unknown): boolean =>
    holds(parseCondition('ConditionExpression', expression, new Placeholders(undefined, { ':v': v })), over);

  it('NOT negates, and the laws of De Morgan hold', () => {
    fc.assert(
      fc.property(item, text, text, value, (over, left, right, v) => {
        const [a, b] = [run(left, over, v), run(right, over, v)];
        expect(run(`NOT (${left})`, over, v)).toBe(!a);
        expect(run(`NOT (${left} AND ${right})`, over, v)).toBe(!a || !b);
        expect(run(`NOT (${left} OR ${right})`, over, v)).toBe(!a && !b);
      }),
    );
  });

  it('what SET writes, = finds, and REMOVE takes away; nothing else changes', () => {
    fc.assert(
      fc.property(item, value, (before, v) => {
        const after = update('SET alpha = :v', { ':v': v }, before);
        expect(run('alpha = :v', after, v)).toBe(true);
        expect({ ...after, alpha: before['alpha'] }).toEqual({ ...before, alpha: before['alpha'] });
        expect(run('attribute_exists(alpha)', update('REMOVE alpha', undefined, after), v)).toBe(false);
      }),
    );
  });

  it('exactly one of <, = and > holds between two numbers', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (a, b) => {
        const over = parseItem({ alpha: { N: String(a) } });
        const results = ['alpha < :v', 'alpha = :v', 'alpha > :v'].map((one) =>
          run(one, over, { N: String(b) }),
        );
        expect(results.filter(Boolean)).toHaveLength(1);
      }),
    );
  });
});
