/** How a command ends; part of the contract with whoever scripts it. */
export const EXIT = {
  ok: 0,
  /** The operation failed, was refused, or a run ended badly. */
  failed: 1,
  /** The command line or the configuration is wrong; nothing was asked of any cloud. */
  usage: 2,
  /** There is no such workload, run, approval or file. */
  notFound: 3,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The end of a command that could not do what it was asked. `next` says what the person does now. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly exit: Exclude<ExitCode, 0>;
  readonly next: string;
  constructor(exit: Exclude<ExitCode, 0>, what: string, next: string) {
    super(what);
    this.exit = exit;
    this.next = next;
  }
}

/** Refused, or not possible as things stand. */
export const refusal = (what: string, next: string): CommandFailure =>
  new CommandFailure(EXIT.failed, what, next);

export const notFound = (what: string, next: string): CommandFailure =>
  new CommandFailure(EXIT.notFound, what, next);

/** Everything that is wrong with a command line. */
export const misuse = (problems: readonly string[], command: string | null): CommandFailure =>
  new CommandFailure(
    EXIT.usage,
    problems.map((problem) => `- ${problem}`).join('\n'),
    `See pilotlight ${command === null ? '' : `${command} `}--help`,
  );
