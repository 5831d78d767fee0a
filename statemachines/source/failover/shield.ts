import { all, choice, fail, isPresent, isTrue, note, step, when, type States } from '../shape.ts';

/* The spreading of the shield, or the fence in its place. */

export const shieldBranch: States = {
  'Is the shield up?': choice(
    'A degraded site is prepared for while its users stay; then there is no shield yet.',
    [
      when(all(isPresent('$.shield'), isTrue('$.plan.fences')), 'Shut the fence of the primary'),
      when(isPresent('$.shield'), 'Verify the shield through the edge'),
    ],
    'No shield is up',
  ),

  'No shield is up': note('No evidence of a shield: with this alone nobody can be moved to the standby.', {
    value: { value: { converged: false } },
  }),

  'Shut the fence of the primary': step('shut-fence', {
    comment:
      "Where the primary's Region answers, its door lets nobody in any more: then no edge location has to be waited for.",
    payload: {
      'run.$': '$.run',
      'lease.$': '$.lease.value',
      shield: { 'epoch.$': '$.shield.value.epoch', 'movedAt.$': '$.shield.value.movedAt' },
    },
    result: '$.fence',
    seconds: 205,
    retry: 'waits',
    failure: { next: 'Verify the shield through the edge', at: '$.fenceFailure' },
    next: 'Is the fence shut?',
  }),

  'Is the fence shut?': choice(
    'The settle time of the shield has gone on meanwhile: a fence that cannot be had costs nothing.',
    [when(isTrue('$.fence.value.shut'), 'The fence is shut')],
    'Verify the shield through the edge',
  ),

  'The fence is shut': note("The evidence that no write reaches the primary, in the place of the shield's.", {
    from: { 'value.$': '$.fence.value.evidence' },
  }),

  'Verify the shield through the edge': step('verify-route', {
    comment:
      'Until the whole edge serves the shield, a write may still reach the primary; so the switch waits for this.',
    payload: {
      'run.$': '$.run',
      'lease.$': '$.lease.value',
      origin: 'maintenance',
      'movedAt.$': '$.shield.value.movedAt',
    },
    seconds: 845,
    retry: 'waits',
    failure: 'The shield did not spread',
  }),

  'The shield did not spread': fail(
    'Without the shield everywhere the standby may take no write.',
    '$.failure.Error',
    '$.failure.Cause',
  ),
};
