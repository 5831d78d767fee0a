/** How often a state is tried again, and after how many seconds. */
export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
}

/** A state of a workflow, as far as the checks read it. */
export interface State {
  readonly Type: string;
  readonly Comment?: string;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Default?: string;
  readonly Error?: string;
  readonly Result?: unknown;
  readonly Resource?: string;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly TimeoutSeconds?: number;
  readonly Seconds?: number;
  readonly SecondsPath?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly Branches?: readonly Scope[];
}

/** A set of states that may name each other: the machine itself, or one branch of it. */
export interface Scope {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export interface Machine extends Scope {
  readonly Comment?: string;
  readonly TimeoutSeconds?: number;
}

/** The scope itself and every branch below it. */
export function scopesOf(scope: Scope): readonly Scope[] {
  const branches = Object.values(scope.States).flatMap((state) => state.Branches ?? []);
  return [scope, ...branches.flatMap(scopesOf)];
}

/** Every state with its name, the branches' too, in the order of the text. */
export function statesOf(machine: Scope): readonly (readonly [string, State])[] {
  return scopesOf(machine).flatMap((scope) => Object.entries(scope.States));
}

/** Where a state may go within its own scope. */
export function nextOf(state: State): readonly string[] {
  return [
    state.Next,
    state.Default,
    ...(state.Choices ?? []).map((choice) => choice.Next),
    ...(state.Catch ?? []).map((catcher) => catcher.Next),
  ].filter((name) => name !== undefined);
}

/** Functions that only the failback calls. */
export const OF_THE_WAY_HOME: readonly string[] = [
  'see-primary-well',
  'carry-home',
  'promise-page',
  'put-away-standby',
];
