import { validation } from './dynamodb-errors.ts';

/*
 * DynamoDB numbers: decimals of up to 38 significant digits, exact. JavaScript's own numbers would round an epoch in
 * nanoseconds, so the arithmetic is done on big integers.
 */

const DIGITS_MAX = 38;
const MAGNITUDE_MAX = 125;
const MAGNITUDE_MIN = -130;

/** value = mantissa * 10^exponent; the mantissa ends in no zero, zero is 0 * 10^0. */
interface Decimal {
  readonly mantissa: bigint;
  readonly exponent: number;
}

const normalised = (mantissa: bigint, exponent: number): Decimal => {
  if (mantissa === 0n) return { mantissa: 0n, exponent: 0 };
  let [digits, power] = [mantissa, exponent];
  while (digits % 10n === 0n) {
    digits /= 10n;
    power += 1;
  }
  return { mantissa: digits, exponent: power };
};

const parse = (text: string): Decimal => {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text);
  const [, sign = '', whole = '', fraction = '', power = '0'] = match ?? [];
  if (match === null || whole + fraction === '') {
    throw validation(`The parameter cannot be converted to a numeric value: ${text}`);
  }
  const mantissa = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  return checked(normalised(mantissa, Number(power) - fraction.length));
};

const checked = (decimal: Decimal): Decimal => {
  if (decimal.mantissa === 0n) return decimal;
  const digits = decimal.mantissa.toString().replace('-', '').length;
  if (digits > DIGITS_MAX)
    throw validation('Attempting to store more than 38 significant digits in a Number');
  const magnitude = digits - 1 + decimal.exponent;
  if (magnitude > MAGNITUDE_MAX) {
    throw validation(
      'Number overflow. Attempting to store a number with magnitude larger than supported range',
    );
  }
  if (magnitude < MAGNITUDE_MIN) {
    throw validation(
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    );
  }
  return decimal;
};

const format = ({ mantissa, exponent }: Decimal): string => {
  if (exponent >= 0) return (mantissa * 10n ** BigInt(exponent)).toString();
  const sign = mantissa < 0n ? '-' : '';
  const digits = mantissa
    .toString()
    .replace('-', '')
    .padStart(1 - exponent, '0');
  return `${sign}${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
};

/** Two mantissas over the smaller of the two exponents. */
const aligned = (left: Decimal, right: Decimal): { left: bigint; right: bigint; exponent: number } => {
  const exponent = Math.min(left.exponent, right.exponent);
  return {
    left: left.mantissa * 10n ** BigInt(left.exponent - exponent),
    right: right.mantissa * 10n ** BigInt(right.exponent - exponent),
    exponent,
  };
};

/** The one spelling that DynamoDB gives back for a number. */
export function canonicalNumber(text: string): string {
  return format(parse(text));
}

/** Negative, zero or positive, as a sort wants it. */
export function compareNumbers(left: string, right: string): number {
  const pair = aligned(parse(left), parse(right));
  if (pair.left === pair.right) return 0;
  return pair.left < pair.right ? -1 : 1;
}

/** Sum or difference, exact. */
export function calculate(left: string, operator: '+' | '-', right: string): string {
  const pair = aligned(parse(left), parse(right));
  const mantissa = operator === '+' ? pair.left + pair.right : pair.left - pair.right;
  return format(checked(normalised(mantissa, pair.exponent)));
}
