import { readWorkflow } from '../../statemachines/load.ts';
import { nextOf, type Machine } from './machine.ts';

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

  /** The same by failures too. */
  const waysTo = (target: string): string[] =>
    Object.entries(machine.States)
      .filter(([, state]) => nextOf(state).includes(target))
      .map(([name]) => name);

  it('raises the shield only on a confirmed outage or a person’s word', () => {
    expect(leadingTo('Raise the shield')).toEqual([
      'Did a person vouch for the outage?',
      'What do the signals say?',
      // A planned move with everything ready, and one whose primary has died half-way.
      'May the planned move go on?',
      'Was the move planned?',
      'Note when it became a failover',
      // A degraded site: its standby is ready, and only now do users see the page.
      'Has the primary come back?',
    ]);
    expect(leadingTo('Note when it became a failover')).toEqual(['The planned move becomes a failover']);
    expect(leadingTo('The planned move becomes a failover')).toEqual([
      'Can users go home?',
      'Was the move planned?',
      'Has the primary come back?',
      'Was an outage confirmed?',
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
    expect(leadingTo('Do the users go in shares?')).toEqual([
      'Is there data to apply last?',
      'Apply the last data',
      'The standby is still ready',
    ]);
    expect(leadingTo('Is there data to apply last?')).toEqual(['Do others have to move first?']);
    expect(leadingTo('Do others have to move first?')).toEqual(['Has the primary come back?']);
    expect(leadingTo('The standby is still ready')).toEqual(['Is the standby still ready?']);
    expect(leadingTo('Has the primary come back?')).toEqual(['Look again at the primary']);
    expect(leadingTo('Look again at the primary')).toEqual([
      'Prepare the standby',
      'Have the others moved?',
      'The others have moved',
      'Does it go on to the standby?',
    ]);
    expect(leadingTo('Prepare the standby')).toEqual([
      'Does it last too long?',
      'May the planned move go on?',
      'Must people hear that it is a failover now?',
      'Say that it is a failover now',
      'Raise the shield again',
    ]);
    expect(leadingTo('Must people hear that it is a failover now?')).toEqual(['Raise the shield']);
  });

  it('looks at the data of a planned move before it begins, and before users see the page', () => {
    expect(leadingTo('Look at the data of the planned move')).toEqual([
      'Did a person vouch for the outage?',
      'Has the primary come back?',
    ]);
    expect(machine.States['May the planned move go on?']).toMatchObject({
      Choices: [
        {
          And: [
            { Variable: '$.loss.value.refused', BooleanEquals: false },
            { Variable: '$.prepared', IsPresent: true },
          ],
          Next: 'Raise the shield',
        },
        { Variable: '$.loss.value.refused', BooleanEquals: false, Next: 'Prepare the standby' },
      ],
      Default: 'The planned move is refused',
    });
  });

  it('leads every failure of a planned move home until its users are on the standby, and no other', () => {
    const planned = { Variable: '$.plan.move', StringEquals: 'planned' };
    for (const [name, otherwise] of [
      ['Is a planned move given up?', 'Stop preparing'],
      ['Is a planned move given up behind the shield?', 'Return to the shield'],
    ] as const) {
      expect(machine.States[name]).toMatchObject({
        Choices: [{ ...planned, Next: 'Look whether users can go home' }],
        Default: otherwise,
      });
    }
    expect(waysTo('Look whether users can go home')).toEqual([
      'Look at the data of the planned move',
      'The planned move is refused',
      'Is a planned move given up?',
      'Is a planned move given up behind the shield?',
    ]);
    expect(waysTo('Is a planned move given up?')).toEqual([
      'Raise the shield',
      'Prepare the standby',
      'Look again at the primary',
      'Look again at the standby',
      'The standby is not ready any more',
      'Hold before the shield',
      'Hold behind the shield',
    ]);
    expect(waysTo('Is a planned move given up behind the shield?')).toEqual([
      'Apply the last data',
      'May the standby be looked at again?',
      'Send a share to the standby',
      'Switch to the standby',
    ]);
  });

  it('moves nobody before the last data are applied, and applies them once no write can come any more', () => {
    expect(machine.States['Is there data to apply last?']).toMatchObject({
      Choices: [
        {
          Or: [
            { Variable: '$.plan.handsOver', BooleanEquals: true },
            { Variable: '$.plan.move', StringEquals: 'planned' },
          ],
          Next: 'Apply the last data',
        },
      ],
      Default: 'Do the users go in shares?',
    });
    expect(waysTo('Apply the last data')).toEqual(['Is there data to apply last?']);
    expect(machine.States['Apply the last data']?.Catch).toEqual([
      // Heard before anything was asked for.
      expect.objectContaining({ ErrorEquals: ['HeldByOrder'], Next: 'Hold behind the shield' }),
      expect.objectContaining({ ErrorEquals: ['CancelledByOrder'], Next: 'Are users behind the page?' }),
      expect.objectContaining({
        ErrorEquals: ['States.ALL'],
        Next: 'Is a planned move given up behind the shield?',
      }),
    ]);
    // After it the standby may write: no way of a failover leads home from there by itself.
    const byOrder = ['Hold behind the shield', 'Are users behind the page?'];
    const reached = new Set(['Apply the last data']);
    for (const name of reached)
      for (const next of nextOf(machine.States[name]!))
        if (next !== 'Look whether users can go home' && !byOrder.includes(next)) reached.add(next);
    expect([...reached].filter((name) => /Lower the shield|Apply the last data/.test(name))).toEqual([
      'Apply the last data',
    ]);
  });

  it('measures the loss before it is decided whether people are asked', () => {
    const [gate] = machine.States['Prepare the standby']!.Branches!;
    expect(gate!.StartAt).toBe('Measure what would be lost');
    const waysIn = Object.entries(gate!.States)
      .filter(([, state]) => nextOf(state).includes('Is an approval needed?'))
      .map(([name]) => name);
    expect(waysIn).toEqual(['Measure what would be lost', 'Nobody knows what would be lost']);
    expect(gate!.States['Is an approval needed?']?.Choices?.map(({ Next }) => Next)).toEqual([
      'Begin asking',
      'Is there anybody to ask?',
      'No approval is needed',
    ]);
    expect(gate!.States['Is there anybody to ask?']).toMatchObject({
      Choices: [{ Variable: '$.plan.hasApprovers', BooleanEquals: true, Next: 'Begin asking' }],
      Default: 'Say that the loss is above the limit',
    });
  });

  it('raises the shield after a hold only with everything that it needs looked at anew', () => {
    expect(machine.States['Does it go on to the shield?']?.Default).toBe(
      'Did a person vouch for the outage?',
    );
    expect(machine.States['Does it go on to the standby?']?.Default).toBe('Look again at the primary');
  });

  it('takes users home after a cancel where the primary was seen well, and puts the standby away after them', () => {
    expect(waysTo('Lower the shield after the cancel')).toEqual(['Is the primary well?']);
    expect(machine.States['Is the primary well?']).toMatchObject({
      Choices: [
        { Variable: '$.watch.value.well', BooleanEquals: true, Next: 'Lower the shield after the cancel' },
      ],
      Default: 'Stop preparing after the cancel',
    });
    expect(waysTo('It was cancelled')).toEqual(['Stop preparing after the cancel']);
  });

  it('hears no order once users may be on the standby, but for the end of a share', () => {
    for (const name of [
      'Send a share to the standby',
      'Switch to the standby',
      'Verify the standby through the edge',
    ])
      expect(JSON.stringify(machine.States[name])).not.toMatch(/ByOrder|mayHold/);
  });

  it('goes back to the shield wherever a share of the users fared badly', () => {
    const back = (next: string): unknown =>
      expect.objectContaining({ ErrorEquals: ['States.ALL'], Next: next });
    expect(machine.States['Hold the share']?.Catch).toEqual([back('Return to the shield')]);
    expect(machine.States['Verify the standby through the edge']?.Catch).toEqual([
      back('Return to the shield'),
    ]);
    for (const name of ['Send a share to the standby', 'Switch to the standby']) {
      expect(machine.States[name]?.Catch).toEqual([
        expect.objectContaining({
          ErrorEquals: ['StandbyLookTooOld'],
          Next: 'May the standby be looked at again?',
        }),
        back('Is a planned move given up behind the shield?'),
      ]);
    }
  });

  it('looks again at the standby a bounded number of times', () => {
    expect(waysTo('Look again at the standby')).toEqual(['Count the looks at the standby']);
    expect(machine.States['May the standby be looked at again?']).toMatchObject({
      Choices: [{ Variable: '$.standbyLooks.again', NumericLessThan: 2 }],
      Default: 'Is a planned move given up behind the shield?',
    });
  });

  it('calls a person only after a cancel, wherever a pipeline may have been started', () => {
    expect(waysTo('Escalate')).toEqual(['Did only a dry run fail?']);
    // Before the lease there is nothing to cancel.
    expect(waysTo('Did only a dry run fail?')).toEqual(['Take the lease', 'Stop preparing']);
  });

  it('tells nobody of a false outage where only a dry run failed', () => {
    expect(machine.States['Did only a dry run fail?']).toMatchObject({
      Choices: [{ Variable: '$.run.dryRun', BooleanEquals: true, Next: 'The dry run found a fault' }],
      Default: 'Escalate',
    });
    expect(machine.States['The dry run found a fault']?.Result).toEqual({ name: 'DryRun' });
  });

  it('ends red where nobody could be told, and gives the lease back by another way where the record fails', () => {
    expect(waysTo('Nobody was told')).toEqual(['Announce the outcome']);
    expect(machine.States['Nobody was told']?.Type).toBe('Fail');
    expect(machine.States['Record the outcome']?.Catch).toMatchObject([{ Next: 'Record it in short' }]);
    expect(waysTo('Must people be told?')).toEqual(['Record the outcome', 'Record it in short']);
  });

  it('records a walk on paper under a name of its own', () => {
    expect(leadingTo('It failed over')).toEqual(['Was it a dry run?']);
    expect(leadingTo('It was a dry run')).toEqual(['Was it a dry run?']);
    expect(machine.States['Was it a dry run?']?.Default).toBe('It failed over');
  });

  it('records every ending, and ends only after that', () => {
    expect(leadingTo('Record the outcome')).toEqual([
      'There is nothing to do',
      'Must the standby be parked again?',
      'Park the standby again',
    ]);
    expect(leadingTo('Must the standby be parked again?')).toEqual(['See where the users are']);
    expect(leadingTo('See where the users are')).toEqual([
      'It is degraded',
      'It was a false alarm',
      'It was rejected',
      'The site is home',
      'It was cancelled',
      'It was a dry run',
      'It failed over',
      'The dry run found a fault',
      'Escalate',
    ]);
    const ends = Object.entries(machine.States).filter(([, state]) =>
      ['Succeed', 'Fail'].includes(state.Type),
    );
    expect(ends.map(([name]) => name)).toEqual([
      'Refused at the door',
      'Dry run done',
      'Rejected',
      'Cancelled',
      'Failed over',
      'Stood down',
      'It stays degraded',
      'Nothing to do',
      'Escalated',
      'Nobody was told',
    ]);
  });
});
