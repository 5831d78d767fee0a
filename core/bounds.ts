/**
 * How long what we say may be. Step Functions takes at most 32,768 characters of a Cause and 256 KiB of a state's data
 * (API reference of Step Functions, `ExecutionFailedEventDetails`; its quotas), and Lambda puts the message of an error
 * into the Cause twice: once as it is and once in the trace, each with its quotes and line ends escaped.
 */
export const MESSAGE_LENGTH_MAX = 6_000;
/** One mistake of a list. */
const PROBLEM_LENGTH_MAX = 2_000;
/** Mistakes that are named one by one; who has more corrects these first. */
const PROBLEMS_MAX = 50;

/** Room for the words that stand where something was left out. */
const GAP_LENGTH = 40;

/** The text, or its beginning and its end where it is longer: the end of our messages says what to do next. */
export function bounded(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const words = lengthMax >= 4 * GAP_LENGTH;
  const kept = lengthMax - (words ? GAP_LENGTH : 1);
  const tail = Math.floor(kept / 3);
  const gap = words ? ` … (${text.length - kept} characters left out) … ` : '…';
  return `${text.slice(0, kept - tail)}${gap}${tail === 0 ? '' : text.slice(-tail)}`;
}

/** The first mistakes of a list, each of bounded length, and how many more there are. */
export function firstProblems(problems: readonly string[]): readonly string[] {
  const first = problems.slice(0, PROBLEMS_MAX).map((problem) => bounded(problem, PROBLEM_LENGTH_MAX));
  const rest = problems.length - first.length;
  return rest === 0 ? first : [...first, `and ${rest} more: correct these first`];
}

/** A list for people, a line each, as many as a message may have. */
export function problemList(problems: readonly string[]): string {
  const lines: string[] = [];
  let length = 0;
  for (const problem of problems) {
    length += problem.length + 3;
    if (lines.length > 0 && length > MESSAGE_LENGTH_MAX - 200) {
      return [...lines, `- and ${problems.length - lines.length} more: correct these first`].join('\n');
    }
    lines.push(`- ${problem}`);
  }
  return lines.join('\n');
}
