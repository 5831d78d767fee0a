import { rtoOfState, timelineOf, whyOf } from '../../../core/run/story.ts';
import { begunState, RUN, stateWith, worldOf } from './state-fixture.ts';

/*
 * Goal: whoever reads the record or the announcement at 3 a.m. learns what happened, where users are now, and what is
 * left to do, however far the run got.
 */

const ENDED = '2026-11-22T03:21:00.000Z';
const PIPELINE = { name: 'run 17', url: 'https://dev.example/17', state: 'running', result: null };
const GOES_ON =
  'The pipeline run run 17 still goes and costs money; stop it unless you want the standby: https://dev.example/17';
const UNREAD = { Error: 'States.Timeout' };
const TAKEN = { value: { taken: true, epoch: 4 } };
const SHIELD = { value: { origin: 'maintenance', movedAt: '2026-11-22T03:02:16.000Z' } };
const PIPELINE_FAILURE = { Error: 'PipelineFailed', Cause: '{"errorMessage":"stage Apply failed"}' };
const OUTAGE = {
  value: {
    verdict: 'outage',
    summary: '4 of 6 signals bad',
    since: null,
    decidedAt: '2026-11-22T03:02:15.000Z',
    signals: [],
  },
};
const HEALTHY = { value: { ...OUTAGE.value, verdict: 'healthy', summary: '1 of 6 signals bad' } };

describe('why a run ended', () => {
  it('is said of a failover, with what is left to do', () => {
    expect(whyOf(stateWith({}))).toBe(
      'The outage was confirmed and everybody is served by the standby. ' +
        'Bring the site home when the primary is well.',
    );
  });

  it('says of a failover what is known where the users are not on the standby any more, or nobody could look', () => {
    expect(whyOf(stateWith({ world: worldOf('maintenance', { by: 'run-2' }) }))).toBe(
      'The outage was confirmed and the standby was verified through the edge. Users see the maintenance page: ' +
        'run-2 left the shield up, and it stays. Bring the site home when the primary is well.',
    );
    expect(whyOf(stateWith({ world: undefined, worldFailure: UNREAD }))).toBe(
      'The outage was confirmed and the standby was verified through the edge. Where the users are could not be read ' +
        '(States.Timeout): look first, with "pilotlight status petclinic". Bring the site home when the primary is well.',
    );
  });

  it('is said of input that was refused', () => {
    expect(whyOf(begunState('InvalidInput'))).toBe('The input was refused; nothing was touched.');
  });

  it.each([
    ['with the verdict', { confirmation: HEALTHY }, 'No outage: 1 of 6 signals bad.'],
    ['without one', {}, 'No outage: the primary is healthy.'],
    [
      'after the shield was lowered',
      { lowered: SHIELD, world: worldOf('primary') },
      'The primary came back before anything was switched; its users are home again.',
    ],
    [
      'after the shield was lowered, and somebody has raised it again since',
      { lowered: SHIELD, world: worldOf('maintenance', { by: 'Mina' }) },
      'The primary came back before anything was switched. Users see the maintenance page: Mina left the shield up, and ' +
        'it stays.',
    ],
    [
      'and a pipeline run is being cancelled',
      { lowered: SHIELD, world: worldOf('primary', { run: { ...PIPELINE, state: 'canceling' } }) },
      'The primary came back before anything was switched; its users are home again. ' +
        'The pipeline run run 17 is being cancelled: https://dev.example/17',
    ],
    [
      'and a needless start could not be stopped',
      {
        confirmation: HEALTHY,
        stopFailure: { Error: 'CloudUnavailable', Cause: 'timed out' },
        world: worldOf('primary', { run: PIPELINE }),
      },
      'No outage: 1 of 6 signals bad. The pipeline run could not be cancelled (CloudUnavailable: timed out). ' +
        GOES_ON,
    ],
  ])('is said where the run stood down %s', (_case, parts, text) => {
    expect(whyOf(begunState('StoodDown', parts))).toBe(text);
  });

  it.each([
    [
      'by a person',
      {
        rejection: { Error: 'ApprovalRejected', Cause: 'Rejected by Mina.' },
        lowered: SHIELD,
        world: worldOf('primary'),
      },
      'Rejected by Mina. The shield was lowered and nothing was switched. Users are on the primary. Whoever wants to fail ' +
        'over starts a new run.',
    ],
    [
      'by nobody that is known, and nobody could look',
      {},
      'Nobody approved. Where the users are could not be read (nothing was looked at): look first, with "pilotlight status ' +
        'petclinic". Whoever wants to fail over starts a new run.',
    ],
    [
      'while a pipeline could not be stopped',
      {
        rejection: { Error: 'ApprovalRejected', Cause: 'Rejected by Mina.' },
        lowered: SHIELD,
        stopFailure: { Error: 'CloudUnavailable', Cause: 'timed out' },
        world: worldOf('primary', { run: PIPELINE }),
      },
      'Rejected by Mina. The shield was lowered and nothing was switched. Users are on the primary. Whoever wants to fail ' +
        'over starts a new run. The pipeline run could not be cancelled (CloudUnavailable: timed out). ' +
        GOES_ON,
    ],
  ])('is said where it was rejected %s', (_case, parts, text) => {
    expect(whyOf(begunState('Rejected', parts))).toBe(text);
  });

  it.each([
    [
      'the signals were asked',
      { confirmation: HEALTHY },
      'The signals say healthy now. Every step was planned and nothing was changed: no route was written and nothing was built.',
    ],
    [
      'a person vouched',
      {},
      'The signals were not asked. Every step was planned and nothing was changed: no route was written and nothing was built.',
    ],
  ])('is said of a dry run where %s', (_case, parts, text) => {
    expect(whyOf(begunState('DryRun', parts))).toBe(text);
  });

  it('says of a dry run that failed what would have failed, and that nothing was touched, by whatever name it ended', () => {
    const text =
      'The signals say healthy now. The dry run could not be planned to its end, a true run would have failed here: ' +
      'CloudRefused: no such pipeline. Mend that and rehearse again; nothing was changed: no route was written and ' +
      'nothing was built.';
    const failure = { Error: 'CloudRefused', Cause: 'no such pipeline' };
    const parts = { run: { ...RUN, dryRun: true }, confirmation: HEALTHY, shield: SHIELD, failure };
    expect(whyOf(begunState('DryRun', parts))).toBe(text);
    expect(whyOf(begunState('Escalated', parts))).toBe(text);
  });

  it.each([
    [
      'the lease was refused',
      { lease: { value: { taken: false, reason: 'brake', detail: 'the brake is on: migration (j.doe)' } } },
      'Nothing was done: the brake is on: migration (j.doe).',
    ],
    ['nobody said why', {}, 'Nothing was done.'],
    ['the lease was held by the run itself', { lease: TAKEN }, 'Nothing was done.'],
  ])('is said where there was nothing to do because %s', (_case, parts, text) => {
    expect(whyOf(begunState('NothingToDo', parts))).toBe(text);
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      'nothing was touched',
      { lease: TAKEN, world: worldOf('primary', { by: null }) },
      'A person is needed. The run could not go on. Users are on the primary.',
    ],
    [
      'a shield had its effect whose move never reported back',
      { lease: TAKEN, failure: { Error: 'States.Timeout' }, world: worldOf('maintenance') },
      'A person is needed. States.Timeout. Users see the maintenance page: the shield stays up.',
    ],
    [
      'a lowering had its effect and failed afterwards',
      { lease: TAKEN, shield: SHIELD, failure: { Error: 'States.Timeout' }, world: worldOf('primary') },
      'A person is needed. States.Timeout. Users are on the primary.',
    ],
    [
      'an old shield was up all along',
      { lease: TAKEN, failure: PIPELINE_FAILURE, world: worldOf('maintenance', { by: 'run-0' }) },
      'A person is needed. PipelineFailed: stage Apply failed. ' +
        'Users see the maintenance page: run-0 left the shield up, and it stays.',
    ],
    [
      'the shield was raised again',
      { shield: SHIELD, reshielded: SHIELD, failure: PIPELINE_FAILURE, world: worldOf('maintenance') },
      'A person is needed. PipelineFailed: stage Apply failed. ' +
        'Users see the maintenance page: the shield was raised again.',
    ],
    [
      'the shield could not be raised again',
      {
        shield: SHIELD,
        failure: PIPELINE_FAILURE,
        shieldFailure: { Error: 'CloudRefused', Cause: 'no permission' },
        world: worldOf('standby'),
      },
      'A person is needed. PipelineFailed: stage Apply failed. ' +
        'The shield could not be raised again (CloudRefused: no permission). Users are on the standby.',
    ],
    [
      'another execution acts now',
      {
        shield: SHIELD,
        failure: { Error: 'LeaseLost', Cause: 'epoch 5 holds it' },
        world: worldOf('primary', { by: 'run-2' }),
      },
      'A person is needed. LeaseLost: epoch 5 holds it. Users are on the primary; run-2 moved them there.',
    ],
    [
      'a pipeline that was started on suspicion goes on',
      { early: { value: {} }, failure: PIPELINE_FAILURE, world: worldOf('primary', { run: PIPELINE }) },
      'A person is needed. PipelineFailed: stage Apply failed. Users are on the primary. ' + GOES_ON,
    ],
    [
      'the world could not be read',
      { shield: SHIELD, failure: PIPELINE_FAILURE, worldFailure: UNREAD },
      'A person is needed. PipelineFailed: stage Apply failed. Where the users are could not be read (States.Timeout): ' +
        'look first, with "pilotlight status petclinic". Whether a pipeline run still goes could not be read ' +
        '(States.Timeout): look at it in Azure DevOps, or in the container job: it costs money until somebody stops it.',
    ],
  ])('is said where a person is needed and %s', (_case, parts, text) => {
    expect(whyOf(begunState('Escalated', parts))).toBe(text);
  });
});

describe('the timeline', () => {
  it('tells what happened, in the order of its moments', () => {
    expect(timelineOf(stateWith({}), ENDED)).toEqual([
      { at: '2026-11-22T03:00:00.000Z', event: 'the outage began, by the alarms' },
      {
        at: '2026-11-22T03:02:00.000Z',
        event: 'the run began: alarm pilotlight-petclinic-edge-5xx in us-east-1: over 25',
      },
      { at: '2026-11-22T03:02:15.000Z', event: 'verdict outage: 4 of 6 signals bad' },
      { at: '2026-11-22T03:02:16.000Z', event: 'the shield was raised' },
      { at: '2026-11-22T03:04:00.000Z', event: 'the whole edge served the shield' },
      { at: '2026-11-22T03:19:00.000Z', event: 'the standby was seen healthy' },
      { at: '2026-11-22T03:19:30.000Z', event: 'the route was moved to the standby' },
      { at: '2026-11-22T03:20:00.000Z', event: 'the first good answer came through the edge' },
      { at: '2026-11-22T03:20:10.000Z', event: 'every place was served by the wanted origin' },
      { at: '2026-11-22T03:21:00.000Z', event: 'the run ended: FailedOver' },
    ]);
  });

  it('of a run that only began is short', () => {
    expect(timelineOf(begunState('Escalated'), ENDED)).toHaveLength(2);
  });

  it('knows the shield lowered, and raised again', () => {
    const at = (second: string): unknown => ({
      value: { origin: 'primary', movedAt: `2026-11-22T03:20:${second}.000Z` },
    });
    const events = timelineOf(begunState('Escalated', { lowered: at('01'), reshielded: at('02') }), ENDED);
    expect(events.map(({ event }) => event).slice(1, 3)).toEqual([
      'the shield was lowered',
      'the shield was raised again',
    ]);
  });
});

describe('the RTO of a run', () => {
  it('is counted from the start of the outage, not of the run', () => {
    expect(rtoOfState(stateWith({}))).toEqual({
      totalSeconds: 1200,
      phases: { detect: 120, confirm: 15, shield: 1, prepare: 1004, switch: 30, converge: 30 },
    });
  });

  it('waits for the later of a healthy standby and a shielded edge', () => {
    const late = stateWith({});
    const shield = { ...late.prepared!.shield, convergedAt: '2026-11-22T03:19:20.000Z' };
    const rto = rtoOfState(stateWith({ prepared: { ...late.prepared, shield } }));
    expect(rto?.phases).toMatchObject({ prepare: 1024, switch: 10 });
  });

  it('is counted from the start of the run where no signal named a beginning, or named a later one', () => {
    const from = (since: string | null): number | undefined =>
      rtoOfState(stateWith({ confirmation: { value: { ...OUTAGE.value, since } } }))?.totalSeconds;
    expect(from(null)).toBe(1080);
    expect(from('2026-11-22T03:02:10.000Z')).toBe(1080);
    expect(rtoOfState(stateWith({ confirmation: undefined }))?.phases).toMatchObject({
      detect: 0,
      confirm: 0,
    });
  });

  it.each(['shield', 'prepared', 'switched', 'verified'])('is unknown where %s is', (part) => {
    expect(rtoOfState(stateWith({ [part]: undefined }))).toBeNull();
  });

  it('is nothing that a run has which did not fail over', () => {
    expect(rtoOfState(stateWith({ outcome: { name: 'Escalated' } }))).toBeNull();
  });
});
