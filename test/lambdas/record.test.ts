import type { LeaseRelease } from '../../core/ports.ts';
import { makeRecord } from '../../lambdas/record/record.ts';
import type { Step } from '../../lambdas/runtime.ts';
import { brokenRun, config, configWith, problemsOf, refusalOf, run } from './fixture.ts';
import { callOf, MemoryLedger, MemoryLog, MemoryMetrics, unavailable, VirtualClock } from './helpers.ts';
import { MemoryTurns } from './fleet-helpers.ts';
import { MemoryApprovals } from './people-helpers.ts';
import { workflowStates } from './workflow-states.ts';

/*
 * Goal: every ending leaves a record that tells the truth, and a lease that lets the next run do what it should.
 */

interface Bench {
  readonly step: Step;
  readonly clock: VirtualClock;
  readonly ledger: MemoryLedger;
  readonly metrics: MemoryMetrics;
  readonly approvals: MemoryApprovals;
  readonly log: MemoryLog;
  readonly turns: MemoryTurns;
}

function bench(own = config): Bench {
  const clock = new VirtualClock();
  const ledger = new MemoryLedger();
  const metrics = new MemoryMetrics();
  const approvals = new MemoryApprovals();
  const log = new MemoryLog();
  const turns = new MemoryTurns();
  const step = makeRecord({ config: own, clock, log, metrics, ledger, approvals, turns });
  return { step, clock, ledger, metrics, approvals, log, turns };
}

type Ending = keyof typeof workflowStates;
async function record(ending: Ending, afterMs = 0): Promise<Bench & { readonly output: unknown }> {
  const at = bench();
  await at.clock.sleep(afterMs);
  const output = await at.step({ state: workflowStates[ending] }, callOf(at.clock, 30));
  return { ...at, output };
}

const cooling = (status: LeaseRelease['status']): LeaseRelease => ({
  epoch: 7,
  status,
  // 30 minutes after 10:00:00.
  cooldownUntil: 1_772_447_400_000,
  // Only a failover leaves automation off: a person brings the site home.
  disarms: status === 'DONE',
  movedAwayAt: SHIELDED_AT,
});
/** When the shield went up in all of these runs: 10:00:10. */
const SHIELDED_AT = 1_772_445_610_000;
const warm = (status: LeaseRelease['status'], movedAwayAt: number | null = null): LeaseRelease => ({
  epoch: 7,
  status,
  cooldownUntil: null,
  disarms: false,
  movedAwayAt,
});

describe('record: the lease goes back', () => {
  it.each<[Ending, LeaseRelease | null]>([
    ['failedOver', cooling('DONE')],
    ['falseAlarm', warm('DONE')],
    // Users came home again, and were away all the same: the next move is harder.
    ['recovered', warm('DONE', SHIELDED_AT)],
    ['rejected', warm('DONE', SHIELDED_AT)],
    ['nothingToDo', null],
    ['alreadyOver', null],
    // Whatever it holds: the grant may have been lost on its way.
    ['leaseUnknown', { ...warm('FAILED'), epoch: null }],
    ['dryRun', null],
    ['inconclusive', warm('FAILED')],
    ['shieldInDoubt', warm('FAILED')],
    ['pipelineFailed', cooling('FAILED')],
    ['reshielded', cooling('FAILED')],
    ['shieldFailed', cooling('FAILED')],
  ])('after %s', async (ending, release) => {
    const { ledger } = await record(ending);
    expect(ledger.finished).toHaveLength(1);
    expect(ledger.finished[0]?.release).toEqual(release);
  });

  it('cools for as long as the policy says', async () => {
    const short = bench(
      configWith((shop) => {
        shop.policy.cooldownMinutes = 0;
      }),
    );
    await short.step({ state: workflowStates.failedOver }, callOf(short.clock, 30));
    expect(short.ledger.finished[0]?.release?.cooldownUntil).toBe(1_772_445_600_000);
  });
});

describe('record: what is written', () => {
  it('keeps the whole story of a failover: RTO by phase, timeline and evidence', async () => {
    const { ledger, output } = await record('failedOver', 765_000);
    const rto = {
      totalSeconds: 920,
      phases: { detect: 180, confirm: 8, shield: 2, prepare: 710, switch: 5, converge: 15 },
    };
    const why =
      'The outage was confirmed and everybody is served by the standby. Bring the site home when the primary is well.';
    expect(output).toEqual({ outcome: 'FailedOver', why, endedAt: '2026-03-02T10:12:45.000Z', rto });
    expect(ledger.finished[0]?.record).toMatchObject({
      run: { execution: 'run-1' },
      outcome: 'FailedOver',
      rto,
      evidence: [{ source: 'alarm:pilotlight-shop-edge-5xx', observation: 'bad' }],
    });
    const timeline = ledger.finished[0]!.record.timeline.map(
      ({ at, event }) => `${at.slice(11, 19)} ${event}`,
    );
    expect(timeline).toEqual([
      '09:57:00 the outage began, by the alarms',
      '10:00:00 the run began: alarm pilotlight-shop-edge-5xx in us-east-1: two datapoints',
      '10:00:08 verdict outage: 7 of 8 signals bad',
      '10:00:10 the shield was raised',
      '10:01:40 the whole edge served the shield',
      '10:12:00 the standby was seen healthy',
      '10:12:05 the route was moved to the standby',
      '10:12:20 the first good answer came through the edge',
      '10:12:40 every place was served by the wanted origin',
      '10:12:45 the run ended: FailedOver',
    ]);
  });

  it.each<[Ending, string]>([
    ['falseAlarm', 'No outage: the primary is good from 2 places.'],
    [
      'recovered',
      'The primary came back before anything was switched; its users are home again. The pipeline run run X is being ' +
        'cancelled: https://dev.example/9',
    ],
    ['nothingToDo', 'Nothing was done: execution run-0 holds the lease.'],
    ['alreadyOver', 'Nothing was done: the standby serves already.'],
    [
      'rejected',
      'Mina rejected the failover. The shield was lowered and nothing was switched. Users are on the primary. Whoever ' +
        'wants to fail over starts a new run.',
    ],
    [
      'dryRun',
      'The signals say outage now. Every step was planned and nothing was changed: no route was written and nothing was ' +
        'built.',
    ],
    [
      'leaseUnknown',
      'A person is needed. CloudUnavailable: DynamoDB TransactWriteItems failed. Users are on the primary.',
    ],
    ['inconclusive', 'A person is needed. Inconclusive: 2 of 8 signals bad. Users are on the primary.'],
    [
      'shieldInDoubt',
      'A person is needed. States.Timeout. Users see the maintenance page: the shield stays up.',
    ],
    ['shieldInDoubtByPerson', 'A person is needed. States.Timeout. Users are on the primary.'],
    [
      'pipelineFailed',
      'A person is needed. PipelineFailed: stage database failed. Users see the maintenance page: the shield stays up. ' +
        'The pipeline run run X has ended (failed); what it built stays and costs money until somebody removes it ' +
        '(docs/procedures.md, "Leave no standby behind").',
    ],
    [
      'pipelineNotStopped',
      'A person is needed. PipelineTimedOut: the pipeline still runs. Users see the maintenance page: the shield stays ' +
        'up. The pipeline run could not be cancelled (CloudUnavailable: HTTP 503). The pipeline run run X still goes and ' +
        'costs money; stop it unless you want the standby: https://dev.example/9',
    ],
    [
      'leaseLost',
      'A person is needed. LeaseLost: run-2 acts. Users are on the primary; run-2 moved them there.',
    ],
    [
      'reshielded',
      'A person is needed. NotConverged: The edge does not serve standby everywhere. Users see the maintenance page: ' +
        'the shield was raised again.',
    ],
    [
      'shieldFailed',
      'A person is needed. NotConverged: The edge does not serve standby everywhere. The shield could not be raised ' +
        'again (CloudRefused: PutKey failed). Users are on the standby.',
    ],
  ])('says after %s what happened and where the route is', async (ending, why) => {
    const { output } = await record(ending);
    expect(output).toMatchObject({ why, rto: null });
  });
});

describe('record: figures', () => {
  it('counts the outcome, and measures the RTO of a failover only', async () => {
    expect((await record('failedOver')).metrics.figures).toEqual([
      ['OutcomeFailedOver', 1],
      ['Rto', 920],
    ]);
    expect((await record('reshielded')).metrics.figures).toEqual([['OutcomeEscalated', 1]]);
  });
});

describe('record: the question that people were asked', () => {
  it('is closed once the record stands', async () => {
    expect((await record('failedOver')).approvals.closed).toEqual(['shop/run-1']);
    expect((await record('nothingToDo')).approvals.closed).toEqual(['shop/run-1']);
  });

  it('does not undo the record when it cannot be closed', async () => {
    const at = bench();
    at.approvals.failure = unavailable('DynamoDB PutItem');
    const output = await at.step({ state: workflowStates.failedOver }, callOf(at.clock, 30));
    expect(output).toMatchObject({ outcome: 'FailedOver' });
    expect(at.ledger.finished).toHaveLength(1);
    expect(at.metrics.figures[0]).toEqual(['OutcomeFailedOver', 1]);
    expect(at.log.warnings.map(({ message }) => message)).toEqual([
      'the approval could not be closed; answers to it are refused by its time limit',
    ]);
  });

  it('stays open while there is no record: the step is tried again', async () => {
    const at = bench();
    at.ledger.failure = unavailable('DynamoDB TransactWriteItems');
    await refusalOf(at.step({ state: workflowStates.failedOver }, callOf(at.clock, 30)));
    expect(at.approvals.closed).toEqual([]);
  });
});

describe('record: what is refused', () => {
  it('fails where the ledger cannot be written, and counts nothing', async () => {
    const at = bench();
    at.ledger.failure = unavailable('DynamoDB TransactWriteItems');
    const failed = at.step({ state: workflowStates.failedOver }, callOf(at.clock, 30));
    expect((await refusalOf(failed)).name).toBe('CloudUnavailable');
    expect(at.metrics.figures).toEqual([]);
  });

  it('names everything that is wrong with its input', async () => {
    const at = bench();
    const state = { run: brokenRun, outcome: { name: 'Lost' }, shield: { value: { origin: 'primary' } } };
    expect(await problemsOf(at.step, { state })).toEqual([
      'state.run.execution: got "", expected string to have >=1 characters',
      'state.run.trigger: got "cron", expected one of "alarm"|"manual"|"watch"',
      'state.outcome.name: got "Lost", expected one of ' +
        '"FailedOver"|"StoodDown"|"Degraded"|"Rejected"|"Cancelled"|"DryRun"|"NothingToDo"|"Escalated"|"InvalidInput"|"CameHome"|"StayedAway"',
      'state.shield.value.movedAt: got nothing, expected string',
    ]);
    expect(at.ledger.finished).toEqual([]);
  });

  it('refuses to release the lease of a workload that the config does not have', async () => {
    const at = bench();
    const state = { ...workflowStates.falseAlarm, run: { ...run, workload: 'blog' } };
    expect(await problemsOf(at.step, { state })).toEqual(['workload: got "blog", expected one of shop']);
    expect(at.ledger.finished).toEqual([]);
  });
});
