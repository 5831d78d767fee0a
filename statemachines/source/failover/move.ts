import { all, any, choice, is, isPresent, isTrue, not, note, step, when, type States } from '../shape.ts';
import { orders } from '../orders.ts';
import { isPlanned } from './planned.ts';
import { lookAtPrimary } from './watch-primary.ts';

/* The last looks, the last data, and the users, in shares or at once. */

export const move: States = {
  'Look again at the primary': lookAtPrimary(
    'The last look before the switch: it costs seconds and may save a failover.',
    {
      mayHold: true,
      retry: 'soon',
      failure: [
        ...orders({ held: 'Is it held behind the shield?', cancelled: 'Are users behind the page?' }),
        { next: 'Is a planned move given up?' },
      ],
      next: 'Has the primary come back?',
    },
  ),

  'Has the primary come back?': choice(
    'Only if the policy wants to go home, and no person has vouched for the outage. Of a planned move it never left.',
    [
      when(all(isPlanned, isTrue('$.watch.value.down')), 'The planned move becomes a failover'),
      when(
        all(isTrue('$.plan.watchPrimary'), isTrue('$.watch.value.recovered')),
        'Is there a shield to lower?',
      ),
      when(all(isPlanned, not(isPresent('$.shield'))), 'Look at the data of the planned move'),
      when(not(isPresent('$.shield')), 'Raise the shield'),
    ],
    'Do others have to move first?',
  ),

  'Is there a shield to lower?': choice(
    'Users of a degraded primary have never left it.',
    [when(isPresent('$.shield'), 'Lower the shield')],
    'Stop preparing after recovery',
  ),

  'Do others have to move first?': choice(
    'A site whose parts are not there yet would be moved into errors.',
    [
      when(
        all(isTrue('$.plan.dependsOnOthers'), not(isPresent('$.others'))),
        'Note since when it waits for others',
      ),
      when(
        all(isTrue('$.plan.dependsOnOthers'), not(isPresent('$.othersMoved'))),
        'Look at what it depends on',
      ),
    ],
    'Is there data to apply last?',
  ),

  'Note since when it waits for others': note('The waiting has a limit of its own.', {
    from: { 'since.$': '$$.State.EnteredTime' },
    at: '$.others',
    next: 'Look at what it depends on',
  }),

  'Look at what it depends on': step('look-at-fleet', {
    comment: 'They are waited for as long as runs act on them, and no longer than the limit of the step.',
    payload: {
      'run.$': '$.run',
      'lease.$': '$.lease.value',
      purpose: 'children',
      'waitingSince.$': '$.others.since',
    },
    result: '$.fleet',
    seconds: 115,
    retry: 'patient',
    failure: [
      ...orders({ cancelled: 'Are users behind the page?' }),
      { next: 'The others have moved', at: '$.othersFailure' },
    ],
    next: 'Have the others moved?',
  }),

  'Have the others moved?': choice(
    'While it waits, the primary may come back.',
    [when(isTrue('$.fleet.value.mayGo'), 'The others have moved')],
    'Look again at the primary',
  ),

  'The others have moved': note(
    'Or they were waited for long enough. The primary is looked at once more: the waiting may have taken minutes.',
    { value: true, at: '$.othersMoved', next: 'Look again at the primary' },
  ),

  'Is there data to apply last?': choice(
    'What was shipped while the standby was built is not in it yet, and nothing can be added any more.',
    [when(any(isTrue('$.plan.handsOver'), isPlanned), 'Apply the last data')],
    'Do the users go in shares?',
  ),

  'Apply the last data': step('apply-last-data', {
    comment:
      'Nothing that was acknowledged and shipped may be missing. The standby opens its database with this, and not before.',
    payload: {
      'run.$': '$.run',
      'lease.$': '$.lease.value',
      'state.$': '$',
      'move.$': '$.plan.move',
    },
    result: '$.prepared.lastData',
    seconds: 845,
    retry: 'waits',
    failure: [
      ...orders({ held: 'Hold behind the shield', cancelled: 'Are users behind the page?' }),
      { next: 'Is a planned move given up behind the shield?' },
    ],
    next: 'Do the users go in shares?',
  }),

  'Do the users go in shares?': choice(
    'The policy may want a few users to find out first, while all others still see the page.',
    [when(isTrue('$.plan.canary'), 'Begin with the first share')],
    'Switch to the standby',
  ),

  'May the standby be looked at again?': choice(
    'A move that never comes in time after its look is no accident: a person must see it.',
    [when(is('$.standbyLooks.again', { NumericLessThan: 2 }), 'Count the looks at the standby')],
    'Is a planned move given up behind the shield?',
  ),

  'Count the looks at the standby': note('One look more for this run.', {
    from: { 'again.$': 'States.MathAdd($.standbyLooks.again, 1)' },
    at: '$.standbyLooks',
    next: 'Look again at the standby',
  }),

  'Look again at the standby': step('poll-standby', {
    comment:
      'People or the edge took their time since the standby was seen healthy: what was true then may not be now.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value', 'waitingSince.$': '$$.State.EnteredTime' },
    result: '$.standbyNow',
    seconds: 95,
    retry: 'soon',
    failure: 'Is a planned move given up?',
    next: 'Is the standby still ready?',
  }),

  'Is the standby still ready?': choice(
    'Only what was seen just now may take the users.',
    [when(isTrue('$.standbyNow.value.ready'), 'The standby is still ready')],
    'The standby is not ready any more',
  ),

  'The standby is still ready': note('The new look is the evidence of the move.', {
    part: '$.standbyNow.value',
    at: '$.prepared.standby',
    next: 'Do the users go in shares?',
  }),

  'The standby is not ready any more': note(
    'The users stay where they are, and a person looks after the standby.',
    {
      value: {
        Error: 'StandbyNotReady',
        Cause: 'The standby was healthy and is not any more; nothing was switched.',
      },
      at: '$.failure',
      next: 'Is a planned move given up?',
    },
  ),

  'Begin with the first share': note('Shares are counted from 0.', {
    value: { value: { next: 0 } },
    at: '$.share',
    next: 'Send a share to the standby',
  }),

  'Send a share to the standby': step('move-route', {
    comment: 'A user who is in a small share is in every larger one too, so nobody goes back and forth.',
    payload: {
      'run.$': '$.run',
      'lease.$': '$.lease.value',
      to: 'maintenance',
      'share.$': '$.share.value.next',
      'prepared.$': '$.prepared',
      'move.$': '$.plan.move',
    },
    result: '$.canary',
    seconds: 125,
    retry: 'soon',
    failure: [
      { next: 'May the standby be looked at again?', errors: ['StandbyLookTooOld'] },
      { next: 'Is a planned move given up behind the shield?' },
    ],
    next: 'Hold the share',
  }),

  'Hold the share': step('hold-share', {
    comment: 'The error rate of the standby is read all the while; worse than the bound ends it at once.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value', 'share.$': '$.share.value.next' },
    result: '$.share',
    seconds: 845,
    retry: 'waits',
    failure: 'Return to the shield',
    next: 'Is there another share?',
  }),

  'Is there another share?': choice(
    'After the last share everybody follows.',
    [when(isTrue('$.share.value.more'), 'Send a share to the standby')],
    'Switch to the standby',
  ),
};
