import {
  all,
  choice,
  fail,
  is,
  isFalse,
  isPresent,
  note,
  step,
  succeed,
  wait,
  when,
  type States,
} from '../shape.ts';

/* Where the users are in the end, the record, and who is told. */

export const end: States = {
  'See where the users are': step('look-at-world', {
    comment: 'A step that failed may have had its effect: people are told what is, not what was reported.',
    payload: { 'run.$': '$.run' },
    result: '$.world',
    seconds: 50,
    retry: 'soon',
    failure: { next: 'Record the outcome', at: '$.worldFailure' },
    next: 'Must the standby be parked again?',
  }),

  'Must the standby be parked again?': choice(
    'A parked standby is put away again where the users are on the primary. Behind the page it stays awake: whoever is called needs it, and it could not wake again for half an hour.',
    [
      when(
        all(
          is('$.plan.tier', { StringEquals: 'parked' }),
          isFalse('$.run.dryRun'),
          isPresent('$.lease.value.epoch'),
          isPresent('$.world.value.route.origin'),
          is('$.world.value.route.origin', { StringEquals: 'primary' }),
          is('$.world.value.route.percentOnStandby', { NumericEquals: 0 }),
        ),
        'Park the standby again',
      ),
    ],
    'Record the outcome',
  ),

  'Park the standby again': step('park-standby', {
    comment:
      'Only what this run has woken; what cannot be stopped yet is stopped by the standing look. The record waits for it, because people are told whether it costs money still.',
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value' },
    result: '$.parked',
    seconds: 65,
    retry: 'soon',
    failure: { next: 'Record the outcome', at: '$.parkFailure' },
    next: 'Record the outcome',
  }),

  'Record the outcome': step('record', {
    comment:
      'History and the release of the lease are one transaction; if it fails, both are tried by another way.',
    payload: { 'state.$': '$' },
    result: '$.record',
    seconds: 35,
    retry: 'patient',
    failure: { next: 'Record it in short', at: '$.recordFailure' },
    next: 'Must people be told?',
  }),

  'Record it in short': step('close-run', {
    comment:
      'The whole record may be what cannot be written; the lease must not wait for it, and people neither.',
    payload: { 'run.$': '$.run', 'outcome.$': '$.outcome' },
    result: '$.closed',
    seconds: 125,
    retry: 'soon',
    failure: { next: 'Must people be told?', at: '$.closeFailure' },
    next: 'Must people be told?',
  }),

  'Must people be told?': choice(
    'A run that had nothing to do is recorded and wakes nobody.',
    [
      when(is('$.outcome.name', { StringEquals: 'NothingToDo' }), 'Nothing to do'),
      when(
        all(
          is('$.outcome.name', { StringEquals: 'Degraded' }),
          isPresent('$.confirmation'),
          isFalse('$.confirmation.value.news'),
        ),
        'It stays degraded',
      ),
    ],
    'Announce the outcome',
  ),

  'Announce the outcome': step('announce', {
    comment: 'People hear what was done, what was not, and what to do next.',
    payload: { 'state.$': '$' },
    result: '$.announced',
    seconds: 35,
    retry: 'patient',
    failure: { next: 'Nobody was told', at: '$.announceFailure' },
    next: 'How did it end?',
  }),

  'How did it end?': choice(
    'The execution ends under the name of its outcome.',
    [
      when(is('$.outcome.name', { StringEquals: 'FailedOver' }), 'Does the standby still grow?'),
      when(is('$.outcome.name', { StringEquals: 'StoodDown' }), 'Stood down'),
      when(is('$.outcome.name', { StringEquals: 'Degraded' }), 'It stays degraded'),
      when(is('$.outcome.name', { StringEquals: 'Rejected' }), 'Rejected'),
      when(is('$.outcome.name', { StringEquals: 'Cancelled' }), 'Cancelled'),
      when(is('$.outcome.name', { StringEquals: 'DryRun' }), 'Dry run done'),
    ],
    'Escalated',
  ),

  'Does the standby still grow?': choice(
    'A warm standby serves while its nodes are being added. Everything else was whole before users came.',
    [
      when(
        all(isPresent('$.prepared.standby.growing'), is('$.prepared.standby.growing', { IsString: true })),
        'Note since when it grows',
      ),
    ],
    'Failed over',
  ),

  'Note since when it grows': note('The limit for growing is that for getting ready, counted from here.', {
    from: { 'since.$': '$$.State.EnteredTime' },
    at: '$.growing',
    next: 'Wait while the standby grows',
  }),

  'Wait while the standby grows': wait(
    'Users are served and people are told: nobody waits for this.',
    60,
    'Look whether the standby has grown',
  ),

  'Look whether the standby has grown': step('watch-growth', {
    comment:
      'People hear of a standby that stays small. That users are served does not depend on this look: where it fails, the run has failed over all the same.',
    payload: { 'run.$': '$.run', 'since.$': '$.growing.since' },
    result: '$.growth',
    seconds: 65,
    retry: 'patient',
    failure: { next: 'Failed over', at: '$.growthFailure' },
    next: 'Has the standby grown?',
  }),

  'Has the standby grown?': choice(
    'Until it is whole, or people were told that it is not.',
    [when(is('$.growth.value.state', { StringEquals: 'growing' }), 'Wait while the standby grows')],
    'Failed over',
  ),

  'Dry run done': succeed('Nothing was changed; the record tells what would have been.'),

  Rejected: succeed('A person, or the silence of all, decided against the failover.'),

  Cancelled: succeed('A person cancelled the run; nothing was switched.'),

  'Failed over': succeed('The standby serves; a person brings the site home.'),

  'Stood down': succeed('The primary serves; nothing was switched.'),

  'It stays degraded': succeed('Users stay on a primary that serves most of them.'),

  'Nothing to do': succeed('Another execution acts, the brake is on, or the workload cools down.'),

  Escalated: fail(
    "A failed execution also rings the controller's own alarm.",
    'Escalated',
    'A person is needed: read the announcement and the record of this run.',
  ),

  'Nobody was told': fail(
    "However well it went, nobody knows: a failed execution rings the controller's own alarm, and its event tries to tell people once more.",
    'NobodyWasTold',
    'The announcement failed to the end of its retries: read the record of this run, and tell people.',
  ),
};
