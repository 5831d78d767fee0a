import { z } from 'zod';
import { describeIssues } from '../../core/problems.ts';

/** The problems of an input that the schema refuses. */
function problems(schema: z.ZodType, input: unknown): string[] {
  const parsed = schema.safeParse(input);
  if (parsed.success) throw new Error('expected a refusal');
  return describeIssues(parsed.error, input);
}

describe('a problem', () => {
  it.each<[string, z.ZodType, unknown, string]>([
    ['a wrong type', z.string(), 5, '(the whole): got 5, expected string'],
    ['nothing', z.string(), undefined, '(the whole): got nothing, expected string'],
    ['null', z.object({}), null, '(the whole): got null, expected object'],
    ['a map', z.record(z.string(), z.number()), [], '(the whole): got [], expected object'],
    ['a literal', z.literal('a'), 'b', '(the whole): got "b", expected "a"'],
    ['a choice', z.enum(['a', 'b']), 'c', '(the whole): got "c", expected one of "a"|"b"'],
    [
      'too short a text',
      z.string().min(2),
      'x',
      '(the whole): got "x", expected string to have >=2 characters',
    ],
    ['too large a number', z.number().max(2), 3, '(the whole): got 3, expected number to be <=2'],
    ['no whole number', z.int(), 1.5, '(the whole): got 1.5, expected int'],
    ['no number', z.number(), Number.POSITIVE_INFINITY, '(the whole): got Infinity, expected number'],
    ['a format', z.email(), 'x', '(the whole): got "x", expected a valid email address'],
    ['a pattern', z.string().regex(/^a$/), 'b', '(the whole): got "b", expected text that matches /^a$/'],
    [
      'words of ours',
      z.string().regex(/^a$/, 'the letter a'),
      'b',
      '(the whole): got "b", expected the letter a',
    ],
    ['neither of two', z.union([z.string(), z.int()]), true, '(the whole): got true, expected a valid input'],
  ])('with %s says what was got and what was expected', (_case, schema, input, problem) => {
    expect(problems(schema, input)).toEqual([problem]);
  });

  it('names the path to the value, through lists too', () => {
    const schema = z.object({ sites: z.array(z.object({ name: z.string() })) });
    expect(problems(schema, { sites: [{ name: 'a' }, { name: 7 }] })).toEqual([
      'sites.1.name: got 7, expected string',
    ]);
  });

  it('says that a value on the way is missing', () => {
    const schema = z
      .object({ a: z.object({ b: z.string() }) })
      .refine(() => false, { path: ['a', 'b', 'c'] });
    expect(problems(schema, { a: { b: 'x' } })).toEqual(['a.b.c: got nothing, expected a valid input']);
  });

  it('names each unknown field with its value', () => {
    expect(problems(z.strictObject({ a: z.strictObject({}) }), { a: { b: 1 }, c: 'd' })).toEqual([
      'a.b: got 1, an unknown field: remove it or correct its spelling',
      'c: got "d", an unknown field: remove it or correct its spelling',
    ]);
  });

  it('shows at most 80 characters of a value', () => {
    const [exactly] = problems(z.number(), 'x'.repeat(78));
    expect(exactly).toBe(`(the whole): got "${'x'.repeat(78)}", expected number`);
    const [longer] = problems(z.number(), 'x'.repeat(79));
    expect(longer).toBe(`(the whole): got "${'x'.repeat(79)}…, expected number`);
  });

  it('can speak of a value that contains itself', () => {
    const knot: unknown[] = [];
    knot.push(knot);
    expect(problems(z.number(), knot)).toEqual([
      '(the whole): got something that contains itself, expected number',
    ]);
  });
});

describe('problems', () => {
  it('are all there', () => {
    const schema = z.object({ a: z.string(), b: z.number(), c: z.boolean() });
    expect(problems(schema, { a: 1, b: 'x', c: true })).toEqual([
      'a: got 1, expected string',
      'b: got "x", expected number',
    ]);
  });
});

describe('what a problem repeats', () => {
  it('never is longer than a line, even where the name of a field is as long as its input', () => {
    const key = 'k'.repeat(200_000);
    const [unknown = ''] = problems(z.strictObject({}), { [key]: 'v'.repeat(200_000) });
    expect(unknown.length).toBeLessThan(400);
    expect(unknown).toMatch(/^k+ … \(199880 characters left out\) … k+: got "v+…, an unknown field: remove/);
  });

  it('never is the password that an address carries', () => {
    expect(problems(z.number(), 'https://kim:hunter2@example.com/a')).toEqual([
      '(the whole): got "https://***@example.com/a", expected number',
    ]);
    expect(problems(z.number(), 'https://example.com/@kim')).toEqual([
      '(the whole): got "https://example.com/@kim", expected number',
    ]);
  });

  it('is followed by the word that was meant, where one is near', () => {
    const tier = z.enum(['cold', 'warm']);
    expect(problems(tier, 'warn')).toEqual([
      '(the whole): got "warn", expected one of "cold"|"warm"; did you mean "warm"?',
    ]);
    const either = z.discriminatedUnion('tier', [
      z.object({ tier }),
      z.object({ tier: z.literal('external') }),
    ]);
    expect(problems(either, { tier: 'externl' })).toEqual([
      'tier: got "externl", expected one of "cold"|"warm"|"external"; did you mean "external"?',
    ]);
    expect(problems(tier, 'hot')).toEqual(['(the whole): got "hot", expected one of "cold"|"warm"']);
  });
});
