import { readWorkflow } from '../../statemachines/load.ts';
import type { Machine } from './machine.ts';

/*
 * Goal: nothing that could hurt users is done before what makes it safe, by any way through the workflow.
 */

const machine = JSON.parse(readWorkflow('failover')) as Machine;

describe('failover workflow: the order that keeps users safe', () => {
  /** The states from which one may come to a state, in its own scope. */
  const leadingTo = (target: string): string[] =>
    Object.entries(machine.States)
      .filter(([, state]) =>
        [state.Next, state.Default, ...(state.Choices ?? []).map((choice) => choice.Next)].includes(target),
      )
      .map(([name]) => name);

  it('raises the shield only on a confirmed outage or a person’s word', () => {
    expect(leadingTo('Raise the shield')).toEqual([
      'Did a person vouch for the outage?',
      'What do the signals say?',
      // A degraded site: its standby is ready, and only now do users see the page.
      'Has the primary come back?',
    ]);
  });

  it('switches only after the standby is prepared and the primary was looked at again', () => {
    expect(leadingTo('Switch to the standby')).toEqual([
      'Do the users go in shares?',
      'Is there another share?',
    ]);
    expect(leadingTo('Is there another share?')).toEqual(['Hold the share']);
    expect(leadingTo('Hold the share')).toEqual(['Send a share to the standby']);
    expect(leadingTo('Send a share to the standby')).toEqual([
      'Begin with the first share',
      'Is there another share?',
    ]);
    expect(leadingTo('Begin with the first share')).toEqual(['Do the users go in shares?']);
    expect(leadingTo('Do the users go in shares?')).toEqual(['Has the primary come back?']);
    expect(leadingTo('Has the primary come back?')).toEqual(['Look again at the primary']);
    expect(leadingTo('Look again at the primary')).toEqual(['Prepare the standby']);
    expect(leadingTo('Prepare the standby')).toEqual([
      'Does it last too long?',
      'Raise the shield',
      'Raise the shield again',
    ]);
  });

  it('goes back to the shield wherever a share of the users fared badly', () => {
    for (const name of ['Send a share to the standby', 'Hold the share', 'Switch to the standby']) {
      expect(machine.States[name]?.Catch).toEqual([
        expect.objectContaining({ ErrorEquals: ['States.ALL'], Next: 'Return to the shield' }),
      ]);
    }
  });

  it('records a walk on paper under a name of its own', () => {
    expect(leadingTo('It failed over')).toEqual(['Was it a dry run?']);
    expect(leadingTo('It was a dry run')).toEqual(['Was it a dry run?']);
    expect(machine.States['Was it a dry run?']?.Default).toBe('It failed over');
  });

  it('records every ending, and ends only after that', () => {
    expect(leadingTo('Record the outcome')).toEqual([
      'There is nothing to do',
      'It is degraded',
      'It was a false alarm',
      'It was rejected',
      'The primary came back',
      'It was a dry run',
      'It failed over',
      'Escalate',
    ]);
    const ends = Object.entries(machine.States).filter(([, state]) =>
      ['Succeed', 'Fail'].includes(state.Type),
    );
    expect(ends.map(([name]) => name)).toEqual([
      'Refused at the door',
      'Dry run done',
      'Rejected',
      'Failed over',
      'Stood down',
      'It stays degraded',
      'Nothing to do',
      'Escalated',
    ]);
  });
});
