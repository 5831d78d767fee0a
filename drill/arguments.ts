import { parseArgs } from 'node:util';
import { DEFAULT_SCENARIO } from './default-scenario.ts';

/** A well-formed command line of the drill. */
export interface DrillArguments {
  readonly scenario: string;
  readonly seed: number;
  readonly config: string;
  readonly fast: boolean;
  readonly json: boolean;
  readonly list: boolean;
  readonly help: boolean;
}

/** Seeds are 32-bit numbers, because the generator's state is. */
export const SEED_MAX = 0xffff_ffff;

const options = {
  scenario: { type: 'string', default: DEFAULT_SCENARIO },
  seed: { type: 'string', default: '1' },
  config: { type: 'string', default: 'pilotlight.config.yaml' },
  fast: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const isOption = (name: string): name is keyof typeof options => Object.hasOwn(options, name);

const known = Object.keys(options)
  .map((name) => `--${name}`)
  .join(', ');

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];

/** What is wrong with one word of the command line; null where nothing is. */
function problemOf(token: Token): string | null {
  if (token.kind === 'positional') return `got "${token.value}", expected an option: ${known}`;
  if (token.kind === 'option-terminator') return null;
  const { name, rawName, value, inlineValue } = token;
  if (!isOption(name)) return `got the unknown option ${rawName}, expected one of ${known}`;
  if (options[name].type === 'boolean') {
    return value === undefined ? null : `${rawName}: got the value "${value}", expected none`;
  }
  if (value === undefined) return `${rawName}: got nothing, expected a value`;
  // The next option swallowed as a value is a forgotten value far more often than it is meant.
  if (!inlineValue && value.startsWith('-')) {
    return `${rawName}: got "${value}", expected a value; write ${rawName}=${value} if that is the value`;
  }
  if (name === 'seed' && !(/^\d+$/.test(value) && Number(value) <= SEED_MAX)) {
    return `--seed: got "${value}", expected a whole number from 0 to ${SEED_MAX}`;
  }
  return null;
}

/** Reads the command line. @returns the arguments, or every problem with them. */
export function readArguments(argv: readonly string[]): DrillArguments | { problems: string[] } {
  const args = [...argv];
  // Node's strict mode stops at the first mistake; a person wants all of them.
  const { tokens } = parseArgs({ args, options, strict: false, tokens: true });
  const problems = tokens.map(problemOf).filter((problem) => problem !== null);
  if (problems.length > 0) return { problems };
  const { values } = parseArgs({ args, options });
  return { ...values, seed: Number(values.seed) };
}
