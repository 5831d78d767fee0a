import type { z } from 'zod';
import { bounded } from './bounds.ts';
import { didYouMean } from './nearest.ts';

/** Longest rendering of a value in a problem's text; secrets do not belong in any of the inputs that use this. */
const VALUE_LENGTH_MAX = 80;
/** A name of a field may be as long as its input. */
const PATH_LENGTH_MAX = 160;

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/**
 * A value as a message may repeat it: as JSON, never longer than a line, and without the user and the password that an
 * address may carry.
 */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  // JSON writes null for Infinity and NaN, which YAML can hold.
  if (typeof value === 'number') return String(value);
  const text = jsonOf(value).replaceAll(/\/\/[^/?#@\s"]*@/g, '//***@');
  return text.length > VALUE_LENGTH_MAX ? `${text.slice(0, VALUE_LENGTH_MAX)}…` : text;
}

/** YAML may hold what JSON does not: an alias to its own parent. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return 'something that contains itself';
  }
}

const pathText = (path: readonly PropertyKey[]): string =>
  path.length === 0 ? '(the whole)' : bounded(path.join('.'), PATH_LENGTH_MAX);

/** The names of the fields that there are at a path. */
type Fields = (path: readonly PropertyKey[]) => readonly string[];

function describeIssue(issue: z.core.$ZodIssue, input: unknown, fields: Fields): string[] {
  const got = (path: readonly PropertyKey[]): string =>
    `${pathText(path)}: got ${shown(valueAt(input, path))}`;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(
      (key) =>
        `${got([...issue.path, key])}, an unknown field: remove it or correct its spelling` +
        didYouMean(key, fields(issue.path)),
    );
  }
  const names =
    issue.code === 'invalid_value'
      ? issue.values.filter((name) => typeof name === 'string')
      : discriminators(issue.message);
  // Where only one word is right, it has been said.
  const near = names.length === 1 ? '' : didYouMean(valueAt(input, issue.path), names);
  return [`${got(issue.path)}, expected ${expectation(issue)}${near}`];
}

/** The words that tell several shapes apart, where none of them was given: the library names them in its message alone. */
const discriminators = (message: string): string[] =>
  message.startsWith('Invalid discriminator value.')
    ? [...message.matchAll(/'(?<word>[^']*)'/g)].map(({ groups }) => groups?.['word'] ?? '')
    : [];

/** The schema library words its messages as "Invalid input: expected string, received number"; we say got and expected. */
function expectation(issue: z.core.$ZodIssue): string {
  const { message } = issue;
  const words = discriminators(message);
  if (words.length > 0) return `one of ${words.map((word) => `"${word}"`).join('|')}`;
  const expected = /^(?:[A-Z][a-z ]*: )?expected (?<what>.*?)(?:, received .*)?$/s.exec(message)?.groups?.[
    'what'
  ];
  if (expected !== undefined) return expected === 'record' ? 'object' : expected;
  return message
    .replace(/^Invalid string: must match pattern /, 'text that matches ')
    .replace(/^Invalid /, 'a valid ');
}

/**
 * Every problem of a failed parse: path, what was got, what was expected. Whoever knows which fields there are has the
 * nearest one named besides.
 */
export function describeIssues(error: z.ZodError, input: unknown, fields: Fields = () => []): string[] {
  return error.issues.flatMap((issue) => describeIssue(issue, input, fields));
}
