import validate from 'asl-validator';
import { EXECUTION_SECONDS_MAX } from '../../core/run/run.ts';
import * as errors from '../../core/errors.ts';
import { functionNames, functionTable } from '../../core/functions.ts';
import { bind, placeholdersIn, placeholdersOf, readWorkflow } from '../../statemachines/load.ts';
import {
  carelessTasks,
  choicesWithoutDefault,
  doubleNames,
  functionOf,
  lostTransitions,
  negatedTests,
  otherRetryLists,
  silentStates,
  tokenTasks,
  unknownErrors,
  unreachableStates,
  wrongRetries,
} from './checks.ts';
import { unsureChoices } from './sure-reads.ts';
import { OF_THE_WAY_HOME, statesOf, type Machine, type State } from './machine.ts';

/*
 * Goal: what can be known of the workflow without running it is right: names that match, limits that fit, no way that
 * leads nowhere.
 * Method: every rule is a list of what breaks it, empty for the real text and not empty for the same text with that one
 * thing broken.
 */

const OWN_FUNCTIONS = functionNames.filter((name) => !OF_THE_WAY_HOME.includes(name));

const text = readWorkflow('failover');
const machine = JSON.parse(text) as Machine;

/** The workflow with one thing changed in its text; the thing must be there. */
function broken(from: string, to: string): Machine {
  if (!text.includes(from)) throw new Error(`the workflow has no ${from}`);
  return JSON.parse(text.replace(from, to)) as Machine;
}

/** The workflow with one state of its outer scope changed. */
function withState(name: string, change: Partial<Record<keyof State, unknown>>): Machine {
  const state = machine.States[name];
  if (state === undefined) throw new Error(`the workflow has no state ${name}`);
  return { ...machine, States: { ...machine.States, [name]: { ...state, ...change } as State } };
}

const validation = (definition: string): { isValid: boolean; text: string } => {
  const bound = bind(
    definition,
    placeholdersOf((name) => `arn:aws:lambda:eu-west-1:111122223333:function:${name}`),
  );
  const result = validate(JSON.parse(bound) as Record<string, unknown>);
  return { isValid: result.isValid, text: result.errorsText('\n') };
};

/** One error of each class, so that what it says of itself can be asked. */
const facts = { call: 'a call', got: 'nothing', next: 'Wait.' };
const thrown: readonly errors.PilotlightError[] = [
  new errors.InvalidInput('It', []),
  new errors.CloudUnavailable(facts),
  new errors.CloudRefused(facts),
  new errors.CloudAnswerUnreadable('a call', []),
  new errors.LeaseLost(''),
  new errors.RouteContended(''),
  new errors.UnsafeMove(''),
  new errors.NotConverged(''),
  new errors.CanaryFailed(''),
  new errors.PipelineFailed(''),
  new errors.PipelineTimedOut(''),
  new errors.StandbyNotReady(''),
  new errors.LossAboveLimit(''),
  new errors.HeldByOrder(''),
  new errors.CancelledByOrder(''),
  new errors.LastDataNotApplied(''),
  new errors.PrimaryNotWell(''),
  new errors.GateShut(''),
  new errors.DataNotHome(''),
  new errors.StandbyLookTooOld(''),
  new errors.TooLittleTime(''),
];
const namesWhere = (retryable: boolean): string[] =>
  thrown.filter((error) => error.retryable === retryable).map((error) => error.name);
const byWorth = { retryable: namesWhere(true), final: namesWhere(false) };

describe('failover workflow: as a text', () => {
  it('is valid Amazon States Language', () => {
    expect(validation(text)).toEqual({ isValid: true, text: '' });
  });

  it('would be found invalid with a misspelt field', () => {
    expect(validation(text.replace('"SecondsPath"', '"SecondPath"')).isValid).toBe(false);
  });

  it('uses every function of the table but those of the way home, and nothing else, as a placeholder', () => {
    const rows = OWN_FUNCTIONS.map((name) => functionTable[name].placeholder);
    expect([...placeholdersIn(text)].sort()).toEqual([...rows].sort());
  });

  it('ends by itself at the limit that the drill holds every run against', () => {
    expect(machine.TimeoutSeconds).toBe(EXECUTION_SECONDS_MAX);
  });

  it('says what it is for', () => {
    expect(machine.Comment).toMatch(/^Pilotlight failover: /);
  });
});

describe('failover workflow: errors', () => {
  it('matches only errors that somebody throws', () => {
    expect(unknownErrors(machine)).toEqual([]);
  });

  it('would be found out with a misspelt error', () => {
    expect(unknownErrors(broken('"CloudUnavailable"', '"CloudUnavailible"'))).toEqual([
      'Begin: nobody throws CloudUnavailible',
    ]);
    expect(unknownErrors(broken('"PrimaryRecovered"],', '"PrimaryIsBack"],'))).toEqual([
      'Prepare the standby: nobody throws PrimaryIsBack',
    ]);
  });

  it('knows every error class of the core, and those that it raises itself', () => {
    // A Fail names its error, or a Pass before it writes it down as a Catch would.
    const raised = statesOf(machine).flatMap(([, state]) => {
      const noted = (state.Result as { Error?: string } | undefined)?.Error;
      return [state.Error, noted].filter((error) => error !== undefined);
    });
    // Words for a person, after which nothing is left to match.
    const words = ['Escalated', 'NobodyWasTold', 'StandbyHasWrites'];
    expect([...new Set(raised)].sort()).toEqual([
      'ApprovalRejected',
      'ApprovalTimedOut',
      'Escalated',
      'NobodyWasTold',
      'PrimaryDown',
      'PrimaryRecovered',
      'StandbyHasWrites',
      'StandbyNotReady',
    ]);
    const own = raised.filter((error) => !words.includes(error));
    expect([...new Set([...thrown.map((error) => error.name), ...own])].sort()).toEqual(
      [...errors.errorNames].sort(),
    );
  });

  it('retries in every task what a moment may mend, and nothing that it cannot', () => {
    expect(byWorth.retryable).toEqual(['CloudUnavailable', 'RouteContended', 'TooLittleTime']);
    expect(wrongRetries(machine, byWorth)).toEqual([]);
  });

  it('would be found out if it forgot one, or retried what is final', () => {
    expect(wrongRetries(broken('"CloudUnavailable",', ''), byWorth)).toEqual([
      'Begin: does not retry CloudUnavailable',
    ]);
    expect(wrongRetries(broken('"CloudUnavailable",', '"CloudUnavailable", "LeaseLost",'), byWorth)).toEqual([
      'Begin: retries LeaseLost, which changes nothing',
    ]);
  });

  it('retries throttling of Lambda, which a default retry leaves out, and every way in which an invocation dies', () => {
    const names = [
      'Lambda.TooManyRequestsException',
      'Lambda.Unknown',
      'Sandbox.Timedout',
      'Runtime.OutOfMemory',
      'Runtime.ExitError',
      'Runtime.UnhandledPromiseRejection',
    ];
    expect(wrongRetries(machine, { retryable: names, final: [] })).toEqual([]);
    expect(wrongRetries(broken('"Sandbox.Timedout",', ''), { retryable: names, final: [] })).toEqual([
      'Begin: does not retry Sandbox.Timedout',
    ]);
  });

  it('retries the same list first in every task', () => {
    expect(otherRetryLists(machine)).toEqual([]);
    expect(otherRetryLists(broken('"Runtime.ExitError",', ''))).toEqual([
      'Begin: does not retry Runtime.ExitError',
    ]);
    expect(otherRetryLists(broken('"Runtime.ExitError",', '"Runtime.ExitError", "NotConverged",'))).toEqual([
      'Begin: retries NotConverged, which is not in the list',
    ]);
  });
});

describe('failover workflow: tasks', () => {
  it('have the time of their function and five seconds, a Retry and a Catch for everything', () => {
    expect(carelessTasks(machine)).toEqual([]);
  });

  it.each<[string, Partial<Record<keyof State, unknown>>, string]>([
    ['no limit', { TimeoutSeconds: undefined }, 'Take the lease: TimeoutSeconds is missing, expected 20'],
    ['another limit', { TimeoutSeconds: 15 }, 'Take the lease: TimeoutSeconds is 15, expected 20'],
    ['no Retry', { Retry: undefined }, 'Take the lease: has no Retry'],
    ['no Catch', { Catch: undefined }, 'Take the lease: has no Catch for States.ALL'],
    [
      'a Catch for less than everything',
      { Catch: [{ ErrorEquals: ['LeaseLost'], Next: 'Escalate' }] },
      'Take the lease: has no Catch for States.ALL',
    ],
    [
      'no function of ours',
      { Parameters: { FunctionName: 'arn:aws:lambda:eu-west-1:1:function:other' } },
      'Take the lease: invokes no function of the table',
    ],
  ])('would be found out with %s', (_, change, problem) => {
    expect(carelessTasks(withState('Take the lease', change))).toEqual([problem]);
  });

  it('wait for a person in one place, where silence leads on', () => {
    expect(tokenTasks(machine)).toEqual([
      { name: 'Ask for approval', token: '$$.Task.Token', onSilence: 'Is there time left?' },
    ]);
    expect(statesOf(machine).find(([name]) => name === 'Ask for approval')?.[1].TimeoutSeconds).toBe(60);
  });

  it('would be found out with a round that is not that of the plan, or a token that is not handed out', () => {
    const waiting = '"TimeoutSeconds": 60';
    expect(carelessTasks(broken(waiting, '"TimeoutSeconds": 35'))).toEqual([
      'Ask for approval: TimeoutSeconds is 35, expected 60',
    ]);
    expect(tokenTasks(broken('"taskToken.$"', '"token.$"'))).toEqual([
      { name: 'Ask for approval', token: undefined, onSilence: 'Is there time left?' },
    ]);
    expect(tokenTasks(broken('.waitForTaskToken', ''))).toEqual([]);
  });

  it('invoke every function that the table has but those of the way home', () => {
    const invoked = statesOf(machine).flatMap(([, state]) =>
      state.Type === 'Task' ? [functionOf(state)] : [],
    );
    expect([...new Set(invoked)].sort()).toEqual([...OWN_FUNCTIONS].sort());
  });
});

describe('failover workflow: states', () => {
  it('are many, the branches among them', () => {
    const names = statesOf(machine).map(([name]) => name);
    expect(names.length).toBeGreaterThan(45);
    expect(names).toEqual(
      expect.arrayContaining(['Begin', 'Check the pipeline', 'Verify the shield through the edge']),
    );
  });

  it('say why they are there', () => {
    expect(silentStates(machine)).toEqual([]);
  });

  it('have names of their own, over all branches', () => {
    expect(doubleNames(machine)).toEqual([]);
  });

  it('go only to states that exist beside them', () => {
    expect(lostTransitions(machine)).toEqual([]);
  });

  it('can all be reached', () => {
    expect(unreachableStates(machine)).toEqual([]);
  });

  it('would be found out if silent, named twice, lost or out of reach', () => {
    expect(silentStates(withState('Escalate', { Comment: 'Escalate.' }))).toEqual([
      'Escalate: does not say why it is there',
    ]);
    const twice = { ...machine.States, 'Check the pipeline': machine.States['Escalate']! };
    expect(doubleNames({ ...machine, States: twice })).toEqual(['Check the pipeline']);
    expect(lostTransitions(withState('It failed over', { Next: 'Check the pipeline' }))).toEqual([
      'It failed over: goes to Check the pipeline, which is not in its scope',
    ]);
    expect(unreachableStates(withState('What do the signals say?', { Default: 'Escalate' }))).toEqual([
      'A person must judge',
    ]);
  });

  it('choose always something', () => {
    expect(choicesWithoutDefault(machine)).toEqual([]);
    expect(choicesWithoutDefault(withState('How did it end?', { Default: undefined }))).toEqual([
      'How did it end?',
    ]);
  });

  it('ask for what is there, and negate by Not', () => {
    expect(negatedTests(machine)).toEqual([]);
    const choices = [{ Variable: '$.shield', IsPresent: false, Next: 'Escalate' }];
    expect(negatedTests(withState('Did only a dry run fail?', { Choices: choices }))).toEqual([
      'Did only a dry run fail?: asks for IsPresent false; write Not',
    ]);
  });

  it('read only what is surely there', () => {
    expect(unsureChoices(machine)).toEqual([]);
  });

  it('would be found out where they read what only some ways write, or what anybody may hand back', () => {
    const choices = [{ Variable: '$.shield.value.origin', StringEquals: 'maintenance', Next: 'Escalate' }];
    expect(unsureChoices(withState('Did only a dry run fail?', { Choices: choices }))).toEqual([
      'Did only a dry run fail?: reads $.shield.value.origin, which may not be there',
    ]);
    const handed = '"Variable": "$.approval.decision",\n                      "IsPresent": true';
    expect(
      unsureChoices(broken(handed, '"Variable": "$.run",\n                      "IsPresent": true')),
    ).toEqual(['What was decided?: reads $.approval.decision, which may not be there']);
  });

  it.each([
    // What is not known must ask, stop or wait; it must never act.
    ['Is an approval needed?', 'Begin asking'],
    ['What was decided?', 'Is there time left?'],
    ['What does silence mean?', 'Silence means escalate'],
    ['Is it given?', 'Wait for the approval'],
    ['What do the signals say?', 'A person must judge'],
    ['Is the workload ours?', 'There is nothing to do'],
    ['How did it end?', 'Escalated'],
  ])('choose the careful way where they do not know: %s', (name, careful) => {
    expect(statesOf(machine).find(([found]) => found === name)?.[1].Default).toBe(careful);
  });

  it('catch everything around the branches, and a primary that came back or a rejection before the rest', () => {
    const caught = machine.States['Prepare the standby']?.Catch?.map((catcher) => [
      ...catcher.ErrorEquals,
      catcher.Next,
    ]);
    expect(caught).toEqual([
      ['PrimaryRecovered', 'Is there a shield to lower?'],
      ['PrimaryDown', 'Was the move planned?'],
      ['ApprovalRejected', 'Stop preparing after rejection'],
      ['CancelledByOrder', 'Are users behind the page?'],
      ['States.ALL', 'Is a planned move given up?'],
    ]);
  });
});
