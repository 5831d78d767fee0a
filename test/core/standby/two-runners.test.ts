import { known, nobody, twoRunners } from './runner-fixture.ts';

/*
 * Goal: one runner builds the standby, whatever the other does, and wherever a step is cut off. Method: two runners in memory,
 * each of which can be down, refuse, lose an answer, or take a run and never begin.
 */

const stage = { name: 'Infrastructure', state: 'running', result: null, errors: [] } as const;
const begun = { state: 'running', begun: true, waits: null, stages: [stage] } as const;

describe('the start', () => {
  it('is Azure DevOps’s as long as it takes runs', async () => {
    const at = twoRunners();
    expect(await at.start()).toMatchObject({ runner: 'azure-devops', id: 701 });
    expect(at.job.asked).toEqual([]);
  });

  it('goes to the job at once where Azure DevOps refuses, and says why', async () => {
    const at = twoRunners();
    at.devOps.trouble = 'refuses';
    expect(await at.start()).toMatchObject({
      runner: 'container-job',
      id: 'job-1',
      why: 'Azure DevOps refuses (azure-devops find failed: got 401. Let it in.)',
    });
  });

  it('finds the job of an earlier attempt, though Azure DevOps takes runs again', async () => {
    const at = twoRunners();
    at.devOps.trouble = 'refuses';
    await at.start();
    at.devOps.trouble = null;
    expect(await at.start()).toMatchObject({ runner: 'container-job', id: 'job-1' });
    expect(at.devOps.asked).toEqual([]);
    expect(at.job.asked).toEqual(['start']);
  });

  it('is a run without a number where Azure DevOps does not answer: it may have queued one', async () => {
    const at = twoRunners();
    at.devOps.trouble = 'down';
    expect(await at.start()).toMatchObject({ runner: 'azure-devops', id: 0, state: 'queued', url: '' });
    expect(at.job.asked).toEqual([]);
  });

  it('goes to Azure DevOps where the job cannot be looked at', async () => {
    const at = twoRunners();
    at.job.trouble = 'down';
    expect(await at.start()).toMatchObject({ runner: 'azure-devops', id: 701 });
  });

  it('is refused with both reasons where both refuse', async () => {
    const at = twoRunners();
    at.devOps.trouble = 'refuses';
    at.job.trouble = 'refuses';
    await expect(at.start()).rejects.toMatchObject({
      name: 'CloudRefused',
      message:
        'Starting the build of the standby failed: got a refusal of both runners: azure-devops find failed: got 401. Let it ' +
        'in. And: container-job find failed: got 401. Let it in.. Mend either of the two, then start the run again.',
    });
  });
});

describe('a start without an answer', () => {
  it('is found again as the run that it queued, and queues no second one', async () => {
    const at = twoRunners();
    at.devOps.trouble = 'forgets';
    expect(await at.start()).toMatchObject({ id: 0 });
    expect(await at.carry(nobody)).toMatchObject({ run: { id: 701 }, loose: false, why: null });
    expect(at.devOps.asked).toEqual(['start']);
    expect(at.job.asked).toEqual([]);
  });

  it('is waited for until the limit, and then the job works while a run may still be queued', async () => {
    const at = twoRunners();
    at.devOps.trouble = 'down';
    at.at(179);
    expect(await at.carry(nobody)).toMatchObject({ run: { runner: 'azure-devops', id: 0 }, why: null });
    at.at(180);
    expect(await at.carry(nobody)).toMatchObject({
      run: { runner: 'container-job', id: 'job-1' },
      loose: true,
      why: 'Azure DevOps does not answer (azure-devops find failed: got 503. It is repeated.)',
    });
  });

  it('is the job’s before the limit where Azure DevOps refuses by then', async () => {
    const at = twoRunners();
    at.devOps.trouble = 'refuses';
    at.at(10);
    expect(await at.carry(nobody)).toMatchObject({ run: { runner: 'container-job' }, loose: false });
  });

  it('starts no second job where the step is cut off after the first', async () => {
    const at = twoRunners();
    at.devOps.trouble = 'down';
    at.at(180);
    await at.carry(nobody);
    expect(await at.carry(nobody)).toMatchObject({ run: { id: 'job-1' }, loose: true });
    expect(at.job.asked).toEqual(['start']);
  });
});

describe('a run of Azure DevOps that does not begin', () => {
  it('is left alone until the limit', async () => {
    const at = twoRunners();
    const run = await at.start();
    at.at(179);
    expect(await at.carry(known(run))).toMatchObject({ run: { id: 701, state: 'queued' }, why: null });
    expect(at.devOps.asked).toEqual(['start']);
  });

  it('is cancelled, and seen to have ended, before the job is started', async () => {
    const at = twoRunners();
    const run = await at.start();
    at.at(180);
    expect(await at.carry(known(run))).toMatchObject({
      run: { runner: 'container-job', id: 'job-1' },
      loose: false,
      why: 'the run pilotlight-shop-apply-run-1 has not begun within 180 s: it waits for agent',
    });
    expect(at.devOps.asked).toEqual(['start', 'cancel 701']);
    expect(at.devOps.runs[0]).toMatchObject({ state: 'completed', result: 'canceled' });
  });

  it('holds the job back for a minute while its end is not seen, and no longer', async () => {
    const at = twoRunners();
    const run = await at.start();
    at.devOps.endsWhenCancelled = false;
    at.at(180);
    expect(await at.carry(known(run))).toMatchObject({ run: { id: 701, state: 'canceling' }, why: null });
    at.at(239);
    expect(await at.carry(known(run))).toMatchObject({ run: { id: 701 } });
    at.at(240);
    expect(await at.carry(known(run))).toMatchObject({ run: { id: 'job-1' }, loose: true });
  });

  it('is the job’s where the step was cut off between cancelling and starting', async () => {
    const at = twoRunners();
    const run = await at.start();
    at.at(180);
    await at.devOps.cancel(701);
    expect(await at.carry(known(run))).toMatchObject({
      run: { id: 'job-1' },
      why: 'the run pilotlight-shop-apply-run-1 ended as canceled before it began',
    });
  });

  it('goes on where the job cannot be used: a queued run is better than none', async () => {
    const at = twoRunners();
    const run = await at.start();
    at.job.trouble = 'refuses';
    at.at(180);
    expect(await at.carry(known(run))).toMatchObject({ run: { id: 701, state: 'queued' }, why: null });
    expect(at.devOps.asked).toEqual(['start']);
  });

  it('is given up without being cancelled where Azure DevOps is down by then', async () => {
    const at = twoRunners();
    const run = await at.start();
    at.devOps.trouble = 'down';
    at.at(100);
    expect(await at.carry(known(run))).toMatchObject({ run: { id: 701, state: 'queued' }, loose: true });
    at.at(180);
    expect(await at.carry(known(run))).toMatchObject({ run: { id: 'job-1' }, loose: true });
  });

  it('is cancelled as soon as Azure DevOps answers again', async () => {
    const at = twoRunners();
    await at.start();
    const job = await at.job.start('run-1');
    at.devOps.trouble = 'down';
    expect(await at.carry(known(job, true))).toMatchObject({ run: { id: 'job-1' }, loose: true });
    at.devOps.trouble = null;
    expect(await at.carry(known(job, true))).toMatchObject({ run: { id: 'job-1' }, loose: false });
    expect(at.devOps.asked).toEqual(['start', 'cancel 701']);
  });
});

describe('a run of Azure DevOps that has begun', () => {
  it('keeps the work, however long it takes', async () => {
    const at = twoRunners();
    const run = await at.start();
    at.devOps.change(begun);
    at.at(3_000);
    expect(await at.carry(known(run))).toMatchObject({ run: { id: 701, begun: true }, why: null });
    expect(at.job.asked).toEqual([]);
  });

  it('gets no second runner beside it where it can no longer be read', async () => {
    const at = twoRunners();
    await at.start();
    at.devOps.change(begun);
    at.devOps.trouble = 'down';
    at.at(3_000);
    await expect(at.carry(known(at.devOps.runs[0]!))).rejects.toMatchObject({ name: 'CloudUnavailable' });
    expect(at.job.asked).toEqual([]);
  });

  it('fails for itself: the job is no second try', async () => {
    const at = twoRunners();
    await at.start();
    at.devOps.change({ ...begun, state: 'completed', result: 'failed' });
    const seen = await at.carry(known(at.devOps.runs[0]!));
    expect(seen).toMatchObject({ run: { id: 701, result: 'failed' } });
    expect(at.job.asked).toEqual([]);
  });
});

describe('a run that failed beside the other runner’s', () => {
  it('is passed over where the job failed for the lock that Azure DevOps holds after all', async () => {
    const at = twoRunners();
    await at.start();
    at.devOps.change(begun);
    const job = await at.job.start('run-1');
    at.job.change({ state: 'completed', result: 'failed' });
    expect(await at.carry(known(job))).toMatchObject({
      run: { runner: 'azure-devops', id: 701, state: 'running' },
      why: 'the run pilotlight-shop-apply-run-1 (container-job) ended as failed',
    });
  });

  it('is what it is where the other only waits', async () => {
    const at = twoRunners();
    await at.start();
    const job = await at.job.start('run-1');
    at.job.change({ state: 'completed', result: 'failed' });
    expect(await at.carry(known(job))).toMatchObject({ run: { id: 'job-1', result: 'failed' }, why: null });
  });
});

describe('the run that is found', () => {
  it('is the one that works before the one that waits', async () => {
    const at = twoRunners();
    await at.start();
    await at.job.start('run-1');
    expect(await at.both.find('run-1')).toMatchObject({ id: 'job-1' });
    at.devOps.change(begun);
    expect(await at.both.find('run-1')).toMatchObject({ id: 701 });
  });

  it('is the job’s while Azure DevOps is down, as long as that goes on', async () => {
    const at = twoRunners();
    await at.job.start('run-1');
    at.devOps.trouble = 'down';
    expect(await at.both.find('run-1')).toMatchObject({ id: 'job-1' });
    at.job.change({ state: 'completed', result: 'canceled' });
    await expect(at.both.find('run-1')).rejects.toMatchObject({ name: 'CloudUnavailable' });
  });

  it('is none where neither has one, and the one that succeeded where both have ended', async () => {
    const at = twoRunners();
    expect(await at.both.find('run-1')).toBeNull();
    await at.start();
    await at.job.start('run-1');
    at.job.change({ state: 'completed', result: 'failed' });
    at.devOps.change({ state: 'completed', result: 'succeeded' });
    expect(await at.both.find('run-1')).toMatchObject({ id: 701 });
  });

  it('is read and cancelled where it is: builds have numbers, executions have names', async () => {
    const at = twoRunners();
    await at.start();
    await at.job.start('run-1');
    await at.both.cancel('job-1');
    await at.both.cancel(701);
    expect(await at.both.read('job-1')).toMatchObject({ runner: 'container-job', result: 'canceled' });
    expect(await at.both.read(701)).toMatchObject({ runner: 'azure-devops', result: 'canceled' });
  });

  it('is previewed by both: a dry run must find the fault of either', async () => {
    const at = twoRunners();
    expect(await at.both.preview({})).toEqual({ yaml: 'azure-devops\n---\ncontainer-job' });
    at.job.trouble = 'refuses';
    await expect(at.both.preview({})).rejects.toMatchObject({ name: 'CloudRefused' });
  });
});
