import { styleText } from 'node:util';

/** How text is dressed; plain where colours are not wanted. */
export interface Dress {
  readonly strong: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
}

type Style = Parameters<typeof styleText>[0];

/** Whether colours are wanted was decided by the caller, so the stream is not looked at again. */
const styled =
  (style: Style) =>
  (text: string): string =>
    styleText(style, text, { validateStream: false });
const same = (text: string): string => text;

export const plain: Dress = { strong: same, dim: same, good: same, bad: same, warn: same };
export const coloured: Dress = {
  strong: styled('bold'),
  dim: styled('dim'),
  good: styled('green'),
  bad: styled('red'),
  warn: styled('yellow'),
};

/** Where a command speaks: text for people, or one JSON document for programs, never both. */
export interface Out {
  readonly dress: Dress;
  readonly json: boolean;
  /** A line for people, on standard output. Silent with --json. */
  line(text?: string): void;
  /** What must be seen even when the output goes into a file, on standard error. Silent with --json. */
  warn(text: string): void;
  /** The answer for programs, on standard output, once a command. Silent without --json. */
  document(value: Readonly<Record<string, unknown>>): void;
}

/** What the process writes to. */
export interface Streams {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Colours are for a terminal, and only where nobody has asked for none (NO_COLOR). */
  readonly colours: boolean;
}

export function makeOut(streams: Streams, json: boolean): Out {
  const dress = streams.colours && !json ? coloured : plain;
  return {
    dress,
    json,
    line(text = '') {
      if (!json) streams.stdout(`${text}\n`);
    },
    warn(text) {
      if (!json) streams.stderr(`${dress.warn(text)}\n`);
    },
    document(value) {
      if (json) streams.stdout(`${JSON.stringify(value, null, 2)}\n`);
    },
  };
}

/** Columns under their headings, two spaces apart; the last one keeps its own length. */
export function tableText(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  dress: Dress,
): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lineOf = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [dress.strong(lineOf(headings)), ...rows.map(lineOf)].join('\n');
}

/** Names and values below one another. */
export function factsText(facts: readonly (readonly [string, string])[], dress: Dress): string {
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  return facts
    .map(
      ([name, value]) =>
        `  ${dress.dim(name.padEnd(width))}${value.replaceAll('\n', `\n${' '.repeat(width + 2)}`)}`,
    )
    .join('\n');
}
