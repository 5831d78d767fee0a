import { all, any, choice, is, isPresent, isTrue, note, step, when, type States } from '../shape.ts';
import { isPlanned } from './planned.ts';

/* The way home without a failover, and what to do where it fails. */

export const home: States = {
  'Lower the shield': step('move-route', {
    comment: 'The primary serves again; nothing was written anywhere else meanwhile.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value', to: 'primary' },
    result: '$.lowered',
    seconds: 125,
    retry: 'soon',
    failure: { next: 'Count the ways home', at: '$.wayHomeFailure' },
    next: 'Verify the primary through the edge',
  }),

  'Verify the primary through the edge': step('verify-route', {
    comment:
      'Users must stay well at home for as long as coming back takes; the standby goes on being built meanwhile.',
    payload: {
      'run.$': '$.run',
      'lease.$': '$.lease.value',
      origin: 'primary',
      'movedAt.$': '$.lowered.value.movedAt',
    },
    result: '$.verified',
    seconds: 845,
    retry: 'waits',
    failure: { next: 'Count the ways home', at: '$.wayHomeFailure' },
    next: 'Stop preparing after recovery',
  }),

  'Count the ways home': note('A primary that was good and failed again is trusted less from here on.', {
    from: { 'failed.$': 'States.MathAdd($.waysHome.failed, 1)' },
    at: '$.waysHome',
    next: 'Was an outage confirmed?',
  }),

  'Was an outage confirmed?': choice(
    'A way home that fails goes on with the failover; without an outage of this run, a person must look.',
    [
      when(isPlanned, 'The planned move becomes a failover'),
      when(isPresent('$.ungraceful'), 'Raise the shield again'),
      when(isTrue('$.run.skipConfirmation'), 'Raise the shield again'),
      when(
        all(
          isPresent('$.confirmation'),
          any(
            is('$.confirmation.value.verdict', { StringEquals: 'outage' }),
            is('$.confirmation.value.verdict', { StringEquals: 'degraded' }),
          ),
        ),
        'Raise the shield again',
      ),
    ],
    'The way home failed',
  ),

  'The way home failed': note(
    'An old shield was lowered and the primary does not serve: only a person knows more.',
    { part: '$.wayHomeFailure', at: '$.failure', next: 'Return to the shield' },
  ),

  'Raise the shield again': step('move-route', {
    comment:
      'The primary did not stay well: the failover goes on where it was, with a standby that is nearly ready.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value', to: 'maintenance' },
    result: '$.shield',
    seconds: 125,
    retry: 'soon',
    failure: 'Stop preparing',
    next: 'Prepare the standby',
  }),

  'Stop preparing after recovery': step('cancel-pipeline', {
    comment: 'The standby is not needed any more.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value' },
    result: '$.stopped',
    seconds: 65,
    retry: 'soon',
    failure: { next: 'The site is home', at: '$.stopFailure' },
    next: 'The site is home',
  }),

  'The site is home': note('The primary serves, and nothing was switched.', {
    value: { name: 'StoodDown' },
    at: '$.outcome',
    next: 'See where the users are',
  }),
};
