import { parseArgs } from 'node:util';
import { didYouMean } from '../core/nearest.ts';
import { describeIssues, shown } from '../core/problems.ts';
import { MoverError } from './errors.ts';
import { commandRows, optionRows, type CommandName, type OptionName } from './options.ts';

/** The options of a command, read and checked; a name that the command does not take is undefined. */
export type Options = Readonly<Partial<Record<OptionName, unknown>>>;

/** What a command line asks for. */
export type Asked =
  | { readonly kind: 'help'; readonly command: CommandName | null }
  | { readonly kind: 'run'; readonly command: CommandName; readonly options: Options };

const misuse = (problems: readonly string[], command: CommandName | null): MoverError =>
  new MoverError(
    'usage',
    'INVALID_INPUT',
    `${problems.map((problem) => `- ${problem}`).join('\n')}\nSee: mover ${command ?? ''} --help`.replace(
      '  ',
      ' ',
    ),
  );

const isCommand = (word: string): word is CommandName => Object.hasOwn(commandRows, word);

/** Reads a command line. @throws MoverError `usage` with everything that is wrong with it */
export function readCommandLine(argv: readonly string[]): Asked {
  const [word = '', ...rest] = argv;
  if (word === '' || word === '--help' || word === 'help') return { kind: 'help', command: null };
  if (!isCommand(word)) {
    const names = Object.keys(commandRows);
    throw misuse(
      [
        `got the command ${JSON.stringify(word)}, expected one of ${names.join(', ')}${didYouMean(word, names)}`,
      ],
      null,
    );
  }
  if (rest.includes('--help')) return { kind: 'help', command: word };
  return { kind: 'run', command: word, options: readOptions(word, rest) };
}

function readOptions(command: CommandName, argv: readonly string[]): Options {
  const names: readonly OptionName[] = [...commandRows[command].options, 'help'];
  const config = Object.fromEntries(
    names.map((name) => [name, { type: optionRows[name].value === null ? 'boolean' : 'string' } as const]),
  );
  const { values, tokens } = parseArgs({ args: [...argv], options: config, strict: false, tokens: true });
  const problems: string[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'positional') {
      const before = tokens[index - 1];
      // What stands behind an unknown option may be a password.
      if (before?.kind === 'option' && !names.includes(before.name as OptionName)) continue;
      problems.push(`got ${shown(token.value)}, expected an option that begins with --`);
    } else if (token.kind === 'option' && !names.includes(token.name as OptionName)) {
      problems.push(`got --${token.name}, which ${command} does not take${didYouMean(token.name, names)}`);
    }
  }
  const read: Partial<Record<OptionName, unknown>> = {};
  const wrong = new Set<OptionName>();
  for (const name of names) {
    const { schema, value, about } = optionRows[name];
    const got = values[name];
    const parsed = schema.safeParse(got);
    if (value !== null && got === true) {
      // The last word of the line, such as a variable of a script that was empty: its default would hide that.
      problems.push(`--${name}: got nothing, expected ${value}: ${about}`);
    } else if (parsed.success) {
      read[name] = parsed.data;
      continue;
    } else if (got === undefined) {
      problems.push(`--${name} is missing, expected ${value ?? 'a switch'}: ${about}`);
    } else {
      problems.push(
        ...describeIssues(parsed.error, got).map((problem) => problem.replace('(the whole)', `--${name}`)),
      );
    }
    wrong.add(name);
  }
  problems.push(...together(read, names, wrong));
  if (problems.length > 0) throw misuse(problems, command);
  return read;
}

/** Options that belong together; one that is wrong is there, and has been told of. */
function together(read: Options, names: readonly OptionName[], wrong: ReadonlySet<OptionName>): string[] {
  const has = (name: OptionName): boolean =>
    wrong.has(name) || (read[name] !== null && read[name] !== undefined);
  const problems: string[] = [];
  if (read.identity === 'aws-role') {
    for (const name of ['tenant-id', 'client-id', 'region'] as const) {
      if (!has(name)) problems.push(`--${name} is missing, which --identity aws-role needs`);
    }
  }
  if (names.includes('secret-arn')) {
    if (has('secret-arn') === (has('user') && has('password-file'))) {
      problems.push('expected either --secret-arn, or --user and --password-file');
    }
    if (has('secret-arn') && !has('region')) problems.push('--region is missing, which --secret-arn needs');
  }
  const steps = (['rehearse', 'settle', 'discard'] as const).filter((name) => read[name] === true);
  if (steps.length > 1) problems.push(`--${steps.join(' and --')} exclude each other`);
  if (has('since') && read.home !== true) problems.push('--since is for dumps with --home');
  if (has('application-user') !== has('application-password-file')) {
    problems.push('--application-user and --application-password-file go together');
  }
  return problems;
}

/** The help of a command, or of all of them. */
export function helpText(command: CommandName | null): string {
  if (command === null) {
    const lines = Object.entries(commandRows).map(([name, { about }]) => `  ${name.padEnd(12)}${about}`);
    return `The mover of Pilotlight: moves the data of a workload between its two sides, by way of the store.\n\n${lines.join('\n')}\n\nmover COMMAND --help has the options. Exit codes: 0 done, 2 wrong usage, 3 refused, 4 store, 5 database, 6 damaged, 7 differs, 8 gap, 9 lost.\n`;
  }
  const rows = commandRows[command].options.map((name: OptionName) => {
    const { value, about } = optionRows[name];
    return `  ${`--${name}${value === null ? '' : ` ${value}`}`.padEnd(36)}${about}`;
  });
  return `mover ${command}\n\n${commandRows[command].about}\n\n${rows.join('\n')}\n`;
}
