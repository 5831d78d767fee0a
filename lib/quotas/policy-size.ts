/**
 * How large a policy of a template will be once CloudFormation has filled in what only it knows. The longest ARN of ours (the
 * log group of a function) has 96 characters.
 */
const FILLED_IN = 'x'.repeat(128);

/** A template's own parameters, by the longest value that they can have. */
const pseudo: Readonly<Record<string, string>> = {
  'AWS::AccountId': '111122223333',
  'AWS::Partition': 'aws-us-gov',
  'AWS::Region': 'ap-southeast-1',
  'AWS::URLSuffix': 'amazonaws.com.cn',
};

/** The same value with every reference of CloudFormation in it replaced by a text that is long enough. */
export function filledIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(filledIn);
  if (typeof value !== 'object' || value === null) return value;
  const [first, ...others] = Object.entries(value as Readonly<Record<string, unknown>>);
  if (first !== undefined && others.length === 0) {
    const [key, of] = first;
    if (key === 'Ref') return pseudo[String(of)] ?? FILLED_IN;
    if (key === 'Fn::Join') {
      const [separator, parts] = of as [string, readonly unknown[]];
      return parts.map((part) => String(filledIn(part))).join(separator);
    }
    if (key.startsWith('Fn::')) return FILLED_IN;
  }
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, filledIn(of)]));
}

/** Characters of a policy without those that do not count: AWS leaves white space out, and JSON has none here. */
export const charactersOf = (document: unknown): number => JSON.stringify(filledIn(document)).length;
export const bytesOf = (document: unknown): number => Buffer.byteLength(JSON.stringify(filledIn(document)));

export interface Statement {
  readonly Action?: string | readonly string[];
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export const statementsIn = (document: unknown): readonly Statement[] =>
  (document as { readonly Statement: readonly Statement[] }).Statement;

export const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

/** Keys of conditions, each counted where it stands. */
export const conditionsIn = (statements: readonly Statement[]): number =>
  statements.flatMap(({ Condition = {} }) => Object.values(Condition).flatMap(Object.keys)).length;

export const principalsIn = (statements: readonly Statement[]): number =>
  statements.flatMap(({ Principal }) =>
    typeof Principal === 'object' ? Object.values(Principal).flatMap(listOf) : listOf(Principal),
  ).length;
