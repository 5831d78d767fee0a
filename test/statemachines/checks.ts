import { errorNames, lambdaDeaths, retriedErrors } from '../../core/errors.ts';
import { functionNames, functionTable, type FunctionName } from '../../core/functions.ts';
import { APPROVAL_ROUND_SECONDS } from '../../core/run/run.ts';
import { nextOf, scopesOf, statesOf, type Machine, type Scope, type State } from './machine.ts';

/*
 * The rules of a workflow. Each gives the whole list of what breaks it, so that a test can show that it is kept and that a
 * workflow which breaks it is found out.
 */

/** Names that Step Functions and its Lambda and DynamoDB integrations report. Source: their developer guides. */
const PLATFORM_ERRORS: readonly string[] = [
  'States.ALL',
  'States.Timeout',
  'States.TaskFailed',
  'States.HeartbeatTimeout',
  'States.NoChoiceMatched',
  'States.Permissions',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  ...lambdaDeaths,
  'DynamoDB.ConditionalCheckFailedException',
];

type Rule = (name: string, state: State) => readonly string[];

const eachState = (machine: Machine, rule: Rule): string[] =>
  statesOf(machine).flatMap(([name, state]) => rule(name, state).map((problem) => `${name}: ${problem}`));

const eachTask = (machine: Machine, rule: Rule): string[] =>
  eachState(machine, (name, state) => (state.Type === 'Task' ? rule(name, state) : []));

/** Every name in a Retry or Catch is one that somebody throws: a misspelt one would never match. */
export const unknownErrors = (machine: Machine): string[] => {
  const known: readonly string[] = [...errorNames, ...PLATFORM_ERRORS];
  return eachState(machine, (_, state) =>
    [...(state.Retry ?? []), ...(state.Catch ?? [])]
      .flatMap((handler) => handler.ErrorEquals)
      .filter((error) => !known.includes(error))
      .map((error) => `nobody throws ${error}`),
  );
};

/** Every task retries what is worth it and nothing else of ours. */
export const wrongRetries = (
  machine: Machine,
  errors: { readonly retryable: readonly string[]; readonly final: readonly string[] },
): string[] =>
  eachTask(machine, (_, state) => {
    const retried = (state.Retry ?? []).flatMap((retrier) => retrier.ErrorEquals);
    return [
      ...errors.retryable
        .filter((error) => !retried.includes(error))
        .map((error) => `does not retry ${error}`),
      ...errors.final
        .filter((error) => retried.includes(error))
        .map((error) => `retries ${error}, which changes nothing`),
    ];
  });

/** Every task tries the same list again first: what one of them forgets is an outage on the night that it happens. */
export const otherRetryLists = (machine: Machine): string[] =>
  eachTask(machine, (_, state) => {
    const first = state.Retry?.[0]?.ErrorEquals ?? [];
    return [
      ...retriedErrors.filter((error) => !first.includes(error)).map((error) => `does not retry ${error}`),
      ...first
        .filter((error) => !(retriedErrors as readonly string[]).includes(error))
        .map((error) => `retries ${error}, which is not in the list`),
    ];
  });

/** The function that a task invokes; null where its placeholder is not that of a row. */
export function functionOf(state: State): FunctionName | null {
  const arn = state.Parameters?.['FunctionName'];
  return functionNames.find((name) => arn === `\${${functionTable[name].placeholder}}`) ?? null;
}

/** A task that goes on only when somebody hands back its token. */
const WAITS_FOR_TOKEN = 'arn:aws:states:::lambda:invoke.waitForTaskToken';

/**
 * The limit of a task: the whole time of its function and a little for the way. One that waits for its token waits for a
 * person, long after its function has ended: its limit is the round of the approval, which silence must end.
 */
const limitOf = (state: State, name: FunctionName): number =>
  state.Resource === WAITS_FOR_TOKEN ? APPROVAL_ROUND_SECONDS : functionTable[name].timeoutSeconds + 5;

/** Tasks that wait for a token, with what they hand out and who hears that nobody came. */
export const tokenTasks = (machine: Machine): { name: string; token: unknown; onSilence: string | null }[] =>
  statesOf(machine)
    .filter(([, state]) => state.Resource === WAITS_FOR_TOKEN)
    .map(([name, state]) => ({
      name,
      token: (state.Parameters?.['Payload'] as Record<string, unknown> | undefined)?.['taskToken.$'],
      onSilence: state.Catch?.find((catcher) => catcher.ErrorEquals.includes('States.Timeout'))?.Next ?? null,
    }));

/** Every task gives its function its whole time and a little for the way, and says what happens when it fails. */
export const carelessTasks = (machine: Machine): string[] =>
  eachTask(machine, (_, state) => {
    const name = functionOf(state);
    if (name === null) return ['invokes no function of the table'];
    const expected = limitOf(state, name);
    const catchesAll = (state.Catch ?? []).some((catcher) => catcher.ErrorEquals.includes('States.ALL'));
    return [
      ...(state.TimeoutSeconds === expected
        ? []
        : [`TimeoutSeconds is ${state.TimeoutSeconds ?? 'missing'}, expected ${expected}`]),
      ...((state.Retry ?? []).length > 0 ? [] : ['has no Retry']),
      ...(catchesAll ? [] : ['has no Catch for States.ALL']),
    ];
  });

/** A state without a purpose has no place in the workflow. */
export const silentStates = (machine: Machine): string[] =>
  eachState(machine, (_, state) =>
    (state.Comment ?? '').length >= 20 ? [] : ['does not say why it is there'],
  );

/** The console and the drill's trace know a state by its name alone. */
export function doubleNames(machine: Machine): string[] {
  const names = statesOf(machine).map(([name]) => name);
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

export const lostTransitions = (machine: Machine): string[] =>
  scopesOf(machine).flatMap((scope) =>
    [['StartAt', scope.StartAt] as const, ...transitionsOf(scope)]
      .filter(([, to]) => scope.States[to] === undefined)
      .map(([from, to]) => `${from}: goes to ${to}, which is not in its scope`),
  );

const transitionsOf = (scope: Scope): (readonly [string, string])[] =>
  Object.entries(scope.States).flatMap(([name, state]) => nextOf(state).map((to) => [name, to] as const));

export const unreachableStates = (machine: Machine): string[] =>
  scopesOf(machine).flatMap((scope) => {
    const reached = new Set<string>();
    const toVisit = [scope.StartAt];
    for (let name = toVisit.pop(); name !== undefined; name = toVisit.pop()) {
      if (reached.has(name)) continue;
      reached.add(name);
      const state = scope.States[name];
      if (state !== undefined) toVisit.push(...nextOf(state));
    }
    return Object.keys(scope.States).filter((name) => !reached.has(name));
  });

/** Choices that fail where nothing matches. */
export const choicesWithoutDefault = (machine: Machine): string[] =>
  statesOf(machine)
    .filter(([, state]) => state.Type === 'Choice' && state.Default === undefined)
    .map(([name]) => name);

/**
 * Tests of a type or of presence that ask for `false`. The interpreter of the drill takes them for never true, so that what
 * it proves is not what AWS does; `Not` means the same in both.
 */
export const negatedTests = (machine: Machine): string[] =>
  eachState(machine, (_, state) =>
    [...JSON.stringify(state.Choices ?? []).matchAll(/"(?<test>Is[A-Z][a-zA-Z]*)":false/g)].map(
      (found) => `asks for ${found.groups?.['test'] ?? ''} false; write Not`,
    ),
  );
