import { choice, isPresent, isTrue, note, step, when, type States } from '../shape.ts';
import { safePoint } from '../orders.ts';

/* Where people hold the run, and the way back to the nearest safe state where they cancel it. */

export const cancel: States = {
  ...safePoint({
    name: 'Hold before the shield',
    question: 'Does it go on to the shield?',
    point: 'before-the-shield',
    comment: 'Users are on the primary: whoever holds the run here keeps them from the page.',
    // What was true of the primary before the hold may not be after it.
    goesOn: 'Did a person vouch for the outage?',
    cancelled: 'Are users behind the page?',
    failure: 'Is a planned move given up?',
  }),

  'Is it held behind the shield?': choice(
    'A degraded site, and a planned move, come here with users on the primary first.',
    [when(isPresent('$.shield'), 'Hold behind the shield')],
    'Hold before the shield',
  ),

  ...safePoint({
    name: 'Hold behind the shield',
    question: 'Does it go on to the standby?',
    point: 'behind-the-shield',
    comment: 'Users see the page, and the standby takes no write yet. People are told again while it stands.',
    goesOn: 'Look again at the primary',
    cancelled: 'Are users behind the page?',
    failure: 'Is a planned move given up?',
  }),

  'Are users behind the page?': choice(
    'Before the shield there is nothing to undo. Behind it users come first, and the standby after them.',
    [when(isPresent('$.shield'), 'Look whether the primary takes users back')],
    'Stop preparing after the cancel',
  ),

  'Look whether the primary takes users back': step('confirm-outage', {
    comment:
      'Users go home to a primary that is well; where it is not, or nobody knows, the page is the safe place.',
    payload: {
      'run.$': '$.run',
      'lease.$': '$.lease.value',
      purpose: 'home',
      'move.$': '$.plan.move',
    },
    result: '$.watch',
    seconds: 255,
    retry: 'soon',
    failure: { next: 'Stop preparing after the cancel', at: '$.watchFailure' },
    next: 'Is the primary well?',
  }),

  'Is the primary well?': choice(
    'Seen good by every place, and not down.',
    [when(isTrue('$.watch.value.well'), 'Lower the shield after the cancel')],
    'Stop preparing after the cancel',
  ),

  'Lower the shield after the cancel': step('move-route', {
    comment: 'Nothing was written anywhere else meanwhile.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value', to: 'primary' },
    result: '$.lowered',
    seconds: 125,
    retry: 'soon',
    failure: { next: 'Stop preparing after the cancel', at: '$.wayHomeFailure' },
    next: 'Stop preparing after the cancel',
  }),

  'Stop preparing after the cancel': step('cancel-pipeline', {
    comment: 'Whoever cancelled the run does not want the standby.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value' },
    result: '$.stopped',
    seconds: 65,
    retry: 'soon',
    failure: { next: 'It was cancelled', at: '$.stopFailure' },
    next: 'It was cancelled',
  }),

  'It was cancelled': note('People are told where the users are; who wants to move them starts a new run.', {
    value: { name: 'Cancelled' },
    at: '$.outcome',
    next: 'See where the users are',
  }),
};
