import { parseArgs } from 'node:util';
import type * as z from 'zod';
import { bounded } from '../core/bounds.ts';
import { didYouMean } from '../core/nearest.ts';
import { describeIssues, shown } from '../core/problems.ts';
import type { Args, Command, Option } from './command.ts';
import { misuse } from './exit.ts';

/** Where the configuration is, unless --config says so. */
export const CONFIG_FILE = 'pilotlight.config.yaml';

/** A word of the command line that is repeated as it was written. */
const WORD_LENGTH_MAX = 80;

/** Options that every command takes. */
export const globalOptions: readonly Option[] = [
  { name: 'config', value: 'FILE', about: `the configuration (default ${CONFIG_FILE})` },
  { name: 'profile', value: 'NAME', about: 'the profile of your AWS credentials' },
  { name: 'region', value: 'REGION', about: 'Region of the controller, if not the one in the configuration' },
  { name: 'json', value: null, about: 'print one JSON document and nothing else' },
  { name: 'help', value: null, about: 'print this text' },
];

/** What a command line asks for. */
export type Asked =
  | { readonly kind: 'overview' }
  | { readonly kind: 'help'; readonly command: Command }
  | { readonly kind: 'run'; readonly command: Command; readonly args: Args };

const isSwitchOn = (argv: readonly string[], name: string): boolean => argv.includes(`--${name}`);

/** Reads the command line. @throws CommandFailure (2) with every mistake in it. */
export function readCommandLine(argv: readonly string[], commands: readonly Command[]): Asked {
  const words = argv.slice(0, 2);
  const command =
    commands.find(({ name }) => name === words.join(' ')) ?? commands.find(({ name }) => name === words[0]);
  if (command === undefined) {
    if (argv.length === 0 || words[0] === 'help' || isSwitchOn(argv, 'help')) return { kind: 'overview' };
    throw misuse([unknownCommand(words, commands)], null);
  }
  const rest = argv.slice(command.name.split(' ').length);
  if (isSwitchOn(rest, 'help')) return { kind: 'help', command };
  return { kind: 'run', command, args: readRest(rest, command) };
}

function unknownCommand([first = '', second]: readonly string[], commands: readonly Command[]): string {
  const family = commands.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => name);
  if (family.length > 0) return gotWord([first, second].filter(Boolean).join(' '), family);
  if (first.startsWith('-'))
    return `got the option ${bounded(first, WORD_LENGTH_MAX)} first, expected a command before it`;
  const names = commands.map(({ name }) => name);
  return `got the command ${shown(first)}, expected one of ${names.join(', ')}${didYouMean(first, names)}`;
}

const gotWord = (word: string, names: readonly string[]): string =>
  `got ${shown(word)}, expected one of ${names.join(', ')}${didYouMean(word, names)}`;

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];

function readRest(argv: readonly string[], command: Command): Args {
  const known = [...command.options, ...globalOptions];
  const options = Object.fromEntries(
    known.map(({ name, value }) => [
      name,
      { type: value === null ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  // Node's strict mode stops at the first mistake; a person wants all of them.
  const { tokens, values, positionals } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const problems = [
    ...tokens.map((token) => optionProblem(token, known)).filter((problem) => problem !== null),
    ...missingOptions(command, values),
    ...operandProblems(command, positionals),
  ];
  if (problems.length > 0) throw misuse(problems, command.name);
  const operands = command.operands.map(({ name }, place) => [name, positionals[place]] as const);
  return { ...(values as Args), ...Object.fromEntries(operands) };
}

/** What is wrong with one word; null where nothing is. */
function optionProblem(token: Token, known: readonly Option[]): string | null {
  if (token.kind !== 'option') return null;
  const option = known.find(({ name }) => name === token.name);
  if (option === undefined) {
    const names = known.map(({ name }) => `--${name}`);
    const got = bounded(token.rawName, WORD_LENGTH_MAX);
    return `got the unknown option ${got}, expected one of ${names.join(', ')}${didYouMean(token.rawName, names)}`;
  }
  const { value, inlineValue, rawName } = token;
  if (option.value === null) {
    return value === undefined ? null : `${rawName}: got the value ${shown(value)}, expected none`;
  }
  if (value === undefined || value === '') return `${rawName}: got nothing, expected ${option.value}`;
  // The next option swallowed as a value is a forgotten value far more often than it is meant.
  if (!inlineValue && value.startsWith('-')) {
    return `${rawName}: got ${shown(value)}, expected ${option.value}; write ${rawName}=${bounded(value, WORD_LENGTH_MAX)} if that is the value`;
  }
  return null;
}

const missingOptions = (command: Command, values: Readonly<Record<string, unknown>>): string[] =>
  command.options
    .filter(({ name, required }) => required === true && values[name] === undefined)
    .map(({ name, value, about }) => `--${name}: got nothing, expected ${value ?? ''}: ${about}`);

function operandProblems(command: Command, positionals: readonly string[]): string[] {
  const problems = command.operands.flatMap(({ name, required, choices, about }, place) => {
    const word = positionals[place];
    if (word === undefined)
      return required ? [`${name}: got nothing, expected ${choices?.join(' or ') ?? about}`] : [];
    if (choices === undefined || choices.includes(word)) return [];
    return [`${name}: got ${shown(word)}, expected ${choices.join(' or ')}${didYouMean(word, choices)}`];
  });
  const surplus = positionals.slice(command.operands.length);
  return [
    ...problems,
    ...surplus.map((word) => `got ${shown(word)}, expected nothing there; put words with spaces into quotes`),
  ];
}

/** Reads what a command was given by its own schema. @throws CommandFailure (2) with every mistake. */
export function readArgs<T>(schema: z.ZodType<T>, args: Args, command: string): T {
  const parsed = schema.safeParse(args);
  if (parsed.success) return parsed.data;
  throw misuse(describeIssues(parsed.error, args), command);
}
