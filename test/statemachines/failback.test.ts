import validate from 'asl-validator';
import { EXECUTION_SECONDS_MAX } from '../../core/run/run.ts';
import { bind, placeholdersOf, readWorkflow } from '../../statemachines/load.ts';
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
} from './checks.ts';
import { statesOf, type Machine, type State } from './machine.ts';
import { unsureChoices } from './sure-reads.ts';

/*
 * Goal: what can be known of the way home without running it is right. That each of these lists can find something is shown for the
 * failover, in failover.test.ts.
 */

const text = readWorkflow('failback');
const machine = JSON.parse(text) as Machine;
const names = statesOf(machine).map(([name]) => name);

const stateOf = (name: string): State => {
  const found = statesOf(machine).find(([known]) => known === name);
  if (found === undefined) throw new Error(`the workflow has no state ${name}`);
  return found[1];
};

/** Where every failure of a state leads. */
const onFailure = (name: string): string | undefined =>
  stateOf(name).Catch?.find(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'))?.Next;

describe('failback workflow: as a text', () => {
  it('is valid Amazon States Language, and ends by itself at the limit of every execution', () => {
    const arns = placeholdersOf((name) => `arn:aws:lambda:eu-west-1:111122223333:function:${name}`);
    const result = validate(JSON.parse(bind(text, arns)) as Record<string, unknown>);
    expect([result.isValid, result.errorsText('\n')]).toEqual([true, '']);
    expect(machine.TimeoutSeconds).toBe(EXECUTION_SECONDS_MAX);
  });

  it('retries, catches and names its states as the failover does', () => {
    expect(unknownErrors(machine)).toEqual([]);
    expect(otherRetryLists(machine)).toEqual([]);
    expect(carelessTasks(machine)).toEqual([]);
    expect(silentStates(machine)).toEqual([]);
    expect(doubleNames(machine)).toEqual([]);
    expect(lostTransitions(machine)).toEqual([]);
    expect(unreachableStates(machine)).toEqual([]);
    expect(choicesWithoutDefault(machine)).toEqual([]);
    expect(negatedTests(machine)).toEqual([]);
    expect(unsureChoices(machine)).toEqual([]);
  });

  it('waits for a person in one place, where silence leads on', () => {
    expect(tokenTasks(machine)).toEqual([
      { name: 'Ask for approval', token: '$$.Task.Token', onSilence: 'Is there time left?' },
    ]);
  });

  it('has its steps in the order in which an operator would tell them', () => {
    const told = [
      ...['Begin', 'Take the lease', 'See the primary well', 'Export the orphans', 'Look at the gates'],
      ...[
        'Dump the data of the standby',
        'Load the data beside the old ones',
        'Say how long the page will be up',
      ],
      ...['Ask whether users go home', 'Raise the shield', 'Verify the shield through the edge'],
      ...['Dump the last data', 'Load the last data', 'Compare the data of the primary', 'Route home'],
      ...['Verify the primary through the edge', 'Begin a new backup at home', 'Put the standby away'],
      ...['Record the outcome', 'Announce the outcome', 'Came home'],
    ];
    expect(told.filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe('failback workflow: failures', () => {
  it.each([
    'Raise the shield',
    'Verify the shield through the edge',
    'Look at the gates again',
    'Dump the last data',
    'Load the last data',
    'Count the data of the standby',
    'Compare the data of the primary',
    'Note that both sides hold the same',
    'See that nothing is missing on the primary',
    'See the primary well again',
    'Send a share home',
    'Route home',
  ])('lead back to the standby until the route is moved: %s', (name) => {
    expect(onFailure(name)).toBe('Return to the standby');
  });

  it.each([
    'Export the orphans',
    'Look at the gates',
    'Dump the data of the standby',
    'Say how long the page will be up',
  ])('leave users where they are before the page: %s', (name) => {
    expect(onFailure(name)).toBe('Give up the way home');
  });

  it.each(['Begin a new backup at home', 'Let the standby follow again', 'Put the standby away'])(
    'take nobody away once they are home: %s',
    (name) => {
      expect(['Must the standby follow again?', 'Is the standby put away?', 'The site came home']).toContain(
        onFailure(name),
      );
    },
  );

  it('never call a step that moves users anywhere but home, to the page, or back', () => {
    const moves = statesOf(machine)
      .filter(([, state]) => state.Type === 'Task' && functionOf(state) === 'move-route')
      .map(([name, state]) => {
        const { Payload } = state.Parameters as { Payload: { to: string } };
        return [name, Payload.to];
      });
    expect(moves).toEqual([
      ['Raise the shield', 'maintenance'],
      ['Send a share home', 'maintenance'],
      ['Route home', 'primary'],
      ['Return to the standby', 'standby'],
      ['Return to the shield', 'maintenance'],
    ]);
  });
});
