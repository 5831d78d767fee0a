import {
  APPROVAL_ROUND_SECONDS,
  heldLeaseSchema,
  outcomes,
  planSchema,
  runSchema,
} from '../../../core/run/run.ts';
import { runRecordSchema } from '../../../core/run/record.ts';

const run = {
  execution: 'execution-1',
  workload: 'petclinic',
  startedAt: '2026-11-22T03:02:12.000Z',
  trigger: 'manual',
  reason: 'Seoul is dark',
  requestedBy: 'j.doe',
  skipConfirmation: false,
  dryRun: false,
  planned: false,
  workflow: 'failover',
};
const plan = {
  tier: 'cold',
  move: 'failover',
  startOnSuspicion: false,
  startOnApproval: true,
  approval: 'required',
  hasApprovers: true,
  limitsLoss: true,
  handsOver: true,
  fences: false,
  approvalRounds: 10,
  onTimeout: 'abort',
  watchPrimary: true,
  takesTurns: false,
  dependsOnOthers: false,
  canary: false,
  onDegraded: 'tell',
  prepareDegraded: false,
  carriesHome: true,
  followsAgain: false,
  putsAway: true,
  pipelinePollSeconds: 10,
  standbyPollSeconds: 10,
};
const record = {
  run,
  outcome: 'FailedOver',
  why: 'The outage was confirmed.',
  endedAt: '2026-11-22T03:20:00.000Z',
  rto: { totalSeconds: 1020.5, phases: { detect: 120 } },
  convergence: {
    firstPlaceSeconds: 20,
    lastPlaceSeconds: 30,
    places: [{ place: 'us-west-2', seconds: 30 }],
  },
  data: {
    promised: '2026-11-22T02:59:48.000Z',
    reached: null,
    lostSeconds: 12,
    detail: '',
  },
  timeline: [{ at: '2026-11-22T03:02:12.000Z', event: 'the run began' }],
  planned: null,
  home: null,
  evidence: [{ source: 'alarm:x', observation: 'bad' }],
};

describe('what the workflow carries', () => {
  it('is read where it is right', () => {
    expect(runSchema.parse(run)).toEqual(run);
    expect(planSchema.parse(plan)).toEqual(plan);
    const held = { taken: true, epoch: 3, standbyServed: true, recentMoves: 2 };
    expect(heldLeaseSchema.parse({ ...held, expiresAt: 5 })).toEqual(held);
    expect(heldLeaseSchema.parse({ taken: true, epoch: 3 })).toMatchObject({
      standbyServed: false,
      recentMoves: 0,
    });
    expect(runRecordSchema.parse(record)).toEqual({ ...record, settle: null });
    const settle = { seconds: 72, why: '72 s: 2 times the slowest of 412 measurements, 36 s' };
    expect(runRecordSchema.parse({ ...record, settle }).settle).toEqual(settle);
    expect(runRecordSchema.parse({ ...record, rto: null }).rto).toBeNull();
    expect(runRecordSchema.parse({ ...record, convergence: null }).convergence).toBeNull();
    // Those of an earlier version say nothing of the data.
    expect(runRecordSchema.parse({ ...record, data: undefined }).data).toBeNull();
  });

  it.each([
    ['a run without a name', runSchema, { ...run, execution: '' }],
    [
      'a run with a name that Step Functions would not take',
      runSchema,
      { ...run, execution: 'x'.repeat(81) },
    ],
    ['a run of no workload', runSchema, { ...run, workload: '' }],
    ['a run that began at no moment', runSchema, { ...run, startedAt: '2026-11-22' }],
    ['a run that nothing triggered', runSchema, { ...run, trigger: 'chance' }],
    ['a run with a field too many', runSchema, { ...run, epoch: 1 }],
    ['a plan for a tier that does not exist', planSchema, { ...plan, tier: 'hot' }],
    ['a plan that polls without a pause', planSchema, { ...plan, pipelinePollSeconds: 0 }],
    ['a plan that asks for no time at all', planSchema, { ...plan, approvalRounds: 0 }],
    ['a plan to which silence means nothing', planSchema, { ...plan, onTimeout: undefined }],
    ['a plan without a word on shares', planSchema, { ...plan, canary: undefined }],
    ['a lease that was not given', heldLeaseSchema, { taken: false, epoch: 3 }],
    ['a lease of no epoch', heldLeaseSchema, { taken: true, epoch: 0 }],
    ['a record of an outcome that does not exist', runRecordSchema, { ...record, outcome: 'Won' }],
    ['a record without an end', runRecordSchema, { ...record, endedAt: '' }],
    [
      'a record that is silent about how the move spread',
      runRecordSchema,
      { ...record, convergence: undefined },
    ],
    ['a record that is silent about its RTO', runRecordSchema, { ...record, rto: undefined }],
  ])('is refused where it is %s', (_case, schema, input) => {
    expect(schema.safeParse(input).success).toBe(false);
  });

  it('ends in one of these ways', () => {
    expect(outcomes).toEqual([
      'FailedOver',
      'StoodDown',
      'Degraded',
      'Rejected',
      'Cancelled',
      'DryRun',
      'NothingToDo',
      'Escalated',
      'InvalidInput',
      'CameHome',
      'StayedAway',
    ]);
  });

  it('waits for an approval in rounds of a minute', () => {
    expect(APPROVAL_ROUND_SECONDS).toBe(60);
  });
});
