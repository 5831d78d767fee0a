import { functionTable, type FunctionName } from '../../core/functions.ts';

/*
 * The shared shape of the workflows: what a step is, how it is tried again, and where its failure leads. The language has no way
 * to share, so the files of statemachines/ are written from these; they are what is deployed, drilled and tested.
 * docs/decisions/0022-workflows-from-steps.md says why.
 */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
export type Fields = Readonly<Record<string, Json>>;
/** A state as the language has it. */
export type State = Fields & { readonly Type: string };
export type States = Readonly<Record<string, State>>;

/** Where a failure leads, and where the error is kept for whoever tells of it; `$.failure` where nothing else is said. */
export interface Catcher {
  readonly next: string;
  readonly at?: string;
  /** Every error where it is left out. */
  readonly errors?: readonly string[];
}

/** What Lambda and our own code call a fault that the next try may not meet: core/errors.ts and AWS's list of its own. */
const PASSING = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.Unknown',
  'Sandbox.Timedout',
  'Runtime.OutOfMemory',
  'Runtime.ExitError',
  'Runtime.UnhandledPromiseRejection',
  'CloudUnavailable',
  'RouteContended',
  'TooLittleTime',
];

const passing = (seconds: number, attempts: number, mostSeconds: number): Json => ({
  ErrorEquals: PASSING,
  IntervalSeconds: seconds,
  MaxAttempts: attempts,
  BackoffRate: 2,
  MaxDelaySeconds: mostSeconds,
});

const timedOut = (attempts: number): Json => ({
  ErrorEquals: ['States.Timeout'],
  IntervalSeconds: 1,
  MaxAttempts: attempts,
  BackoffRate: 1,
});

/** How often a step is tried again. A step that waits inside has used up its time when it times out, and is not asked again. */
const retries = {
  /** An act: users wait for it, and its failure is told soon. */
  soon: [passing(1, 4, 8), timedOut(1)],
  /** A look that comes round again, or a word to people: it may take its time. */
  patient: [passing(2, 8, 30), timedOut(2)],
  /** Worth little, so little is spent on it. */
  brief: [passing(1, 2, 8), timedOut(1)],
  /** It waits inside, for people. */
  waitsForPeople: [passing(1, 4, 8)],
  /** It waits inside, for clouds. */
  waits: [passing(1, 2, 8)],
} as const satisfies Record<string, readonly Json[]>;

export interface Step {
  readonly comment: string;
  readonly payload: Fields;
  /** Where the answer is kept. The whole state is replaced where it is left out. */
  readonly result?: string;
  /** What is kept of the answer; all of it, as `value`, where it is left out, and nothing is chosen where it is null. */
  readonly keep?: Fields | null;
  readonly seconds: number;
  readonly retry: keyof typeof retries;
  /** One for every failure that leads elsewhere, the one for all others last. */
  readonly failure: string | Catcher | readonly Catcher[];
  /** The branch ends where it is left out. */
  readonly next?: string;
  /** Lambda has taken the order, and somebody else answers by the token. */
  readonly untilAnswered?: true;
}

const nextOf = (next: string | undefined): Fields => (next === undefined ? { End: true } : { Next: next });

function catchOf(failure: Step['failure']): Json {
  const all: readonly Catcher[] =
    typeof failure === 'string' ? [{ next: failure }] : 'next' in failure ? [failure] : failure;
  return all.map(({ next, at = '$.failure', errors = ['States.ALL'] }) => ({
    ErrorEquals: errors,
    ResultPath: at,
    Next: next,
  }));
}

/** A call of one of our functions. */
export function step(name: FunctionName, options: Step): State {
  const { comment, payload, result, keep = { 'value.$': '$.Payload' }, seconds, retry, failure } = options;
  return {
    Type: 'Task',
    Comment: comment,
    Resource: `arn:aws:states:::lambda:invoke${options.untilAnswered === true ? '.waitForTaskToken' : ''}`,
    Parameters: { FunctionName: `\${${functionTable[name].placeholder}}`, Payload: payload },
    ...(keep === null ? {} : { ResultSelector: keep }),
    ...(result === undefined ? {} : { ResultPath: result }),
    TimeoutSeconds: seconds,
    Retry: retries[retry],
    Catch: catchOf(failure),
    ...nextOf(options.next),
  };
}

/** One of several ways. A way is a condition of the language and where it leads. */
export const choice = (comment: string, ways: readonly Fields[], otherwise: string): State => ({
  Type: 'Choice',
  Comment: comment,
  Choices: ways,
  Default: otherwise,
});

/** A condition on one variable, by a comparison of the language: `{ StringEquals: 'cold' }`. */
export const is = (variable: string, comparison: Fields): Fields => ({ Variable: variable, ...comparison });
export const isTrue = (variable: string): Fields => is(variable, { BooleanEquals: true });
export const isFalse = (variable: string): Fields => is(variable, { BooleanEquals: false });
export const isPresent = (variable: string): Fields => is(variable, { IsPresent: true });
export const not = (condition: Fields): Fields => ({ Not: condition });
export const all = (...conditions: readonly Fields[]): Fields => ({ And: conditions });
export const any = (...conditions: readonly Fields[]): Fields => ({ Or: conditions });

/** A condition that leads somewhere. */
export const when = (condition: Fields, next: string): Fields => ({ ...condition, Next: next });

/** What a Pass puts into the state: a value, values computed from the state, or a part of the state. */
interface Kept {
  readonly value?: Json;
  readonly from?: Fields;
  readonly part?: string;
  /** The whole state is replaced where it is left out. */
  readonly at?: string;
  readonly next?: string;
}

/** Notes something and goes on; ends its branch without `next`. */
export const note = (comment: string, { value, from, part, at, next }: Kept): State => ({
  Type: 'Pass',
  Comment: comment,
  ...(value === undefined ? {} : { Result: value }),
  ...(from === undefined ? {} : { Parameters: from }),
  ...(part === undefined ? {} : { InputPath: part }),
  ...(at === undefined ? {} : { ResultPath: at }),
  ...nextOf(next),
});

/** Waits so many seconds, or as many as the state says. */
export const wait = (comment: string, seconds: number | string, next: string): State => ({
  Type: 'Wait',
  Comment: comment,
  ...(typeof seconds === 'number' ? { Seconds: seconds } : { SecondsPath: seconds }),
  Next: next,
});

/** A red end. `error` and `cause` are paths into the state where they begin with `$`. */
export const fail = (comment: string, error: string, cause: string): State => ({
  Type: 'Fail',
  Comment: comment,
  ...(error.startsWith('$') ? { ErrorPath: error } : { Error: error }),
  ...(cause.startsWith('$') ? { CausePath: cause } : { Cause: cause }),
});

export const succeed = (comment: string): State => ({ Type: 'Succeed', Comment: comment });

/** Some states of another workflow, as they are there. @throws Error where it has none of such a name */
export function same(states: States, names: readonly string[]): States {
  return Object.fromEntries(names.map((name) => [name, stateOf(states, name)]));
}

/** A state of another workflow that leads elsewhere, or differs in what else is named. */
export const like = (states: States, name: string, changes: Fields): State => ({
  ...stateOf(states, name),
  ...changes,
});

function stateOf(states: States, name: string): State {
  const state = states[name];
  if (state === undefined) throw new Error(`there is no state "${name}" to share`);
  return state;
}

interface Branch {
  readonly startAt: string;
  readonly states: States;
}

/** Branches side by side; the first failure ends all of them. */
export const sideBySide = (
  comment: string,
  options: {
    readonly branches: readonly Branch[];
    readonly keep: Fields;
    readonly result: string;
    readonly failure: Step['failure'];
    readonly next: string;
  },
): State => ({
  Type: 'Parallel',
  Comment: comment,
  Branches: options.branches.map(({ startAt, states }) => ({ StartAt: startAt, States: states })),
  ResultSelector: options.keep,
  ResultPath: options.result,
  Catch: catchOf(options.failure),
  Next: options.next,
});

/** A whole workflow. */
export const workflow = (options: {
  readonly comment: string;
  readonly startAt: string;
  /** Of an execution; it lies beyond the longest run. */
  readonly seconds: number;
  readonly states: States;
}): Fields => ({
  Comment: options.comment,
  QueryLanguage: 'JSONPath',
  StartAt: options.startAt,
  TimeoutSeconds: options.seconds,
  States: options.states,
});
