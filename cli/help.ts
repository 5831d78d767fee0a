import { globalOptions } from './arguments.ts';
import type { Command, Operand, Option } from './command.ts';
import { EXIT, exitMeanings, type ExitName, type Exits } from './exit.ts';

const operandText = ({ name, required, choices }: Operand): string => {
  const word = choices === undefined ? name.toUpperCase() : choices.join('|');
  return required ? word : `[${word}]`;
};

const optionText = ({ name, value }: Option): string => `--${name}${value === null ? '' : ` ${value}`}`;

/** More options than this are no line that anybody reads; they stand below it. */
const USAGE_OPTIONS_MAX = 10;

/** How a command is written, on one line. */
export function usageOf(command: Command): string {
  const options =
    command.options.length > USAGE_OPTIONS_MAX
      ? ['[options]']
      : command.options.map((option) =>
          option.required === true ? optionText(option) : `[${optionText(option)}]`,
        );
  return ['pilotlight', command.name, ...command.operands.map(operandText), ...options].join(' ');
}

function listText(entries: readonly (readonly [string, string])[]): string {
  const width = Math.max(...entries.map(([term]) => term.length)) + 2;
  return entries.map(([term, about]) => `  ${term.padEnd(width)}${about}`).join('\n');
}

const section = (title: string, body: string): string => `${title}\n${body}`;

const exitText = (exits: Exits): string =>
  listText(
    (Object.keys(EXIT) as ExitName[]).flatMap((name) => {
      const meaning = exits[name];
      return meaning === undefined ? [] : [[String(EXIT[name]), meaning] as const];
    }),
  );

export function commandHelp(command: Command): string {
  const operands = command.operands.map((operand) => [operandText(operand), operand.about] as const);
  const options = command.options.map((option) => [optionText(option), option.about] as const);
  const everywhere = globalOptions.map((option) => [optionText(option), option.about] as const);
  return `${[
    `Usage: ${usageOf(command)}`,
    [command.summary, ...(command.details === undefined ? [] : ['', command.details])].join('\n'),
    ...(operands.length === 0 ? [] : [section('Arguments', listText(operands))]),
    ...(options.length === 0 ? [] : [section('Options', listText(options))]),
    section('Options of every command', listText(everywhere)),
    section('Examples', command.examples.map((example) => `  ${example}`).join('\n')),
    section('Exit status', exitText(command.exits)),
  ].join('\n\n')}\n`;
}

export function overviewHelp(commands: readonly Command[]): string {
  return `${[
    'Usage: pilotlight COMMAND [options]',
    'Starts, approves, stops, follows and explains failovers. When in doubt: pilotlight status',
    section('Commands', listText(commands.map(({ name, summary }) => [name, summary] as const))),
    section(
      'Options of every command',
      listText(globalOptions.map((option) => [optionText(option), option.about] as const)),
    ),
    section('Exit status', exitText(exitMeanings)),
    'Help on one command: pilotlight COMMAND --help',
  ].join('\n\n')}\n`;
}
