import type { z } from 'zod';

/** Longest rendering of a value in a problem's text; secrets do not belong in any of the inputs that use this. */
const VALUE_LENGTH_MAX = 80;

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

function render(value: unknown): string {
  if (value === undefined) return 'nothing';
  // JSON writes null for Infinity and NaN, which YAML can hold.
  if (typeof value === 'number') return String(value);
  const text = jsonOf(value);
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
  path.length === 0 ? '(the whole)' : path.join('.');

function describeIssue(issue: z.core.$ZodIssue, input: unknown): string[] {
  const got = (path: readonly PropertyKey[]): string =>
    `${pathText(path)}: got ${render(valueAt(input, path))}`;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(
      (key) => `${got([...issue.path, key])}, an unknown field: remove it or correct its spelling`,
    );
  }
  return [`${got(issue.path)}, expected ${expectation(issue)}`];
}

/** The schema library words its messages as "Invalid input: expected string, received number"; we say got and expected. */
function expectation(issue: z.core.$ZodIssue): string {
  const { message } = issue;
  const expected = /^(?:[A-Z][a-z ]*: )?expected (?<what>.*?)(?:, received .*)?$/s.exec(message)?.groups?.[
    'what'
  ];
  if (expected !== undefined) return expected === 'record' ? 'object' : expected;
  return message
    .replace(/^Invalid string: must match pattern /, 'text that matches ')
    .replace(/^Invalid discriminator value\. Expected /, 'one of ')
    .replace(/^Invalid /, 'a valid ');
}

/** Every problem of a failed parse: path, what was got, what was expected. */
export function describeIssues(error: z.ZodError, input: unknown): string[] {
  return error.issues.flatMap((issue) => describeIssue(issue, input));
}
