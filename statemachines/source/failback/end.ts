import { end as failoverEnd } from '../failover/end.ts';
import {
  choice,
  is,
  isPresent,
  isTrue,
  like,
  note,
  same,
  step,
  succeed,
  when,
  type States,
} from '../shape.ts';

/* How it is given up, where the users are in the end, the record, and who is told. */

export const end: States = {
  'Return to the standby': step('move-route', {
    comment:
      'Nobody was on the primary: users go back to the standby as it was, with nothing lost. Where somebody was, the store refuses it.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value', to: 'standby' },
    result: '$.home.returned',
    seconds: 125,
    retry: 'soon',
    failure: { next: 'A person is needed', at: '$.returnFailure' },
    next: 'Verify the standby through the edge',
  }),

  'Verify the standby through the edge': step('verify-route', {
    comment: 'Asked as a user would ask, until the streak of good answers is complete everywhere.',
    payload: {
      'run.$': '$.run',
      'lease.$': '$.lease.value',
      origin: 'standby',
      'movedAt.$': '$.home.returned.value.movedAt',
    },
    result: '$.verified',
    seconds: 845,
    retry: 'waits',
    failure: { next: 'A person is needed', at: '$.returnFailure' },
    next: 'Give up the way home',
  }),

  'Give up the way home': choice(
    'What was loaded beside the data of the primary is thrown away, where anything was.',
    [when(isPresent('$.home.dumped'), 'Throw away what was loaded')],
    'Users stay on the standby',
  ),

  'Throw away what was loaded': step('carry-home', {
    comment:
      'It only takes room there. Nobody waits for it, and a later way home begins anew whatever comes of it.',
    payload: {
      'run.$': '$.run',
      'lease.$': '$.lease.value',
      task: { what: 'discard' },
      as: 'discard',
      behindThePage: true,
      'since.$': '$$.State.EnteredTime',
    },
    result: '$.home.discarded',
    seconds: 845,
    retry: 'waits',
    failure: { next: 'Users stay on the standby', at: '$.discardFailure' },
    next: 'Users stay on the standby',
  }),

  'Users stay on the standby': choice(
    'A rehearsal on paper touched nothing.',
    [when(isTrue('$.run.dryRun'), 'It was a dry run')],
    'The way home was given up',
  ),

  'The way home was given up': note('Users are where they were, and nothing was lost.', {
    value: { name: 'StayedAway' },
    at: '$.outcome',
    next: 'See where the users are',
  }),

  'Return to the shield': step('move-route', {
    comment:
      'A share of the users was on the primary, and was not served well: the honest page is the safe place to wait for a person.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value', to: 'maintenance' },
    result: '$.reshielded',
    seconds: 125,
    retry: 'soon',
    failure: { next: 'A person is needed', at: '$.shieldFailure' },
    next: 'A person is needed',
  }),

  'The site did not stay well at home': note(
    'The users are on the primary, and so are their newest writes. Automation is armed: where the primary is down a new failover begins at once.',
    { value: { name: 'Escalated' }, at: '$.outcome', next: 'See where the users are' },
  ),

  'A person is needed': note('Nobody knows where the users would be well: a person decides.', {
    value: { name: 'Escalated' },
    at: '$.outcome',
    next: 'See where the users are',
  }),

  'The site came home': choice(
    'A rehearsal on paper must not be recorded as a way home.',
    [when(isTrue('$.run.dryRun'), 'It was a dry run')],
    'Everybody is home',
  ),

  'Everybody is home': note(
    'The primary serves, with everything that was written on the standby. Automation is armed again.',
    {
      value: { name: 'CameHome' },
      at: '$.outcome',
      next: 'See where the users are',
    },
  ),

  'It was a dry run': note('Every step was planned, none was done.', {
    value: { name: 'DryRun' },
    at: '$.outcome',
    next: 'See where the users are',
  }),

  'See where the users are': like(failoverEnd, 'See where the users are', { Next: 'Record the outcome' }),

  ...same(failoverEnd, [
    'Record the outcome',
    'Record it in short',
    'Announce the outcome',
    'Nobody was told',
    'Nothing to do',
    'Escalated',
  ]),

  'Must people be told?': choice(
    'A run that had nothing to do is recorded and wakes nobody.',
    [when(is('$.outcome.name', { StringEquals: 'NothingToDo' }), 'Nothing to do')],
    'Announce the outcome',
  ),

  'How did it end?': choice(
    'The execution ends under the name of its outcome.',
    [
      when(is('$.outcome.name', { StringEquals: 'CameHome' }), 'Came home'),
      when(is('$.outcome.name', { StringEquals: 'StayedAway' }), 'Stayed away'),
      when(is('$.outcome.name', { StringEquals: 'DryRun' }), 'Dry run done'),
    ],
    'Escalated',
  ),

  'Came home': succeed('The primary serves; the standby is put away, or being put away.'),

  'Stayed away': succeed('Users are on the standby as before; the record says why.'),

  'Dry run done': succeed('Nothing was changed; the record tells what would have been.'),
};
