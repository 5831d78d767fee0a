import {
  followedEvent,
  followedStates,
  followFilter,
  LAST_STATE,
  phaseOfState,
} from '../../../core/slack/thread.ts';
import { workflowNames } from '../../../core/names.ts';
import { readWorkflow } from '../../../statemachines/load.ts';
import { statesOf } from '../../../drill/engine/executions.ts';

const types = new Map(
  workflowNames.flatMap((workflow) => {
    const { States } = JSON.parse(readWorkflow(workflow)) as { States: Parameters<typeof statesOf>[0] };
    return statesOf(States).map(([name, { Type }]) => [name, Type] as const);
  }),
);

describe('the thread of a run', () => {
  it('follows only states that a workflow has, of types that the log filter lets through', () => {
    const found = [...followedStates, LAST_STATE].map((name) => [name, types.get(name)]);
    expect(found.filter(([, type]) => !['Task', 'Pass', 'Fail'].includes(type ?? 'missing'))).toEqual([]);
    expect(found.length).toBeGreaterThan(10);
  });

  it('has a line for a phase and none for a detail', () => {
    expect(phaseOfState('Switch to the standby')).toEqual({
      id: 'switch',
      line: 'The route moves to the standby.',
      opens: true,
    });
    // It comes late where a degraded site is moved, and early everywhere else: then the message is not there yet.
    expect(phaseOfState('Raise the shield')).toMatchObject({ id: 'shield', opens: false });
    expect(phaseOfState('Wait for the pipeline')).toBeNull();
    expect(phaseOfState('constructor')).toBeNull();
  });

  it.each([
    ['TaskStateEntered', 'Switch to the standby', 'phase'],
    ['PassStateEntered', 'No approval is needed', 'phase'],
    ['FailStateEntered', 'Silence means abort', 'phase'],
    ['TaskStateEntered', 'Announce the outcome', 'end'],
    ['ExecutionAborted', undefined, 'end'],
    ['ExecutionTimedOut', undefined, 'end'],
    ['ExecutionFailed', undefined, 'end'],
    ['TaskStateExited', 'Switch to the standby', undefined],
    ['ExecutionSucceeded', undefined, undefined],
    ['TaskStateEntered', undefined, undefined],
    ['toString', undefined, undefined],
  ])('reads %s of %s as %s', (type, state, kind) => {
    expect(followedEvent(type, state)?.kind).toBe(kind);
  });

  it('asks the log for what it reads and for nothing else, within the limit of a filter', () => {
    expect(followFilter).toBe(
      '{ ($.type = "TaskStateEntered") || ($.type = "PassStateEntered") || ($.type = "FailStateEntered") || ' +
        '($.type = "ExecutionAborted") || ($.type = "ExecutionTimedOut") || ($.type = "ExecutionFailed") }',
    );
  });
});
