import { all, choice, is, isTrue, note, step, wait, when, type States } from '../shape.ts';
import { orders } from '../orders.ts';
import { isPlanned } from './planned.ts';

/* Whether it is an outage: a quorum of signals, or a person's word. */

export const confirm: States = {
  'Did a person vouch for the outage?': choice(
    "Only a person's word skips the confirmation; of a planned move there is nothing to confirm.",
    [
      when(isTrue('$.run.skipConfirmation'), 'Raise the shield'),
      when(isPlanned, 'Look at the data of the planned move'),
    ],
    'Confirm the outage',
  ),

  'Confirm the outage': step('confirm-outage', {
    comment: 'One alarm is not an outage: independent signals must agree by a quorum.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value', purpose: 'confirm' },
    result: '$.confirmation',
    seconds: 255,
    retry: 'soon',
    failure: [...orders({ cancelled: 'Are users behind the page?' }), { next: 'Stop preparing' }],
    next: 'What do the signals say?',
  }),

  'What do the signals say?': choice(
    'Down: shield at once, nothing is lost by it. Degraded: users stay. Contradiction: look again, then ask a person.',
    [
      when(isTrue('$.run.dryRun'), 'Raise the shield'),
      when(is('$.confirmation.value.verdict', { StringEquals: 'outage' }), 'Raise the shield'),
      when(is('$.confirmation.value.verdict', { StringEquals: 'degraded' }), 'May a degraded site be moved?'),
      when(is('$.confirmation.value.verdict', { StringEquals: 'healthy' }), 'Is an old shield still up?'),
      when(isTrue('$.confirmation.value.lookAgain'), 'Wait for the signals to agree'),
    ],
    'A person must judge',
  ),

  'Wait for the signals to agree': wait(
    'An alarm rings once, and others need a moment: nobody is called before they had it.',
    5,
    'Confirm the outage',
  ),

  'May a degraded site be moved?': choice(
    'Most requests are served: whether users are ever moved for the others is the policy of the workload.',
    [when(is('$.plan.onDegraded', { StringEquals: 'tell' }), 'Was the standby started for a degraded site?')],
    'Do people know that it is degraded?',
  ),

  'Was the standby started for a degraded site?': choice(
    'A standby that nobody will be moved to costs money until somebody stops it.',
    [when(isTrue('$.plan.startOnSuspicion'), 'Stop the start for a degraded site')],
    'It is degraded',
  ),

  'Stop the start for a degraded site': step('cancel-pipeline', {
    comment: 'The policy tells people and moves nobody, so nothing is built.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value' },
    result: '$.stopped',
    seconds: 65,
    retry: 'soon',
    failure: { next: 'It is degraded', at: '$.stopFailure' },
    next: 'It is degraded',
  }),

  'It is degraded': note('People are told, with figures; users stay where most of them are served.', {
    value: { name: 'Degraded' },
    at: '$.outcome',
    next: 'See where the users are',
  }),

  'Do people know that it is degraded?': choice(
    'Told once, not at every look.',
    [when(isTrue('$.confirmation.value.news'), 'Say that it is degraded')],
    'Is the standby prepared early?',
  ),

  'Say that it is degraded': step('announce', {
    comment: 'People may mend it long before anybody has to be moved.',
    payload: { 'state.$': '$' },
    result: '$.told',
    seconds: 35,
    retry: 'patient',
    failure: { next: 'Is the standby prepared early?', at: '$.tellFailure' },
    next: 'Is the standby prepared early?',
  }),

  'Is the standby prepared early?': choice(
    'The policy may win the time of the build while users are still served.',
    [when(isTrue('$.plan.prepareDegraded'), 'Start the standby for a degraded site')],
    'Does it last too long?',
  ),

  'Start the standby for a degraded site': step('start-pipeline', {
    comment:
      'Started once however often this is passed: the run of the pipeline bears the name of this execution.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value' },
    result: '$.early',
    seconds: 65,
    retry: 'soon',
    failure: { next: 'Does it last too long?', at: '$.earlyFailure' },
    next: 'Does it last too long?',
  }),

  'Does it last too long?': choice(
    'What mends itself within the minutes of the policy moves nobody.',
    [when(isTrue('$.confirmation.value.lasts'), 'Prepare the standby')],
    'Wait while it is degraded',
  ),

  'Wait while it is degraded': wait(
    'The primary may recover, or die; either is seen by the next look.',
    '$.plan.standbyPollSeconds',
    'Confirm the outage',
  ),

  'Is an old shield still up?': choice(
    'An earlier run may have left its users behind the page; a healthy primary is reason enough to take it away.',
    [
      when(
        all(
          is('$.lease.value.route', { StringEquals: 'maintenance' }),
          isTrue('$.lease.value.standbyServed'),
        ),
        'Both sides may hold writes',
      ),
      when(is('$.lease.value.route', { StringEquals: 'maintenance' }), 'Lower the shield'),
    ],
    'Was the standby started early?',
  ),

  'Both sides may hold writes': note(
    'The primary is well, but the standby has served users since: going home by itself would lose what they wrote.',
    {
      value: {
        Error: 'StandbyHasWrites',
        Cause:
          'The primary is healthy, but the standby has served users and may hold writes that the primary does not know.',
      },
      at: '$.failure',
      next: 'Stop preparing',
    },
  ),

  'Was the standby started early?': choice(
    'What was started on suspicion is not needed.',
    [
      when(isTrue('$.plan.startOnSuspicion'), 'Stop the needless start'),
      when(isTrue('$.plan.prepareDegraded'), 'Stop the needless start'),
    ],
    'It was a false alarm',
  ),

  'Stop the needless start': step('cancel-pipeline', {
    comment: 'Azure was asked for nothing; the run is cancelled before it costs more.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value' },
    result: '$.stopped',
    seconds: 65,
    retry: 'soon',
    failure: { next: 'It was a false alarm', at: '$.stopFailure' },
    next: 'It was a false alarm',
  }),

  'It was a false alarm': note('Nothing was touched; the evidence is kept.', {
    value: { name: 'StoodDown' },
    at: '$.outcome',
    next: 'See where the users are',
  }),

  'A person must judge': note(
    'The signals contradict each other; acting on them could do more harm than waiting.',
    {
      from: { Error: 'Inconclusive', 'Cause.$': '$.confirmation.value.summary' },
      at: '$.failure',
      next: 'Stop preparing',
    },
  ),
};
