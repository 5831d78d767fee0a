import type { PipelineRun, PipelineStage } from '../../core/standby/pipeline.ts';
import { makePollPipeline } from '../../lambdas/poll-pipeline/poll-pipeline.ts';
import type { Step } from '../../lambdas/runtime.ts';
import { brokenRun, config, lease, problemsOf, problemsOfBrokenRun, refusalOf, run } from './fixture.ts';
import { MemoryPipeline, onlyFor, pipelineRun } from './azure-helpers.ts';
import { callOf, MemoryAnnouncer, MemoryLedger, MemoryLog, unavailable, VirtualClock } from './helpers.ts';

interface Bench {
  readonly step: Step;
  readonly clock: VirtualClock;
  readonly ledger: MemoryLedger;
  readonly announcer: MemoryAnnouncer;
  readonly log: MemoryLog;
}

function bench(parts: Partial<PipelineRun>): Bench {
  const clock = new VirtualClock();
  const ledger = new MemoryLedger();
  const pipeline = new MemoryPipeline();
  pipeline.runs.set('run-1', pipelineRun(parts));
  const announcer = new MemoryAnnouncer();
  const log = new MemoryLog();
  const step = makePollPipeline({ config, clock, log, ledger, announcer, pipeline: onlyFor(pipeline) });
  return { step, clock, ledger, announcer, log };
}

const started = {
  runId: 500,
  startedAt: '2026-03-02T10:00:00.000Z',
  url: 'https://dev.azure.com/shop/shop/_build/results?buildId=500',
};
const poll = async (at: Bench, pipeline: unknown = started): Promise<unknown> =>
  at.step({ run, lease, pipeline }, callOf(at.clock, 60));

const stage = (name: string, parts: Partial<PipelineStage> = {}): PipelineStage => ({
  name,
  state: 'completed',
  result: 'succeeded',
  errors: [],
  ...parts,
});

describe('poll-pipeline: one look', () => {
  it('says which stages run', async () => {
    const stages = [
      stage('validate'),
      stage('network', { state: 'running', result: null }),
      stage('database', { state: 'running', result: null }),
      stage('application', { state: 'pending', result: null }),
    ];
    const at = bench({ stages });
    expect(await poll(at)).toEqual({ state: 'running', detail: 'stages network, database', wait: null });
    expect(at.ledger.renewals).toEqual([1_772_446_000_000]);
  });

  it.each(['queued', 'canceling'] as const)('says that the run is %s', async (state) => {
    expect(await poll(bench({ state }))).toEqual({ state: 'running', detail: state, wait: null });
  });

  it('says when all is done', async () => {
    const at = bench({ state: 'completed', result: 'succeeded', stages: [stage('application')] });
    expect(await poll(at)).toEqual({ state: 'succeeded', detail: 'all stages succeeded', wait: null });
  });
});

describe('poll-pipeline: a run that failed', () => {
  it('names the stage and its error lines, and where to read on', async () => {
    const stages = [
      stage('network'),
      stage('database', { result: 'failed', errors: ['QuotaExceeded: 8 cores', 'Terraform exited with 1'] }),
      stage('application', { result: 'skipped' }),
    ];
    const error = await refusalOf(poll(bench({ state: 'completed', result: 'failed', stages })));
    expect(error).toMatchObject({ name: 'PipelineFailed', retryable: false });
    expect(error.message).toBe(
      'run pilotlight-shop-apply-run-1: stage database failed: QuotaExceeded: 8 cores | Terraform exited with 1. It means: the ' +
        'quota of the subscription is used up (for the owner of the subscription; what may help: another size or zone). Ask ' +
        'Azure for more (Portal, Quotas), or free what nobody needs. Read the whole run at ' +
        'https://dev.azure.com/shop/shop/_build/results?buildId=500',
    );
  });

  it('says so where a stage gave no error line, and where no stage failed', async () => {
    const canceled = bench({
      state: 'completed',
      result: 'canceled',
      stages: [stage('database', { result: 'canceled' })],
    });
    expect((await refusalOf(poll(canceled))).message).toContain(
      'run pilotlight-shop-apply-run-1: stage database canceled: it gave no error line. Read',
    );
    const silent = bench({ state: 'completed', result: null });
    expect((await refusalOf(poll(silent))).message).toContain(
      'run pilotlight-shop-apply-run-1 ended as unknown and named no failed stage. Read',
    );
  });

  it('hands on what the cloud says where the run is not known', async () => {
    const error = await refusalOf(poll(bench({}), { ...started, runId: 9 }));
    expect(error).toMatchObject({
      name: 'CloudRefused',
      message: 'Azure DevOps Get Build failed: got HTTP 404. Look at the project.',
    });
  });
});

describe('poll-pipeline: the time limit', () => {
  it('is still patient at the limit itself', async () => {
    const at = bench({});
    await at.clock.sleep(600_000);
    expect(await poll(at)).toMatchObject({ state: 'running' });
  });

  it('gives up after it, with the numbers', async () => {
    const at = bench({ stages: [stage('database', { state: 'running', result: null })] });
    await at.clock.sleep(601_000);
    const error = await refusalOf(poll(at));
    expect(error).toMatchObject({ name: 'PipelineTimedOut', retryable: false });
    expect(error.message).toBe(
      'The pipeline still runs (stages database) after 601 s, its limit is 600 s (limits.pipelineSeconds). Look at ' +
        'https://dev.azure.com/shop/shop/_build/results?buildId=500; the run is cancelled.',
    );
  });

  it('takes a success that came late', async () => {
    const at = bench({ state: 'completed', result: 'succeeded' });
    await at.clock.sleep(900_000);
    expect(await poll(at)).toMatchObject({ state: 'succeeded' });
  });
});

describe('poll-pipeline: what is refused', () => {
  it('stops when the lease is lost, though all is done', async () => {
    const at = bench({ state: 'completed', result: 'succeeded' });
    at.ledger.epoch = 8;
    expect((await refusalOf(poll(at))).name).toBe('LeaseLost');
  });

  it('names everything that is wrong with its input', async () => {
    const at = bench({});
    const pipeline = { runId: -1, startedAt: 'then', url: null };
    expect(await problemsOf(at.step, { run: brokenRun, lease, pipeline })).toEqual([
      ...problemsOfBrokenRun,
      'pipeline.runId: got -1, expected number to be >=0',
      'pipeline.startedAt: got "then", expected a valid ISO datetime',
      'pipeline.url: got null, expected string',
    ]);
    expect(at.ledger.renewals).toEqual([]);
  });
});

describe('poll-pipeline: a run that waits for a person', () => {
  const waits = { for: 'permission', stage: 'Infrastructure' } as const;
  const since = '2026-03-02T09:59:40.000Z';
  const look = async (at: Bench, before: unknown): Promise<unknown> =>
    at.step({ run, lease, pipeline: started, before }, callOf(at.clock, 60));

  it('is noted at the first look, and told at the next', async () => {
    const at = bench({ waits });
    expect(await look(at, null)).toEqual({
      state: 'running',
      detail: 'waits for permission of stage Infrastructure',
      wait: { for: 'permission', since: '2026-03-02T10:00:00.000Z', told: false },
    });
    expect(at.announcer.messages).toEqual([]);
    expect(await look(at, { wait: { for: 'permission', since, told: false } })).toMatchObject({
      wait: { for: 'permission', since, told: true },
    });
    expect(at.announcer.messages.map(({ subject, outcome }) => [subject, outcome])).toEqual([
      ["[Pilotlight] Shop: the standby's pipeline waits for a person", 'Waiting'],
    ]);
  });

  it('is told once', async () => {
    const at = bench({ waits });
    await look(at, { wait: { for: 'permission', since, told: true } });
    expect(at.announcer.messages).toEqual([]);
  });

  it('is told at the next look where nobody could be told now, and the failover goes on', async () => {
    const at = bench({ waits });
    at.announcer.failure = unavailable('SNS Publish');
    expect(await look(at, { wait: { for: 'permission', since, told: false } })).toMatchObject({
      wait: { told: false },
    });
    expect(at.log.warnings.map(({ message }) => message)).toEqual([
      'people could not be told that the pipeline waits',
    ]);
  });
});
