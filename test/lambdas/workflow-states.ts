import { lease, run } from './fixture.ts';

/*
 * What the workflow carries when it comes to record and announce, one state for each way in which a run may end. Fields
 * that these steps do not read are left in where the workflow leaves them in.
 */

const signal = {
  source: 'alarm:pilotlight-shop-edge-5xx',
  kind: 'alarm',
  about: 'edge',
  place: 'us-east-1',
  observation: 'bad',
  at: '2026-03-02T10:00:00.000Z',
  detail: 'edge-5xx is ALARM',
};
const decided = { since: null, decidedAt: '2026-03-02T10:00:08.000Z', signals: [signal] };
const moved = (origin: string, movedAt: string): unknown => ({ value: { origin, movedAt, epoch: 1 } });

/** Where the users were at the end, and what still ran. */
const world = (origin: string, by: string | null = 'run-1', pipeline: unknown = null): unknown => ({
  value: {
    route: { known: true, origin, percentOnStandby: 0, by },
    pipeline: { known: true, run: pipeline },
  },
});
const pipelineRun = { name: 'run X', url: 'https://dev.example/9', state: 'running', result: null };

const begun = { run, plan: { tier: 'cold' }, lease: { value: lease } };
const outage = {
  ...begun,
  confirmation: {
    value: {
      ...decided,
      verdict: 'outage',
      summary: '7 of 8 signals bad',
      since: '2026-03-02T09:57:00.000Z',
    },
  },
};
const shielded = { ...outage, shield: moved('maintenance', '2026-03-02T10:00:10.000Z') };
const prepared = {
  ...shielded,
  prepared: {
    approval: { decision: 'not-needed' },
    standby: { ready: true, checkedAt: '2026-03-02T10:12:00.000Z' },
    shield: {
      converged: true,
      firstGoodAt: '2026-03-02T10:00:12.000Z',
      convergedAt: '2026-03-02T10:01:40.000Z',
      firstPlaceSeconds: 2,
      lastPlaceSeconds: 25,
      places: [
        { place: 'tokyo', seconds: 2 },
        { place: 'dublin', seconds: 25 },
      ],
    },
  },
  watch: { value: { recovered: false, summary: 'still down', decidedAt: '2026-03-02T10:12:01.000Z' } },
};
const verified = {
  value: {
    firstGoodAt: '2026-03-02T10:12:20.000Z',
    convergedAt: '2026-03-02T10:12:40.000Z',
    firstPlaceSeconds: 15,
    lastPlaceSeconds: 27,
    places: [
      { place: 'tokyo', seconds: 15 },
      { place: 'dublin', seconds: 27 },
    ],
  },
};
const switched = { ...prepared, switched: moved('standby', '2026-03-02T10:12:05.000Z') };
const failure = (Error: string, Cause: string): Record<string, string> => ({ Error, Cause });
const escalated = { outcome: { name: 'Escalated' } };

export const workflowStates = {
  failedOver: {
    world: world('standby'),
    ...switched,
    verified,
    outcome: { name: 'FailedOver' },
  },
  falseAlarm: {
    world: world('primary', null),
    ...begun,
    confirmation: { value: { ...decided, verdict: 'healthy', summary: 'the primary is good from 2 places' } },
    outcome: { name: 'StoodDown' },
  },
  recovered: {
    world: world('primary', 'run-1', { ...pipelineRun, state: 'canceling' }),
    ...shielded,
    recovery: failure('PrimaryRecovered', 'The primary answers again from every place.'),
    lowered: moved('primary', '2026-03-02T10:05:00.000Z'),
    verified,
    outcome: { name: 'StoodDown' },
  },
  nothingToDo: {
    run,
    plan: { tier: 'cold' },
    lease: { value: { taken: false, reason: 'held', detail: 'execution run-0 holds the lease' } },
    outcome: { name: 'NothingToDo' },
  },
  alreadyOver: {
    run,
    plan: { tier: 'cold' },
    lease: { value: { taken: false, reason: 'already-over', detail: 'the standby serves already' } },
    outcome: { name: 'NothingToDo' },
  },
  rejected: {
    world: world('primary'),
    ...shielded,
    rejection: failure('Rejected', 'Mina rejected the failover.'),
    lowered: moved('primary', '2026-03-02T10:05:00.000Z'),
    outcome: { name: 'Rejected' },
  },
  /** A rehearsal gets as far as a failover does; its lease was never taken from anybody. */
  dryRun: {
    ...switched,
    verified,
    run: { ...run, trigger: 'manual', dryRun: true },
    outcome: { name: 'DryRun' },
  },
  /** The ledger did not answer, so nobody knows whose lease it is. */
  leaseUnknown: {
    world: world('primary', null),
    run,
    plan: { tier: 'cold' },
    failure: failure('CloudUnavailable', '{"errorMessage":"DynamoDB TransactWriteItems failed","trace":[]}'),
    ...escalated,
  },
  inconclusive: {
    world: world('primary', null),
    ...begun,
    confirmation: { value: { ...decided, verdict: 'inconclusive', summary: '2 of 8 signals bad' } },
    failure: failure('Inconclusive', '2 of 8 signals bad'),
    ...escalated,
  },
  /** Raising the shield timed out: it may or may not have had its effect. Step Functions gives no cause. */
  shieldInDoubt: {
    world: world('maintenance'),
    ...outage,
    failure: failure('States.Timeout', ''),
    ...escalated,
  },
  shieldInDoubtByPerson: {
    world: world('primary', null),
    run: { ...run, trigger: 'manual', skipConfirmation: true, dryRun: false },
    lease: { value: lease },
    failure: { Error: 'States.Timeout' },
    ...escalated,
  },
  pipelineFailed: {
    world: world('maintenance', 'run-1', { ...pipelineRun, state: 'completed', result: 'failed' }),
    ...shielded,
    failure: failure(
      'PipelineFailed',
      '{"errorType":"PipelineFailed","errorMessage":"stage database failed"}',
    ),
    stopped: { value: { cancelled: false, detail: 'run X had ended already: failed' } },
    ...escalated,
  },
  pipelineNotStopped: {
    world: world('maintenance', 'run-1', pipelineRun),
    ...shielded,
    failure: failure('PipelineTimedOut', 'the pipeline still runs'),
    stopFailure: failure('CloudUnavailable', 'HTTP 503'),
    ...escalated,
  },
  leaseLost: {
    world: world('primary', 'run-2'),
    ...shielded,
    failure: failure('LeaseLost', 'run-2 acts'),
    ...escalated,
  },
  reshielded: {
    world: world('maintenance'),
    ...switched,
    failure: failure('NotConverged', 'The edge does not serve standby everywhere'),
    reshielded: moved('maintenance', '2026-03-02T10:13:10.000Z'),
    ...escalated,
  },
  shieldFailed: {
    world: world('standby'),
    ...switched,
    failure: failure('NotConverged', 'The edge does not serve standby everywhere'),
    shieldFailure: failure('CloudRefused', 'PutKey failed'),
    ...escalated,
  },
} as const;
