import { configWith, lease, refusalOf, run } from './fixture.ts';
import { makeCancelPipeline } from '../../lambdas/cancel-pipeline/cancel-pipeline.ts';
import { makePollPipeline } from '../../lambdas/poll-pipeline/poll-pipeline.ts';
import { onlyFor } from './azure-helpers.ts';
import { callOf, MemoryAnnouncer, MemoryLedger, MemoryLog, unavailable, VirtualClock } from './helpers.ts';
import { twoRunners } from '../core/standby/runner-fixture.ts';

/* Goal: people hear once which runner works and why, and the looks follow whichever run carries the request. */

const config = configWith(() => undefined);
const started = { runId: 701, startedAt: '2026-03-02T10:00:00.000Z', url: 'https://azure-devops.example/1' };

function bench() {
  const runners = twoRunners();
  const clock = new VirtualClock();
  const announcer = new MemoryAnnouncer();
  const deps = { config, clock, log: new MemoryLog(), ledger: new MemoryLedger(), announcer };
  const step = makePollPipeline({ ...deps, pipeline: onlyFor(runners.both) });
  let before: unknown = null;
  return {
    ...runners,
    announcer,
    look: async (pipeline: unknown = started) => {
      before = await step({ run, lease, pipeline, before }, callOf(clock, 60));
      return before;
    },
    cancel: async () =>
      makeCancelPipeline({ ...deps, pipeline: onlyFor(runners.both) })({ run }, callOf(clock, 60)),
  };
}

describe('poll-pipeline with two runners', () => {
  it('tells once that the job has taken over, why, and where to watch it', async () => {
    const at = bench();
    await at.start();
    expect(await at.look()).toMatchObject({ detail: 'waits for agent', carried: { runId: 701, why: null } });
    at.at(180);
    expect(await at.look()).toMatchObject({
      state: 'running',
      detail: 'queued',
      carried: { runner: 'container-job', runId: 'job-1', loose: false, why: null },
    });
    await at.look();
    expect(at.announcer.messages).toEqual([
      {
        subject: '[Pilotlight] Shop: the container job builds the standby',
        text:
          'Shop (https://shop.example.com): the container job builds the standby. Why: the run pilotlight-shop-apply-run-1 has not ' +
          'begun within 180 s: it waits for agent.\n\nThe failover goes on, and you need do nothing. Watch it at ' +
          'https://container-job.example/1',
        workload: 'shop',
        outcome: 'Waiting',
      },
    ]);
  });

  it('says of a run that could not be cancelled that the lock keeps it out', async () => {
    const at = bench();
    await at.start();
    at.devOps.trouble = 'down';
    at.at(180);
    await at.look();
    expect(at.announcer.messages[0]?.text).toContain(
      'A run in Azure DevOps may still be queued. It is cancelled as soon as Azure DevOps answers; until then the lock of the ' +
        'Terraform state keeps the two apart.',
    );
  });

  it('tells with its first look why the start itself went to the job', async () => {
    const at = bench();
    at.devOps.trouble = 'refuses';
    const { runner, id, url, why } = await at.start();
    await at.look({ ...started, runner, runId: id, url, why });
    expect(at.announcer.messages).toHaveLength(1);
    expect(at.announcer.messages[0]?.text).toContain('Why: Azure DevOps refuses (azure-devops find failed');
  });

  it('tells again with the next look where people could not be told', async () => {
    const at = bench();
    await at.start();
    at.at(180);
    at.announcer.failure = unavailable('SNS Publish');
    expect(await at.look()).toMatchObject({ carried: { why: expect.stringContaining('has not begun') } });
    at.announcer.failure = null;
    expect(await at.look()).toMatchObject({ carried: { why: null } });
    expect(at.announcer.messages).toHaveLength(1);
  });

  it('names the job’s address where the job fails', async () => {
    const at = bench();
    await at.start();
    at.at(180);
    await at.look();
    at.job.change({
      state: 'completed',
      result: 'failed',
      stages: [{ name: 'Infrastructure', state: 'completed', result: 'failed', errors: ['STATE_LOCKED: x'] }],
    });
    const error = await refusalOf(at.look());
    expect(error.name).toBe('PipelineFailed');
    expect(error.message).toContain('Read the whole run at https://container-job.example/1');
  });
});

describe('cancel-pipeline with two runners', () => {
  it('cancels whichever works, and the run that the other has kept', async () => {
    const at = bench();
    await at.start();
    await at.job.start('run-1');
    expect(await at.cancel()).toMatchObject({ cancelled: true });
    expect(at.job.runs[0]).toMatchObject({ result: 'canceled' });
    expect(at.devOps.runs[0]).toMatchObject({ result: 'canceled' });
  });

  it('cancels the job, and says that nobody knows of Azure DevOps while that is down', async () => {
    const at = bench();
    await at.job.start('run-1');
    at.devOps.trouble = 'down';
    expect(await refusalOf(at.cancel())).toMatchObject({ name: 'CloudUnavailable' });
    expect(at.job.runs[0]).toMatchObject({ result: 'canceled' });
  });
});
