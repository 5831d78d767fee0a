import fc from 'fast-check';
import {
  calculate,
  canonicalNumber,
  compareNumbers,
} from '../../../../drill/clouds/dynamodb/dynamodb-number.ts';
import { bytesOf, parseItem } from '../../../../drill/clouds/dynamodb/dynamodb-value.ts';

describe('DynamoDB numbers', () => {
  it.each([
    ['1.50', '1.5'],
    ['-0', '0'],
    ['007', '7'],
    ['1e3', '1000'],
    ['.5', '0.5'],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ['1E-3', '0.001'],
    ['-1200.00', '-1200'],
  ])('%s is %s', (text, expected) => {
    expect(canonicalNumber(text)).toBe(expected);
  });

  it.each([
    '',
    'x',
    '1.2.3',
    '0x10',
    ' 1',
    'Infinity',
    '123456789012345678901234567890123456789',
    '1e126',
    '1e-131',
  ])('refuses %j', (text) => {
    expect(() => canonicalNumber(text)).toThrow();
  });

  it('are exact where JavaScript is not', () => {
    expect(calculate('0.1', '+', '0.2')).toBe('0.3');
    expect(calculate('9007199254740993', '+', '1')).toBe('9007199254740994');
    expect(calculate('1', '-', '1.00')).toBe('0');
  });

  it('add and subtract back to the same number, and are ordered like integers', () => {
    const integer = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
    fc.assert(
      fc.property(integer, integer, (a, b) => {
        const sum = calculate(String(a), '+', String(b));
        expect(sum).toBe(String(a + b));
        expect(calculate(sum, '-', String(b))).toBe(String(a));
        expect(Math.sign(compareNumbers(String(a), String(b)))).toBe(a === b ? 0 : a < b ? -1 : 1);
      }),
    );
  });
});

it('an item weighs its names and its values', () => {
  expect(bytesOf(parseItem({ pk: { S: 'abc' }, n: { N: '12345' }, b: { BOOL: true } }))).toBe(
    2 + 3 + 1 + 4 + 1 + 1,
  );
});
