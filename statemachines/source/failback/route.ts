import { move } from '../failover/move.ts';
import { orders, safePoint } from '../orders.ts';
import { all, choice, isFalse, isTrue, like, step, when, type States } from '../shape.ts';

/* The users, in shares or at once, and what follows once they are home. */

const MOVE = {
  'run.$': '$.run',
  'lease.$': '$.lease.value',
  'prepared.$': '$.home',
} as const;

/** Whoever holds the run keeps it from sending anybody home; where a share is there already the store refuses the return. */
const HELD = [
  ...orders({ held: 'Hold behind the page', cancelled: 'Return to the standby' }),
  { next: 'Return to the standby' },
];

export const route: States = {
  'See the primary well again': step('see-primary-well', {
    comment: 'The last look before it takes users: it costs seconds.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value' },
    result: '$.home.primary',
    seconds: 50,
    retry: 'soon',
    failure: [...orders({ cancelled: 'Return to the standby' }), { next: 'Return to the standby' }],
    next: 'Do the users go in shares?',
  }),

  ...safePoint({
    name: 'Hold behind the page',
    question: 'Does it go on to the primary?',
    point: 'behind-the-page-home',
    comment: 'Users see the page, and nobody was on the primary yet. People are told again while it stands.',
    goesOn: 'See the primary well again',
    cancelled: 'Return to the standby',
    failure: 'Return to the standby',
  }),

  'Do the users go in shares?': choice(
    'The policy may want a few users to find out first, while all others still see the page.',
    [when(isTrue('$.plan.canary'), 'Begin with the first share')],
    'Route home',
  ),

  'Begin with the first share': like(move, 'Begin with the first share', { Next: 'Send a share home' }),

  'Send a share home': step('move-route', {
    comment:
      'A user who is in a small share is in every larger one too. From the first of them on the primary has writes of its own: the way back is a new failover.',
    payload: { ...MOVE, to: 'maintenance', 'share.$': '$.share.value.next', mayHold: true },
    result: '$.canary',
    seconds: 125,
    retry: 'soon',
    failure: HELD,
    next: 'Hold the share',
  }),

  'Hold the share': like(move, 'Hold the share', {
    Comment: 'The error rate of the primary is read all the while; worse than the bound ends it at once.',
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Return to the shield' }],
  }),

  'Is there another share?': like(move, 'Is there another share?', {
    Choices: [when(isTrue('$.share.value.more'), 'Send a share home')],
    Default: 'Route home',
  }),

  'Route home': step('move-route', {
    comment:
      'One conditional write moves all users; it names the evidence that both sides hold the same and that the primary is well.',
    payload: { ...MOVE, to: 'primary', mayHold: true },
    result: '$.home.routed',
    seconds: 125,
    retry: 'soon',
    failure: HELD,
    next: 'Verify the primary through the edge',
  }),

  'Verify the primary through the edge': step('verify-route', {
    comment:
      'Users must stay well at home for as long as coming back takes. If they do not, the way is a new failover.',
    payload: {
      'run.$': '$.run',
      'lease.$': '$.lease.value',
      origin: 'primary',
      'movedAt.$': '$.home.routed.value.movedAt',
    },
    result: '$.verified',
    seconds: 845,
    retry: 'waits',
    failure: 'The site did not stay well at home',
    next: 'Is there data to settle?',
  }),

  'Is there data to settle?': choice(
    'What the run has carried home begins a new chain of backups there.',
    [when(all(isTrue('$.plan.carriesHome'), isFalse('$.run.dryRun')), 'Begin a new backup at home')],
    'Is the standby put away?',
  ),

  'Is the standby put away?': choice(
    'It costs money, and nobody is on it any more.',
    [when(isTrue('$.plan.putsAway'), 'Put the standby away')],
    'The site came home',
  ),

  'Put the standby away': step('put-away-standby', {
    comment: 'Parked, shrunk or destroyed, by its tier. That users are home does not depend on it.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value' },
    result: '$.home.putAway',
    seconds: 65,
    retry: 'patient',
    failure: { next: 'The site came home', at: '$.putAwayFailure' },
    next: 'The site came home',
  }),
};
