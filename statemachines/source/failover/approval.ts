import { all, choice, fail, is, isPresent, isTrue, note, step, when, type States } from '../shape.ts';

/* What would be lost, and whether people agree. */

export const approvalBranch: States = {
  'Measure what would be lost': step('measure-loss', {
    comment:
      'What a failover would lose is measured now, beside the build, so that it costs nobody a second.',
    payload: {
      'run.$': '$.run',
      'lease.$': '$.lease.value',
      'state.$': '$',
      'move.$': '$.plan.move',
    },
    result: '$.loss',
    seconds: 50,
    retry: 'brief',
    failure: { next: 'Nobody knows what would be lost', at: '$.lossFailure' },
    next: 'Is an approval needed?',
  }),

  'Nobody knows what would be lost': note(
    'A loss that nobody could measure is no smaller than one that is too large.',
    {
      from: {
        value: {
          point: null,
          lossSeconds: null,
          detail: 'it could not be measured',
          'measuredAt.$': '$$.State.EnteredTime',
          'asks.$': '$.plan.limitsLoss',
          sentence: 'Nobody knows what would be lost: it could not be measured.',
        },
      },
      at: '$.loss',
      next: 'Is an approval needed?',
    },
  ),

  'Is an approval needed?': choice(
    'The policy decides, by the hour if it says so. A loss above its limit is always asked about.',
    [
      when(
        all(
          is('$.plan.onDegraded', { StringEquals: 'ask' }),
          isPresent('$.confirmation'),
          is('$.confirmation.value.verdict', { StringEquals: 'degraded' }),
        ),
        'Begin asking',
      ),
      when(isTrue('$.loss.value.asks'), 'Is there anybody to ask?'),
      when(is('$.plan.approval', { StringEquals: 'none' }), 'No approval is needed'),
    ],
    'Begin asking',
  ),

  'Is there anybody to ask?': choice(
    'A policy without approvers leaves such a loss to whoever is called.',
    [when(isTrue('$.plan.hasApprovers'), 'Begin asking')],
    'Say that the loss is above the limit',
  ),

  'Say that the loss is above the limit': note(
    'People hear what would be lost, and how they go on by hand.',
    {
      from: {
        Error: 'LossAboveLimit',
        'Cause.$':
          "States.Format('{} That is for a person to decide (data.maxLossSeconds), and the policy names no approvers. Whoever wants it starts it by hand: pilotlight failover {} --reason ...', $.loss.value.sentence, $.run.workload)",
      },
      at: '$.failure',
      next: 'The loss is above the limit',
    },
  ),

  'The loss is above the limit': fail(
    'Ends the preparation too; the shield stays, so that nothing more can be lost.',
    '$.failure.Error',
    '$.failure.Cause',
  ),

  'No approval is needed': note('The policy lets the controller act by itself.', {
    from: { decision: 'not-needed', 'loss.$': '$.loss.value' },
  }),

  'Begin asking': note(
    'The waiting is cut into rounds of a minute, so that reminders and the end of the time limit need no timer.',
    { value: { round: 1 }, at: '$.asking', next: 'Ask for approval' },
  ),

  'Ask for approval': step('request-approval', {
    comment: 'Waits for a person; a decision that came between two rounds is told to the next one at once.',
    payload: {
      'run.$': '$.run',
      'lease.$': '$.lease.value',
      'state.$': '$',
      'round.$': '$.asking.round',
      'taskToken.$': '$$.Task.Token',
    },
    result: '$.approval',
    keep: null,
    seconds: 60,
    retry: 'waitsForPeople',
    untilAnswered: true,
    failure: [
      { next: 'What does silence mean?', at: '$.silence', errors: ['ApprovalTimedOut'] },
      { next: 'Is there time left?', at: '$.silence', errors: ['States.Timeout'] },
      { next: 'The approval failed' },
    ],
    next: 'What was decided?',
  }),

  'Is there time left?': choice(
    "The policy's time limit, counted in rounds.",
    [when(is('$.asking.round', { NumericLessThanPath: '$.plan.approvalRounds' }), 'Count the rounds')],
    'What does silence mean?',
  ),

  'Count the rounds': note('The next round is a reminder.', {
    from: { 'round.$': 'States.MathAdd($.asking.round, 1)' },
    at: '$.asking',
    next: 'Ask for approval',
  }),

  'What was decided?': choice(
    'One rejection decides; approvals were counted in the ledger. An answer that cannot be understood is no answer.',
    [
      when(
        all(isPresent('$.approval.decision'), is('$.approval.decision', { StringEquals: 'approved' })),
        'It is approved',
      ),
      when(
        all(
          isPresent('$.approval.decision'),
          is('$.approval.decision', { StringEquals: 'rejected' }),
          isPresent('$.approval.by[0]'),
        ),
        'Say who rejected',
      ),
    ],
    'Is there time left?',
  ),

  'It is approved': note('Who approved and when goes into the record, and the loss that they were shown.', {
    from: { decision: 'approved', 'answer.$': '$.approval', 'loss.$': '$.loss.value' },
  }),

  'Say who rejected': note('The name belongs into the record and into the message.', {
    from: { 'Cause.$': "States.Format('Rejected by {}.', $.approval.by[0])" },
    at: '$.rejection',
    next: 'It is rejected',
  }),

  'It is rejected': fail(
    'Ends the preparation too; caught outside, where the shield comes down.',
    'ApprovalRejected',
    '$.rejection.Cause',
  ),

  'What does silence mean?': choice(
    'The policy says what happens when nobody answers; no case is left open.',
    [
      when(is('$.plan.onTimeout', { StringEquals: 'proceed' }), 'Silence means proceed'),
      when(is('$.plan.onTimeout', { StringEquals: 'abort' }), 'Silence means abort'),
    ],
    'Silence means escalate',
  ),

  'Silence means proceed': note(
    'The policy trusts the confirmation more than it fears a sleeping approver.',
    { from: { decision: 'nobody-answered', 'loss.$': '$.loss.value' } },
  ),

  'Silence means abort': fail(
    'As good as a rejection.',
    'ApprovalRejected',
    'Nobody answered within the time limit, and the policy says abort.',
  ),

  'Silence means escalate': note('The shield stays and more people are called.', {
    value: {
      Error: 'ApprovalTimedOut',
      Cause: 'Nobody answered within the time limit, and the policy says escalate.',
    },
    at: '$.failure',
    next: 'The approval failed',
  }),

  'The approval failed': fail(
    'Without an answer, or without having been able to ask, nothing may be switched.',
    '$.failure.Error',
    '$.failure.Cause',
  ),
};
