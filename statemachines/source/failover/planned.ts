import { all, choice, is, isFalse, isPresent, isTrue, not, note, step, when, type States } from '../shape.ts';

/*
 * A planned move: the primary is well. Nobody sees the page before everything else is ready, until the switch every failure leads
 * home, and a primary that dies half-way makes it a failover.
 */

/** It began as a planned move and is one still. */
export const isPlanned = is('$.plan.move', { StringEquals: 'planned' });

/** The states of a planned move that no other run enters, and where a failure asks whether it is one. */
export const plannedMove: States = {
  'Look at the data of the planned move': step('measure-loss', {
    comment:
      'Twice: before anything is begun, and before users see the page. What is silent or behind now would keep them there.',
    payload: {
      'run.$': '$.run',
      'lease.$': '$.lease.value',
      'state.$': '$',
      'move.$': '$.plan.move',
    },
    result: '$.loss',
    seconds: 50,
    retry: 'soon',
    failure: 'Look whether users can go home',
    next: 'May the planned move go on?',
  }),

  'May the planned move go on?': choice(
    'Only with data that can be whole. First everything is prepared, with users on the primary; then they see the page.',
    [
      when(all(isFalse('$.loss.value.refused'), isPresent('$.prepared')), 'Raise the shield'),
      when(isFalse('$.loss.value.refused'), 'Prepare the standby'),
    ],
    'The planned move is refused',
  ),

  'The planned move is refused': note('Whoever planned it hears what stands against it.', {
    from: { Error: 'PlannedMoveRefused', 'Cause.$': '$.loss.value.sentence' },
    at: '$.failure',
    next: 'Look whether users can go home',
  }),

  'Is a planned move given up?': choice(
    'A planned move leaves nobody behind the page: its primary is well, so whatever fails leads home.',
    [when(isPlanned, 'Look whether users can go home')],
    'Stop preparing',
  ),

  'Is a planned move given up behind the shield?': choice(
    'As before the shield. What is no planned move goes back behind it.',
    [when(isPlanned, 'Look whether users can go home')],
    'Return to the shield',
  ),

  'Look whether users can go home': step('confirm-outage', {
    comment:
      'A primary that has died meanwhile is no home. Where neither is clear, the way home is verified.',
    payload: {
      'run.$': '$.run',
      'lease.$': '$.lease.value',
      purpose: 'home',
      'move.$': '$.plan.move',
    },
    result: '$.watch',
    seconds: 255,
    retry: 'soon',
    failure: { next: 'Is there a shield to lower?', at: '$.watchFailure' },
    next: 'Can users go home?',
  }),

  'Can users go home?': choice(
    'With the primary down, the move that was planned is the failover that is needed.',
    [when(isTrue('$.watch.value.down'), 'The planned move becomes a failover')],
    'Is there a shield to lower?',
  ),

  'Was the move planned?': choice(
    'A degraded primary that dies takes nothing with it but the waiting; of a planned move it takes the promise.',
    [when(isPlanned, 'The planned move becomes a failover')],
    'Raise the shield',
  ),

  'The planned move becomes a failover': note(
    'It goes on ungracefully, in the same run: with what was shipped, and with the policy of a failover.',
    { value: 'failover', at: '$.plan.move', next: 'Note when it became a failover' },
  ),

  'Note when it became a failover': note('The record counts from here.', {
    from: { 'at.$': '$$.State.EnteredTime' },
    at: '$.ungraceful',
    next: 'Raise the shield',
  }),

  'Must people hear that it is a failover now?': choice(
    'They planned a move that loses nothing. The shield is up before they are told.',
    [
      when(
        all(isPresent('$.ungraceful'), not(isPresent('$.toldUngraceful'))),
        'Say that it is a failover now',
      ),
    ],
    'Prepare the standby',
  ),

  'Say that it is a failover now': step('announce', {
    comment: 'People hear at once that writes may be lost.',
    payload: { 'state.$': '$' },
    result: '$.toldUngraceful',
    seconds: 35,
    retry: 'brief',
    failure: { next: 'Prepare the standby', at: '$.toldUngraceful' },
    next: 'Prepare the standby',
  }),
};
