import { rtoOfState, timelineOf, whyOf } from '../../../core/run/story.ts';
import { begunState, RUN, stateWith } from './state-fixture.ts';

/*
 * Goal: whoever reads the record or the announcement at 3 a.m. learns what happened, where users are now, and what is
 * left to do, however far the run got.
 */

const ENDED = '2026-11-22T03:21:00.000Z';
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

  it('is said of input that was refused', () => {
    expect(whyOf(begunState('InvalidInput'))).toBe('The input was refused; nothing was touched.');
  });

  it.each([
    ['with the verdict', { confirmation: HEALTHY }, 'No outage: 1 of 6 signals bad.'],
    ['without one', {}, 'No outage: the primary is healthy.'],
    [
      'after the shield was lowered',
      { lowered: SHIELD },
      'The primary came back before anything was switched; its users are home again.',
    ],
    [
      'after the pipeline was stopped as well',
      { lowered: SHIELD, stopped: { value: { cancelled: true, detail: 'run 17 is canceling' } } },
      'The primary came back before anything was switched; its users are home again. ' +
        'The pipeline stopped: run 17 is canceling.',
    ],
    [
      'and a needless start was stopped',
      { confirmation: HEALTHY, stopped: { value: { cancelled: true, detail: 'run 17 is canceling' } } },
      'No outage: 1 of 6 signals bad. The pipeline stopped: run 17 is canceling.',
    ],
    [
      'and a needless start could not be stopped',
      { confirmation: HEALTHY, stopFailure: { Error: 'CloudUnavailable', Cause: 'timed out' } },
      'No outage: 1 of 6 signals bad. ' +
        'The pipeline run could not be cancelled (CloudUnavailable: timed out): look at it and stop it.',
    ],
  ])('is said where the run stood down %s', (_case, parts, text) => {
    expect(whyOf(begunState('StoodDown', parts))).toBe(text);
  });

  it.each([
    [
      'by a person',
      { rejection: { Error: 'ApprovalRejected', Cause: 'Rejected by Mina.' } },
      'Rejected by Mina. The shield was lowered and nothing was switched; whoever wants to fail over starts a new run.',
    ],
    [
      'by nobody that is known',
      {},
      'Nobody approved. The shield was lowered and nothing was switched; whoever wants to fail over starts a new run.',
    ],
    [
      'while a pipeline could not be stopped',
      {
        rejection: { Error: 'ApprovalRejected', Cause: 'Rejected by Mina.' },
        stopFailure: { Error: 'CloudUnavailable', Cause: 'timed out' },
      },
      'Rejected by Mina. The shield was lowered and nothing was switched; whoever wants to fail over starts a new run. ' +
        'The pipeline run could not be cancelled (CloudUnavailable: timed out): look at it and stop it.',
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
      { lease: TAKEN },
      'A person is needed. The run could not go on. The route was not touched.',
    ],
    [
      'a confirmed run died before the shield reported back',
      { lease: TAKEN, confirmation: OUTAGE, failure: { Error: 'States.Timeout' } },
      'A person is needed. States.Timeout. ' +
        'The shield may be up or not, its move never reported back: look at the route first.',
    ],
    [
      'a vouched run died before the shield reported back',
      { run: { ...RUN, skipConfirmation: true, dryRun: false }, lease: TAKEN, failure: PIPELINE_FAILURE },
      'A person is needed. PipelineFailed: stage Apply failed. ' +
        'The shield may be up or not, its move never reported back: look at the route first.',
    ],
    [
      'a confirmed run never held the lease',
      { confirmation: OUTAGE },
      'A person is needed. The run could not go on. The route was not touched.',
    ],
    [
      'the shield stays up',
      { lease: TAKEN, shield: SHIELD, failure: PIPELINE_FAILURE },
      'A person is needed. PipelineFailed: stage Apply failed. ' +
        'Users see the maintenance page: the shield stays up.',
    ],
    [
      'the shield was raised again',
      { shield: SHIELD, reshielded: SHIELD, failure: PIPELINE_FAILURE },
      'A person is needed. PipelineFailed: stage Apply failed. ' +
        'Users see the maintenance page: the shield was raised again.',
    ],
    [
      'both sides may hold writes',
      { failure: { Error: 'StandbyHasWrites', Cause: 'the standby has served' } },
      'A person is needed. StandbyHasWrites: the standby has served. ' +
        'Users see the maintenance page: an earlier run left the shield up, and it stays.',
    ],
    [
      'the shield could not be raised again',
      {
        shield: SHIELD,
        failure: PIPELINE_FAILURE,
        shieldFailure: { Error: 'CloudRefused', Cause: 'no permission' },
      },
      'A person is needed. PipelineFailed: stage Apply failed. ' +
        'The shield could not be raised again (CloudRefused: no permission): look at the route first.',
    ],
    [
      'another execution acts now',
      { shield: SHIELD, failure: { Error: 'LeaseLost', Cause: 'epoch 5 holds it' } },
      'A person is needed. LeaseLost: epoch 5 holds it. ' +
        'Another execution may have moved the route since: look at it first.',
    ],
    [
      'the way home failed',
      { shield: SHIELD, recovery: { Error: 'NotConverged', Cause: 'one place sees the shield' } },
      'A person is needed. NotConverged: one place sees the shield. ' +
        'Users see the maintenance page: the shield stays up.',
    ],
    [
      'the pipeline could not be stopped',
      {
        shield: SHIELD,
        failure: PIPELINE_FAILURE,
        stopFailure: { Error: 'CloudUnavailable', Cause: 'timed out' },
      },
      'A person is needed. PipelineFailed: stage Apply failed. ' +
        'Users see the maintenance page: the shield stays up. ' +
        'The pipeline run could not be cancelled (CloudUnavailable: timed out): look at it and stop it.',
    ],
    [
      'there was no pipeline run to stop',
      {
        shield: SHIELD,
        failure: PIPELINE_FAILURE,
        stopped: { value: { cancelled: false, detail: 'no run' } },
      },
      'A person is needed. PipelineFailed: stage Apply failed. ' +
        'Users see the maintenance page: the shield stays up.',
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
