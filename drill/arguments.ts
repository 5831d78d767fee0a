import { parseArgs } from 'node:util';
import { bounded } from '../core/bounds.ts';
import { didYouMean } from '../core/nearest.ts';
import { shown } from '../core/problems.ts';

/** A well-formed command line of the drill. */
export interface DrillArguments {
  /** Undefined where none is named: then it is the one that fits the configuration. */
  readonly scenario?: string;
  readonly seed: number;
  /** The seeds of `--harm`: those of `--seeds`, or the one of `--seed`. */
  readonly seeds: readonly number[];
  readonly minutes: number;
  readonly harm: boolean;
  readonly table: boolean;
  readonly config: string;
  readonly fast: boolean;
  readonly json: boolean;
  readonly list: boolean;
  readonly help: boolean;
}

/** The command line, with the scenario that it comes to. */
export type NamedArguments = DrillArguments & { readonly scenario: string };

/** Seeds are 32-bit numbers, because the generator's state is. */
export const SEED_MAX = 0xffff_ffff;

const options = {
  scenario: { type: 'string' },
  seed: { type: 'string', default: '1' },
  config: { type: 'string', default: 'pilotlight.config.yaml' },
  harm: { type: 'boolean', default: false },
  table: { type: 'boolean', default: false },
  seeds: { type: 'string' },
  minutes: { type: 'string', default: '60' },
  fast: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const isOption = (name: string): name is keyof typeof options => Object.hasOwn(options, name);

const names = Object.keys(options).map((name) => `--${name}`);
const known = names.join(', ');

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];

/** What is wrong with one word of the command line; null where nothing is. */
function problemOf(token: Token): string | null {
  if (token.kind === 'positional') return `got ${shown(token.value)}, expected an option: ${known}`;
  if (token.kind === 'option-terminator') return null;
  const { name, rawName, value, inlineValue } = token;
  if (!isOption(name))
    return `got the unknown option ${bounded(rawName, 80)}, expected one of ${known}${didYouMean(rawName, names)}`;
  if (options[name].type === 'boolean') {
    return value === undefined ? null : `${rawName}: got the value ${shown(value)}, expected none`;
  }
  if (value === undefined) return `${rawName}: got nothing, expected a value`;
  // The next option swallowed as a value is a forgotten value far more often than it is meant.
  if (!inlineValue && value.startsWith('-')) {
    return `${rawName}: got ${shown(value)}, expected a value; write ${rawName}=${bounded(value, 80)} if that is the value`;
  }
  if (name === 'seed' && !(/^\d+$/.test(value) && Number(value) <= SEED_MAX)) {
    return `--seed: got ${shown(value)}, expected a whole number from 0 to ${SEED_MAX}`;
  }
  if (name === 'seeds') return problemOfSeeds(value);
  if (name === 'minutes' && !(/^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= MINUTES_MAX)) {
    return `--minutes: got "${value}", expected a whole number from 1 to ${MINUTES_MAX}`;
  }
  return null;
}

/** A day of virtual time is enough to see what a controller does to its users. */
const MINUTES_MAX = 24 * 60;
/** More seeds than this are a matter for a night. */
const SEEDS_MAX = 1000;

function problemOfSeeds(value: string): string | null {
  const range = rangeOf(value);
  const good = range !== null && range.first <= range.last && range.last <= SEED_MAX;
  if (good && range.last - range.first < SEEDS_MAX) return null;
  return `--seeds: got "${value}", expected a range such as 1-5, of at most ${SEEDS_MAX}`;
}

function rangeOf(value: string): { readonly first: number; readonly last: number } | null {
  const parts = /^(?<first>\d+)-(?<last>\d+)$/.exec(value)?.groups;
  return parts === undefined ? null : { first: Number(parts['first']), last: Number(parts['last']) };
}

function seedsOf(seeds: string | undefined, seed: number): readonly number[] {
  const range = seeds === undefined ? null : rangeOf(seeds);
  if (range === null) return [seed];
  return Array.from({ length: range.last - range.first + 1 }, (_, index) => range.first + index);
}

/** Reads the command line. @returns the arguments, or every problem with them. */
export function readArguments(argv: readonly string[]): DrillArguments | { problems: string[] } {
  const args = [...argv];
  // Node's strict mode stops at the first mistake; a person wants all of them.
  const { tokens } = parseArgs({ args, options, strict: false, tokens: true });
  const problems = tokens.map(problemOf).filter((problem) => problem !== null);
  if (problems.length > 0) return { problems };
  const { values } = parseArgs({ args, options });
  const { seeds, ...rest } = values;
  const seed = Number(rest.seed);
  return { ...rest, seed, seeds: seedsOf(seeds, seed), minutes: Number(rest.minutes) };
}
