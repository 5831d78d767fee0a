import { approvalBranch } from '../failover/approval.ts';
import { orders, safePoint } from '../orders.ts';
import { choice, is, like, note, same, sideBySide, step, when, type States } from '../shape.ts';

/* What users will see, whether people agree, and the page. */

const asking: States = {
  ...same(approvalBranch, [
    'Begin asking',
    'Ask for approval',
    'Is there time left?',
    'Count the rounds',
    'What was decided?',
    'Say who rejected',
    'It is rejected',
    'What does silence mean?',
    'Silence means abort',
    'Silence means escalate',
    'The approval failed',
  ]),
  'Is an approval needed?': choice(
    'Users are moved once more, at an hour that somebody chooses: the policy asks unless it says otherwise.',
    [when(is('$.plan.approval', { StringEquals: 'none' }), 'No approval is needed')],
    'Begin asking',
  ),
  'No approval is needed': note('The policy lets whoever started it act alone.', {
    from: { decision: 'not-needed' },
  }),
  'It is approved': note('Who approved and when goes into the record.', {
    from: { decision: 'approved', 'answer.$': '$.approval' },
  }),
  'Silence means proceed': like(approvalBranch, 'Silence means abort', {}),
};

export const page: States = {
  'Say how long the page will be up': step('promise-page', {
    comment:
      'By what the first load took. A page that would be up for longer than the policy allows moves nobody.',
    payload: {
      'run.$': '$.run',
      'lease.$': '$.lease.value',
      'dumped.$': '$.carried.dumped',
      'loaded.$': '$.carried.loaded',
    },
    result: '$.home.page',
    seconds: 20,
    retry: 'soon',
    failure: 'Give up the way home',
    next: 'Ask whether users go home',
  }),

  'Ask whether users go home': sideBySide('Users go on on the standby while people are asked.', {
    branches: [{ startAt: 'Is an approval needed?', states: asking }],
    keep: { 'value.$': '$[0]' },
    result: '$.home.approval',
    failure: [
      { next: 'Give up the way home', at: '$.rejection', errors: ['ApprovalRejected'] },
      ...orders({ cancelled: 'Give up the way home' }),
      { next: 'Give up the way home' },
    ],
    next: 'Look once more at the primary',
  }),

  'Look once more at the primary': step('see-primary-well', {
    comment: 'People or the data took their time: what was well then may not be now.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value' },
    result: '$.home.primary',
    seconds: 50,
    retry: 'soon',
    failure: [...orders({ cancelled: 'Give up the way home' }), { next: 'Give up the way home' }],
    next: 'Raise the shield',
  }),

  ...safePoint({
    name: 'Hold before the page',
    question: 'Does it go on to the page?',
    point: 'before-the-page-home',
    comment: 'Users are on the standby as before: whoever holds the run here keeps them from the page.',
    goesOn: 'Look once more at the primary',
    cancelled: 'Give up the way home',
    failure: 'Give up the way home',
  }),

  'Raise the shield': step('move-route', {
    comment:
      'Users get an honest page. From here on every failure returns them to the standby, with nothing lost.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value', to: 'maintenance', mayHold: true },
    result: '$.shield',
    seconds: 125,
    retry: 'soon',
    failure: [
      ...orders({ held: 'Hold before the page', cancelled: 'Give up the way home' }),
      { next: 'Return to the standby' },
    ],
    next: 'Verify the shield through the edge',
  }),

  'Verify the shield through the edge': step('verify-route', {
    comment:
      'Until the whole edge serves the page, a write may still reach the standby and would be missing at home.',
    payload: {
      'run.$': '$.run',
      'lease.$': '$.lease.value',
      origin: 'maintenance',
      'movedAt.$': '$.shield.value.movedAt',
    },
    result: '$.home.shield',
    seconds: 845,
    retry: 'waits',
    failure: 'Return to the standby',
    next: 'Note since when the page is everywhere',
  }),
};
