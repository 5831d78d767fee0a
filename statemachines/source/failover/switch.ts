import { choice, isTrue, note, step, when, type States } from '../shape.ts';

/* The move of all users, and what it comes to. */

export const switching: States = {
  'Switch to the standby': step('move-route', {
    comment:
      'One conditional write moves all traffic; it names the evidence that the standby was seen healthy.',
    payload: {
      'run.$': '$.run',
      'lease.$': '$.lease.value',
      to: 'standby',
      'prepared.$': '$.prepared',
      'move.$': '$.plan.move',
    },
    result: '$.switched',
    seconds: 125,
    retry: 'soon',
    failure: [
      { next: 'May the standby be looked at again?', errors: ['StandbyLookTooOld'] },
      { next: 'Is a planned move given up behind the shield?' },
    ],
    next: 'Verify the standby through the edge',
  }),

  'Verify the standby through the edge': step('verify-route', {
    comment: 'Asked as a user would ask, until the streak of good answers is complete everywhere.',
    payload: {
      'run.$': '$.run',
      'lease.$': '$.lease.value',
      origin: 'standby',
      'movedAt.$': '$.switched.value.movedAt',
    },
    result: '$.verified',
    seconds: 845,
    retry: 'waits',
    failure: 'Return to the shield',
    next: 'Was it a dry run?',
  }),

  'Was it a dry run?': choice(
    'A rehearsal on paper must not be recorded as a failover.',
    [when(isTrue('$.run.dryRun'), 'It was a dry run')],
    'It failed over',
  ),

  'It was a dry run': note('Every step was planned, none was done.', {
    value: { name: 'DryRun' },
    at: '$.outcome',
    next: 'See where the users are',
  }),

  'It failed over': note('Everybody is served by the standby.', {
    value: { name: 'FailedOver' },
    at: '$.outcome',
    next: 'See where the users are',
  }),

  'Return to the shield': step('move-route', {
    comment: 'Neither side is known to be good: the honest page is the safe place to wait for a person.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value', to: 'maintenance' },
    result: '$.reshielded',
    seconds: 125,
    retry: 'soon',
    failure: { next: 'Stop preparing', at: '$.shieldFailure' },
    next: 'Stop preparing',
  }),

  'Did only a dry run fail?': choice(
    'A rehearsal on paper touched nothing: nobody is called out of bed for it.',
    [when(isTrue('$.run.dryRun'), 'The dry run found a fault')],
    'Escalate',
  ),

  'The dry run found a fault': note('What would fail on the day is told as that, and as nothing more.', {
    value: { name: 'DryRun' },
    at: '$.outcome',
    next: 'See where the users are',
  }),

  Escalate: note(
    "Whatever could not be done safely becomes a person's decision; the route stays where it is.",
    { value: { name: 'Escalated' }, at: '$.outcome', next: 'See where the users are' },
  ),
};
