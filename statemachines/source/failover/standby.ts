import { choice, fail, is, isPresent, isTrue, note, step, wait, when, type States } from '../shape.ts';
import { isPrimaryBack, lookAtPrimary, wentDown } from './watch-primary.ts';

/* The standby, by its tier, with the primary watched meanwhile. */

export const standbyBranch: States = {
  'Must the approval come first?': choice(
    'The policy may not want to pay for a standby that nobody has approved.',
    [when(isTrue('$.plan.startOnApproval'), 'Wait for the approval')],
    'Must it take a turn?',
  ),

  'Wait for the approval': wait(
    'The approval is asked for beside this branch.',
    '$.plan.standbyPollSeconds',
    'Look for the approval',
  ),

  'Look for the approval': step('find-approval', {
    comment: 'A silence that means proceed counts as given; a rejection ends this branch from outside.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value' },
    result: '$.given',
    seconds: 20,
    retry: 'patient',
    failure: 'The standby cannot be prepared',
    next: 'Is it given?',
  }),

  'Is it given?': choice(
    'As long as it is not, nothing is built.',
    [when(isTrue('$.given.value.given'), 'Must it take a turn?')],
    'Wait for the approval',
  ),

  'Must it take a turn?': choice(
    'Workloads that fall together share the limits of the clouds.',
    [when(isTrue('$.plan.takesTurns'), 'Note since when it waits for its turn')],
    'Which tier is the standby?',
  ),

  'Note since when it waits for its turn': note('The waiting has a limit of its own.', {
    from: { 'since.$': '$$.State.EnteredTime' },
    at: '$.turn',
    next: 'Take a turn',
  }),

  'Take a turn': step('look-at-fleet', {
    comment:
      'So many runs at once, by priority. The step waits a little itself, and gives up waiting at its limit.',
    payload: {
      'run.$': '$.run',
      'lease.$': '$.lease.value',
      purpose: 'turn',
      'waitingSince.$': '$.turn.since',
    },
    result: '$.fleet',
    seconds: 115,
    retry: 'patient',
    failure: [
      { next: 'The standby cannot be prepared', errors: ['CancelledByOrder'] },
      { next: 'Which tier is the standby?', at: '$.turnFailure' },
    ],
    next: 'Is it its turn?',
  }),

  'Is it its turn?': choice(
    'Who cannot find out goes on: a cloud that is asked too much says so itself.',
    [when(isTrue('$.fleet.value.mayGo'), 'Which tier is the standby?')],
    'Take a turn',
  ),

  'Which tier is the standby?': choice(
    "Cold is built by the pipeline; parked is there and stopped, and is woken; warm runs already and is scaled up; external is somebody else's and always on, so that it is only looked at.",
    [
      when(is('$.plan.tier', { StringEquals: 'cold' }), 'Start the pipeline'),
      when(is('$.plan.tier', { StringEquals: 'external' }), 'Note when the standby is first looked at'),
      when(is('$.plan.tier', { StringEquals: 'parked' }), 'Note since when it is woken'),
    ],
    'Scale the standby up',
  ),

  'Start the pipeline': step('start-pipeline', {
    comment: 'Builds the standby; a repeated start finds the run of the same execution.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value' },
    result: '$.pipeline',
    seconds: 65,
    retry: 'soon',
    failure: 'The standby cannot be prepared',
    next: 'Nothing is seen of the pipeline yet',
  }),

  'Nothing is seen of the pipeline yet': note(
    'Each look is told what the one before has seen, so that people hear once of a run that waits for them.',
    { value: { value: null }, at: '$.progress', next: 'Wait for the pipeline' },
  ),

  'Wait for the pipeline': wait(
    'Azure builds for minutes; polling every few seconds is harmless to its limits.',
    '$.plan.pipelinePollSeconds',
    'Check the pipeline',
  ),

  'Check the pipeline': step('poll-pipeline', {
    comment: 'A failed run ends this branch with the stage and its first error lines.',
    payload: {
      'run.$': '$.run',
      'lease.$': '$.lease.value',
      'pipeline.$': '$.pipeline.value',
      'before.$': '$.progress.value',
    },
    result: '$.progress',
    seconds: 65,
    retry: 'patient',
    failure: 'The standby cannot be prepared',
    next: 'Is the pipeline done?',
  }),

  'Is the pipeline done?': choice(
    'While it runs, the primary is watched if the policy would rather go home.',
    [
      when(
        is('$.progress.value.state', { StringEquals: 'succeeded' }),
        'Note when the standby is first looked at',
      ),
      when(isTrue('$.plan.watchPrimary'), 'Watch the primary'),
    ],
    'Wait for the pipeline',
  ),

  'Watch the primary': lookAtPrimary(
    'A primary that is back in minute five must not leave its users behind the shield until minute twenty.',
    { retry: 'patient', failure: 'The standby cannot be prepared', next: 'Is the primary back?' },
  ),

  'Is the primary back?': choice(
    'Only when every place sees it good.',
    [
      when(isTrue('$.watch.value.recovered'), 'The primary is back'),
      when(isTrue('$.watch.value.trial'), 'Are users behind the shield?'),
      when(wentDown, 'The primary went down'),
    ],
    'Wait for the pipeline',
  ),

  'Are users behind the shield?': choice(
    'Users who are still on the primary need not be let home on trial.',
    [when(isPresent('$.shield'), 'The primary is back')],
    'Wait for the pipeline',
  ),

  'The primary went down': fail(
    'Nothing is lost by the shield any more, so it goes up while the standby is being built.',
    'PrimaryDown',
    'The primary served its users when this was begun, and is down now; see the recorded signals.',
  ),

  'The primary is back': fail(
    'Users come home at once; the standby goes on being built until the primary is verified.',
    'PrimaryRecovered',
    'The primary answers again from every place; see the recorded signals.',
  ),

  'Scale the standby up': step('scale-standby', {
    comment: 'The warm standby runs small; no pipeline is on the critical path.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value' },
    result: '$.scaling',
    seconds: 65,
    retry: 'soon',
    failure: 'The standby cannot be prepared',
    next: 'Note when the standby is first looked at',
  }),

  'Note since when it is woken': note(
    'The time limit of the waking counts from here. Nothing was seen of it yet.',
    { from: { 'since.$': '$$.State.EnteredTime', value: null }, at: '$.wake', next: 'Wake the standby' },
  ),

  'Wake the standby': step('wake-standby', {
    comment:
      'Starts what is stopped and looks how far it is, again and again: a lost answer, a conflict or a start that came to nothing is mended by the next look. Who cannot find out takes the slow way, as where it is refused.',
    payload: {
      'run.$': '$.run',
      'lease.$': '$.lease.value',
      'waitingSince.$': '$.wake.since',
      'before.$': '$.wake.value',
    },
    result: '$.wake.value',
    keep: {
      'state.$': '$.Payload.state',
      'detail.$': '$.Payload.detail',
      'resources.$': '$.Payload.resources',
    },
    seconds: 65,
    retry: 'patient',
    failure: [
      { next: 'The standby cannot be prepared', errors: ['CancelledByOrder'] },
      { next: 'Start the pipeline', at: '$.wakeFailure' },
    ],
    next: 'Is the standby awake?',
  }),

  'Is the standby awake?': choice(
    'Refused, or too slow: the pipeline wakes what it can and builds the rest, in this run. People were told by the step.',
    [
      when(is('$.wake.value.state', { StringEquals: 'awake' }), 'Note when the standby is first looked at'),
      when(is('$.wake.value.state', { StringEquals: 'refused' }), 'Start the pipeline'),
      when(is('$.wake.value.state', { StringEquals: 'too-slow' }), 'Start the pipeline'),
      when(isTrue('$.plan.watchPrimary'), 'Watch the primary while it wakes'),
    ],
    'Wait while it wakes',
  ),

  'Watch the primary while it wakes': lookAtPrimary(
    'What wakes takes minutes; a primary that is back by then must not wait for it.',
    {
      retry: 'patient',
      failure: 'The standby cannot be prepared',
      next: 'Is the primary back while it wakes?',
    },
  ),

  'Is the primary back while it wakes?': isPrimaryBack('Wait while it wakes'),

  'Wait while it wakes': wait(
    'Each look is three questions to Azure, and three more where something is stopped.',
    '$.plan.standbyPollSeconds',
    'Wake the standby',
  ),

  'Note when the standby is first looked at': note(
    'The time limit of the standby counts from here: the pipeline and the approver have limits of their own.',
    { from: { 'since.$': '$$.State.EnteredTime' }, at: '$.looking', next: 'Check the standby' },
  ),

  'Check the standby': step('poll-standby', {
    comment: 'Gateway, cluster, database and application must all be good before traffic may come.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value', 'waitingSince.$': '$.looking.since' },
    result: '$.standby',
    seconds: 95,
    retry: 'patient',
    failure: 'The standby cannot be prepared',
    next: 'Is the standby ready?',
  }),

  'Is the standby ready?': choice(
    'The check itself gives up at its time limit and names what is not good. Until then the primary is watched, if the policy would rather go home.',
    [
      when(isTrue('$.standby.value.ready'), 'The standby is ready'),
      when(isTrue('$.plan.watchPrimary'), 'Watch the primary meanwhile'),
    ],
    'Wait for the standby',
  ),

  'Watch the primary meanwhile': lookAtPrimary(
    'What is built or scaled already may still take minutes to be healthy; a primary that is back by then must not wait for it.',
    { retry: 'patient', failure: 'The standby cannot be prepared', next: 'Is the primary back meanwhile?' },
  ),

  'Is the primary back meanwhile?': isPrimaryBack('Wait for the standby'),

  'Wait for the standby': wait(
    'Backends turn healthy only after a few probes of the gateway.',
    '$.plan.standbyPollSeconds',
    'Check the standby',
  ),

  'The standby is ready': note('Hands on only what was seen, and when.', { part: '$.standby.value' }),

  'The standby cannot be prepared': fail(
    'Ends the other branches too and hands the cause on as it is.',
    '$.failure.Error',
    '$.failure.Cause',
  ),
};
