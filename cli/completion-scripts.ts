import type { Command, Operand, Option } from './command.ts';

/** What may stand at the next place after these words, as a list that shells understand. */
interface Place {
  /** The command's name and the operands so far, for instance `route set`. */
  readonly command: string;
  readonly place: number;
  readonly operand: Operand;
}

const placesOf = (commands: readonly Command[]): Place[] =>
  commands.flatMap(({ name, operands }) =>
    operands.map((operand, place) => ({ command: name, place, operand })),
  );

const flagsOf = (options: readonly Option[]): string => options.map(({ name }) => `--${name}`).join(' ');

/** First words of all commands, once each. */
const firstWords = (commands: readonly Command[]): string[] => [
  ...new Set(commands.map(({ name }) => name.split(' ')[0] ?? name)),
];

/** Second words of the commands that have two, by their first. */
function families(commands: readonly Command[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { name } of commands) {
    const [first = '', second] = name.split(' ');
    if (second !== undefined) found.set(first, [...(found.get(first) ?? []), second]);
  }
  return found;
}

const WORKLOADS = '$(pilotlight completion workloads 2>/dev/null)';

const wordsOf = ({ choices, completes }: Operand): string =>
  choices?.join(' ') ?? (completes === 'workload' ? WORKLOADS : '');

/** Lines of the `case` that answers which words may come, by command and place. */
function cases(commands: readonly Command[], everywhere: readonly Option[]): string {
  const offered = commands.map(({ name, options }) => {
    const key = name.replace(' ', '_');
    const places = placesOf(commands.filter((command) => command.name === name))
      .map(({ place, operand }) => `        ${place}) words="${wordsOf(operand)}" ;;`)
      .join('\n');
    const byPlace = places === '' ? '' : `\n      case "$place" in\n${places}\n      esac`;
    return `    ${key})\n      flags="${flagsOf([...options, ...everywhere])}"${byPlace} ;;`;
  });
  const first = [...families(commands)].map(
    ([word, seconds]) => `    ${word}) words="${seconds.join(' ')}" ;;`,
  );
  return [...offered, ...first].join('\n');
}

/** bash: finds the command among the words before the cursor, then the place of the next operand. */
export function bashCompletion(commands: readonly Command[], everywhere: readonly Option[]): string {
  return `_pilotlight() {
  local current="\${COMP_WORDS[COMP_CWORD]}" key="" place=-1 words="" flags="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      -*) continue ;;
    esac
    if [ -z "$key" ]; then key="$word"
    elif [ "$place" -lt 0 ] && case "$key" in ${familyPattern(commands)}) true ;; *) false ;; esac; then
      key="\${key}_$word"
    else place=$((place < 0 ? 1 : place + 1)); continue
    fi
  done
  [ "$place" -lt 0 ] && place=0
  case "$key" in
    "") words="${firstWords(commands).join(' ')}" ;;
${cases(commands, everywhere)}
  esac
  case "$current" in
    -*) words="$flags" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _pilotlight pilotlight`;
}

/** Matches the first words that need a second one. */
const familyPattern = (commands: readonly Command[]): string => [...families(commands).keys()].join('|');

/** zsh can run bash completions as they are. */
export function zshCompletion(commands: readonly Command[], everywhere: readonly Option[]): string {
  return `#compdef pilotlight
autoload -Uz bashcompinit && bashcompinit
${bashCompletion(commands, everywhere)}`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`\'`)}'`;

/** fish: one line for each word, with the words that must stand before it. */
export function fishCompletion(commands: readonly Command[], everywhere: readonly Option[]): string {
  const single = commands.filter(({ name }) => !name.includes(' '));
  const lines = [
    'complete -c pilotlight -f',
    ...single.map(
      ({ name, summary }) =>
        `complete -c pilotlight -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
    ),
    ...[...families(commands)].flatMap(([first, seconds]) => [
      `complete -c pilotlight -n __fish_use_subcommand -a ${first}`,
      `complete -c pilotlight -n ${quoted(`__fish_seen_subcommand_from ${first}; and not __fish_seen_subcommand_from ${seconds.join(' ')}`)} -a ${quoted(seconds.join(' '))}`,
    ]),
    ...commands.flatMap(fishOptions),
    ...placesOf(commands).flatMap(fishOperand),
    ...everywhere.map((option) => `complete -c pilotlight ${fishOption(option)}`),
  ];
  return lines.join('\n');
}

const fishCondition = (command: string): string =>
  quoted(
    command
      .split(' ')
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join('; and '),
  );

const fishOption = ({ name, value, about }: Option): string =>
  `-l ${name}${value === null ? '' : ' -r'} -d ${quoted(about)}`;

const fishOptions = ({ name, options }: Command): string[] =>
  options.map((option) => `complete -c pilotlight -n ${fishCondition(name)} ${fishOption(option)}`);

function fishOperand({ command, operand }: Place): string[] {
  if (operand.completes === 'file') return [`complete -c pilotlight -n ${fishCondition(command)} -F`];
  const words =
    operand.choices?.join(' ') ??
    (operand.completes === 'workload' ? '(pilotlight completion workloads 2>/dev/null)' : '');
  return words === '' ? [] : [`complete -c pilotlight -n ${fishCondition(command)} -a ${quoted(words)}`];
}
