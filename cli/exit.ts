import { firstProblems, problemList } from '../core/bounds.ts';

/** How a command ends; part of the contract with whoever scripts it. Their meanings are in `exitMeanings`. */
export const EXIT = { ok: 0, failed: 1, usage: 2, notFound: 3, warnings: 4 } as const;
export type ExitName = keyof typeof EXIT;
export type ExitCode = (typeof EXIT)[ExitName];

/** What each exit status means, in every help and in docs/cli.md. */
export const exitMeanings: Readonly<Record<ExitName, string>> = {
  ok: 'done',
  failed: 'it failed, was refused, or the run did not end as it should',
  usage: 'the command line or the configuration is wrong; no cloud was asked for anything',
  notFound: 'there is no such workload, run, approval or file',
  warnings: 'the configuration is right and has warnings (config check --strict)',
};

/** How one command ends, in its own words; whatever a command may end with is here. */
export type Exits = Readonly<Partial<Record<ExitName, string>>>;

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
    problemList(firstProblems(problems)),
    `See pilotlight ${command === null ? '' : `${command} `}--help`,
  );
