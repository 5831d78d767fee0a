import { note, sideBySide, step, type States } from '../shape.ts';
import { orders } from '../orders.ts';
import { approvalBranch } from './approval.ts';
import { shieldBranch } from './shield.ts';
import { standbyBranch } from './standby.ts';

/* The shield, and everything that takes its time behind it. */

export const prepare: States = {
  'Raise the shield': step('move-route', {
    comment: 'Users get an honest page, and from here on no write may reach a dying primary.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value', to: 'maintenance', mayHold: true },
    result: '$.shield',
    seconds: 125,
    retry: 'soon',
    failure: [
      ...orders({ held: 'Hold before the shield', cancelled: 'Are users behind the page?' }),
      { next: 'Is a planned move given up?' },
    ],
    next: 'Must people hear that it is a failover now?',
  }),

  'Prepare the standby': sideBySide(
    'Approval, standby and the spreading of the shield take their time side by side. A degraded site, and a planned move, keep their users meanwhile: they pass here a second time, with everything ready, once the shield is up.',
    {
      branches: [
        { startAt: 'Measure what would be lost', states: approvalBranch },
        { startAt: 'Must the approval come first?', states: standbyBranch },
        { startAt: 'Is the shield up?', states: shieldBranch },
      ],
      keep: { 'approval.$': '$[0]', 'standby.$': '$[1]', 'shield.$': '$[2].value' },
      result: '$.prepared',
      failure: [
        { next: 'Is there a shield to lower?', at: '$.recovery', errors: ['PrimaryRecovered'] },
        { next: 'Was the move planned?', at: '$.worse', errors: ['PrimaryDown'] },
        { next: 'Stop preparing after rejection', at: '$.rejection', errors: ['ApprovalRejected'] },
        ...orders({ cancelled: 'Are users behind the page?' }),
        { next: 'Is a planned move given up?' },
      ],
      next: 'Look again at the primary',
    },
  ),

  'Stop preparing': step('cancel-pipeline', {
    comment: 'A run that nobody waits for any more only costs money; finding none is fine.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value' },
    result: '$.stopped',
    seconds: 65,
    retry: 'soon',
    failure: { next: 'Did only a dry run fail?', at: '$.stopFailure' },
    next: 'Did only a dry run fail?',
  }),

  'Stop preparing after rejection': step('cancel-pipeline', {
    comment: 'The standby is not wanted.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value' },
    result: '$.stopped',
    seconds: 65,
    retry: 'soon',
    failure: { next: 'Lower the shield after rejection', at: '$.stopFailure' },
    next: 'Lower the shield after rejection',
  }),

  'Lower the shield after rejection': step('move-route', {
    comment: 'A person prefers what is left of the primary to the standby.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value', to: 'primary' },
    result: '$.lowered',
    seconds: 125,
    retry: 'soon',
    failure: 'Stop preparing',
    next: 'It was rejected',
  }),

  'It was rejected': note('Nothing was switched.', {
    value: { name: 'Rejected' },
    at: '$.outcome',
    next: 'See where the users are',
  }),
};
