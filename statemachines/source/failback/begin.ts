import { door } from '../failover/door.ts';
import { orders } from '../orders.ts';
import { choice, isFalse, isTrue, like, note, same, step, wait, when, type States } from '../shape.ts';

/* What comes in, and whether the primary could take its users back. */

export const begin: States = {
  Begin: step('begin', {
    comment:
      "Turn the person's input into one context; whatever is wrong with it is refused here, before anything is touched.",
    payload: {
      'input.$': '$',
      'execution.$': '$$.Execution.Name',
      'startedAt.$': '$$.Execution.StartTime',
      workflow: 'failback',
    },
    keep: { 'run.$': '$.Payload.run', 'plan.$': '$.Payload.plan' },
    seconds: 15,
    retry: 'soon',
    failure: 'Refused at the door',
    next: 'Take the lease',
  }),

  ...same(door, ['Refused at the door', 'There is nothing to do']),

  'Take the lease': step('take-lease', {
    comment:
      'One execution at a time acts on a workload. Users must all be on the standby: only from there it goes home.',
    payload: { 'run.$': '$.run' },
    result: '$.lease',
    seconds: 20,
    retry: 'soon',
    failure: 'Users stay on the standby',
    next: 'Is the workload ours?',
  }),

  'Is the workload ours?': like(door, 'Is the workload ours?', {
    Comment: 'Held by another, or the users are not on the standby: end quietly.',
    Choices: [when(isTrue('$.lease.value.taken'), 'Note since when it is waited for the primary')],
  }),

  'Note since when it is waited for the primary': note(
    'The time limit counts from here, and that of carrying the data from the end of the waiting.',
    { from: { 'since.$': '$$.State.EnteredTime' }, at: '$.home', next: 'See the primary well' },
  ),

  'See the primary well': step('see-primary-well', {
    comment:
      'From every place, by the page that needs its database, for as long as a recovery must last; and by its load balancer.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value', 'waitingSince.$': '$.home.since' },
    result: '$.home.primary',
    seconds: 50,
    retry: 'patient',
    failure: [...orders({ cancelled: 'Users stay on the standby' }), { next: 'Users stay on the standby' }],
    next: 'Is the primary well?',
  }),

  'Is the primary well?': choice(
    'The step itself gives up at its time limit, and names what is not well.',
    [
      when(isFalse('$.home.primary.value.well'), 'Wait for the primary'),
      when(isTrue('$.plan.carriesHome'), 'Note since when the data are carried home'),
    ],
    'No data are carried home',
  ),

  'Wait for the primary': wait(
    'A recovery takes a minute without a bad answer; a look each few seconds is enough.',
    '$.plan.standbyPollSeconds',
    'See the primary well',
  ),
};
