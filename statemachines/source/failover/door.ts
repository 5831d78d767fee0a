import { choice, fail, isTrue, note, step, when, type States } from '../shape.ts';

/* What comes in, and whether it is ours to act on. */

export const door: States = {
  Begin: step('begin', {
    comment:
      "Turn the alarm event or the person's input into one context; whatever is wrong with it is refused here, before anything is touched.",
    payload: { 'input.$': '$', 'execution.$': '$$.Execution.Name', 'startedAt.$': '$$.Execution.StartTime' },
    keep: { 'run.$': '$.Payload.run', 'plan.$': '$.Payload.plan' },
    seconds: 15,
    retry: 'soon',
    failure: 'Refused at the door',
    next: 'Take the lease',
  }),

  'Refused at the door': fail(
    'InvalidInput: nothing was touched, and the cause lists everything that is wrong.',
    '$.failure.Error',
    '$.failure.Cause',
  ),

  'Take the lease': step('take-lease', {
    comment: 'One execution at a time acts on a workload; brake and cooldown stop automatic starts here.',
    payload: { 'run.$': '$.run' },
    result: '$.lease',
    seconds: 20,
    retry: 'soon',
    failure: 'Did only a dry run fail?',
    next: 'Is the workload ours?',
  }),

  'Is the workload ours?': choice(
    'Held by another, brake on, or cooling down: end quietly.',
    [when(isTrue('$.lease.value.taken'), 'No way home was tried yet')],
    'There is nothing to do',
  ),

  'No way home was tried yet': note('Each way home that fails is counted: the next one takes longer.', {
    value: { failed: 0 },
    at: '$.waysHome',
    next: 'The standby was not looked at again yet',
  }),

  'The standby was not looked at again yet': note(
    'Looks that are repeated before a move are counted, so that they come to an end.',
    { value: { again: 0 }, at: '$.standbyLooks', next: 'Is a suspicion enough to build?' },
  ),

  'Is a suspicion enough to build?': choice(
    'The policy may pay for a needless start to win the seconds of the confirmation.',
    [when(isTrue('$.plan.startOnSuspicion'), 'Start the pipeline on suspicion')],
    'Did a person vouch for the outage?',
  ),

  'Start the pipeline on suspicion': step('start-pipeline', {
    comment: 'The preparation finds this very run later; a failure here costs nothing but the head start.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value' },
    result: '$.early',
    seconds: 65,
    retry: 'soon',
    failure: { next: 'Did a person vouch for the outage?', at: '$.earlyFailure' },
    next: 'Did a person vouch for the outage?',
  }),

  'There is nothing to do': note("The reason is in the lease's answer and goes into the history.", {
    value: { name: 'NothingToDo' },
    at: '$.outcome',
    next: 'Record the outcome',
  }),
};
