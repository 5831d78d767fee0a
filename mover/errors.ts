/**
 * How a command may end other than well. The number is the exit code of the process: units and pods are watched by it, and
 * docs/backup-system.md lists them.
 */
export const exitCodes = {
  usage: 2,
  refused: 3,
  store: 4,
  database: 5,
  damaged: 6,
  differs: 7,
  gap: 8,
  lost: 9,
} as const;
export type Failure = keyof typeof exitCodes;

/** What went wrong, in words that say what to do next. `code` is a stable word for programs, in capitals. */
export class MoverError extends Error {
  override readonly name = 'MoverError';
  readonly failure: Failure;
  readonly code: string;
  constructor(failure: Failure, code: string, message: string) {
    super(message);
    this.failure = failure;
    this.code = code;
  }
}

/** Any error as one line for people. */
export const wordsOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').slice(0, 1_500);

/** Any error as one of ours: what nobody expected is a fault of the store or of the database by where it came from. */
export const asMoverError = (error: unknown, failure: Failure, code: string): MoverError =>
  error instanceof MoverError ? error : new MoverError(failure, code, wordsOf(error));
