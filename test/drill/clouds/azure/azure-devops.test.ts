import { AZURE_DEVOPS_RESOURCE } from '../../../../drill/clouds/azure/azure-devops.ts';
import { FAILING, NAME, PARAMETERS, PLAN, world } from './azure-devops-fixture.ts';
import { accessToken, rejection, useVirtualTime } from '../fixture.ts';

/* Goal: a run takes the time of its plan, whoever looks and however often. Method: the Azure pipeline over the network. */

const pass = (seconds: number): Promise<void> => jest.advanceTimersByTimeAsync(seconds * 1_000);

describe('a run of the simulated Azure DevOps', () => {
  useVirtualTime();

  it('waits for an agent under a provisional number, then carries the name of its pipeline', async () => {
    const { start, build, stages } = world();
    const started = await start();
    expect(started.status).toBe(200);
    expect(started.body).toMatchObject({ id: 1_001, name: '20260302.1001', state: 'inProgress' });
    await pass(59);
    expect(await build()).toMatchObject({ buildNumber: '20260302.1001', status: 'notStarted', tags: [] });
    await pass(1);
    expect(await build()).toMatchObject({
      buildNumber: NAME,
      status: 'inProgress',
      startTime: '2026-03-02T00:01:00.000Z',
    });
    expect(await stages()).toEqual([
      ['Infrastructure', 'inProgress', null],
      ['Restore', 'pending', null],
      ['Deploy', 'pending', null],
    ]);
  });

  it('takes as long as its longest chain of stages, and tells the world the end of each', async () => {
    const { start, build, ends, call } = world();
    await start();
    await pass(60 + 600 + 179);
    expect(await build()).not.toHaveProperty('result');
    await pass(1);
    expect(await build()).toMatchObject({
      status: 'completed',
      result: 'succeeded',
      finishTime: '2026-03-02T00:14:00.000Z',
    });
    expect((await call('GET', 'pipelines/7/runs/1001')).body).toMatchObject({
      state: 'completed',
      result: 'succeeded',
      name: NAME,
    });
    expect(ends).toEqual([
      [660, 'Infrastructure', 'succeeded'],
      [780, 'Restore', 'succeeded'],
      [840, 'Deploy', 'succeeded'],
    ]);
  });

  it('fails with its stage, skips what waits for it, and has the error lines on a task below the stage', async () => {
    const { start, build, stages, ends, call } = world(FAILING);
    await start();
    await pass(660);
    expect(await build()).toMatchObject({ status: 'completed', result: 'failed' });
    expect(await stages()).toEqual([
      ['Infrastructure', 'completed', 'failed'],
      ['Restore', 'completed', 'skipped'],
    ]);
    const records = (await call('GET', 'build/builds/1001/timeline')).body.records ?? [];
    const withIssues = records.filter(({ issues }) => Array.isArray(issues) && issues.length > 0);
    expect(withIssues).toMatchObject([
      {
        type: 'Task',
        issues: [
          { type: 'error', message: 'Error: quota' },
          { type: 'error', message: 'exit 1' },
        ],
      },
    ]);
    const types: unknown[] = [];
    let record = withIssues[0];
    while (record !== undefined) {
      const { type, parentId } = record;
      types.push(type);
      record = records.find(({ id }) => id === parentId);
    }
    expect(types).toEqual(['Task', 'Job', 'Phase', 'Stage']);
    expect(ends).toEqual([[660, 'Infrastructure', 'failed']]);
  });

  it('stops on a cancellation, after the time that the agent needs, and goes no further', async () => {
    const { start, build, stages, ends, call } = world();
    await start();
    await pass(100);
    const cancelled = await call('PATCH', 'build/builds/1001', { body: { status: 'cancelling' } });
    expect(cancelled.body).toMatchObject({ status: 'cancelling' });
    await pass(29);
    expect(await build()).toMatchObject({ status: 'cancelling' });
    await pass(1);
    expect(await build()).toMatchObject({ status: 'completed', result: 'canceled' });
    expect(await stages()).toEqual([
      ['Infrastructure', 'completed', 'canceled'],
      ['Restore', 'completed', 'skipped'],
      ['Deploy', 'completed', 'skipped'],
    ]);
    await pass(3_600);
    expect(ends).toEqual([[130, 'Infrastructure', 'canceled']]);
    const again = await call('PATCH', 'build/builds/1001', { body: { status: 'cancelling' } });
    expect([again.status, again.body['typeKey']]).toEqual([400, 'BuildStatusInvalidChangeException']);
  });

  it('that no agent has taken stops at once', async () => {
    const { start, build, call, ends } = world();
    await start();
    await pass(10);
    await call('PATCH', 'build/builds/1001', { body: { status: 'cancelling' } });
    expect(await build()).toMatchObject({
      status: 'completed',
      result: 'canceled',
      buildNumber: '20260302.1001',
    });
    await pass(3_600);
    expect(ends).toEqual([]);
  });
});

describe('the list of builds', () => {
  useVirtualTime();
  const found = async (call: ReturnType<typeof world>['call'], query: string) =>
    (await call('GET', `build/builds?${query}`)).body.value?.map(({ id }) => id);

  it('finds a run by its tag at once, and by its name only when an agent has it', async () => {
    const { start, call } = world();
    await start();
    const tagged = await call('PUT', `build/builds/1001/tags/${NAME}`);
    expect(tagged.body).toEqual({ count: 1, value: [NAME] });
    expect(await found(call, `definitions=7&tagFilters=${NAME}`)).toEqual([1_001]);
    expect(await found(call, `definitions=7&buildNumber=${NAME}`)).toEqual([]);
    await pass(60);
    expect(await found(call, `definitions=7&buildNumber=${NAME}`)).toEqual([1_001]);
    expect(await found(call, 'buildNumber=pilotlight-petclinic-*')).toEqual([1_001]);
    expect(await found(call, 'buildNumber=pilotlight-petclinic')).toEqual([]);
  });

  it('filters, orders and limits, and keeps the template parameters to itself', async () => {
    const { start, call } = world();
    await start();
    await pass(3_600);
    await start();
    await call('POST', 'build/builds/1002/tags', { body: ['a', 'b'] });
    expect(await found(call, 'statusFilter=all')).toEqual([1_002, 1_001]);
    expect(await found(call, 'queryOrder=queueTimeAscending')).toEqual([1_001, 1_002]);
    expect(await found(call, '$top=1')).toEqual([1_002]);
    expect(await found(call, 'statusFilter=completed')).toEqual([1_001]);
    expect(await found(call, 'statusFilter=notStarted,inProgress')).toEqual([1_002]);
    expect(await found(call, 'tagFilters=a,b')).toEqual([1_002]);
    expect(await found(call, 'tagFilters=a,c')).toEqual([]);
    expect(await found(call, 'definitions=8')).toEqual([]);
    expect((await call('GET', 'build/builds')).body.value?.[0]).not.toHaveProperty('templateParameters');
    expect((await call('GET', 'build/builds/1002')).body['templateParameters']).toEqual({
      ...PARAMETERS,
      tier: 'cold',
    });
  });
});

describe('what the simulated Azure DevOps refuses', () => {
  useVirtualTime();

  it.each([
    [
      'an unknown parameter',
      { templateParameters: { ...PARAMETERS, colour: 'red' } },
      "Unexpected parameter 'colour'",
    ],
    [
      'a missing parameter',
      { templateParameters: { action: 'apply' } },
      "A value for the 'workload' parameter must be provided.",
    ],
    [
      'a value that is not allowed',
      { templateParameters: { ...PARAMETERS, action: 'nuke' } },
      "The 'action' parameter value 'nuke' is not a valid value.",
    ],
    [
      'an unknown branch',
      { resources: { repositories: { self: { refName: 'refs/heads/nope' } } } },
      'using ref refs/heads/nope',
    ],
  ])('a run with %s', async (_, more, message) => {
    const { start, state } = world();
    const { status, body } = await start(more);
    expect([status, body['typeKey']]).toEqual([400, 'PipelineValidationException']);
    expect(body['message']).toContain(message);
    expect(state.runs).toEqual([]);
  });

  it('a pipeline, a build and a project that do not exist', async () => {
    const { call, network } = world();
    const body = { templateParameters: PARAMETERS };
    expect((await call('POST', 'pipelines/8/runs', { body })).body['typeKey']).toBe(
      'PipelineNotFoundException',
    );
    expect((await call('GET', 'build/builds/5')).body['typeKey']).toBe('BuildNotFoundException');
    const headers = { authorization: `Bearer ${accessToken({ aud: AZURE_DEVOPS_RESOURCE })}` };
    const elsewhere = await network.fetch()(
      'https://dev.azure.com/contoso/other/_apis/build/builds?api-version=7.1',
      { headers },
    );
    expect(elsewhere.status).toBe(404);
  });

  it('callers without a token of its own, expired ones and identities that nobody added', async () => {
    const { call } = world();
    const status = async (token: string | null) => (await call('GET', 'build/builds', { token })).status;
    expect(await status(null)).toBe(203);
    expect(await status(accessToken({ aud: 'https://management.azure.com' }))).toBe(401);
    expect(await status(accessToken({ aud: AZURE_DEVOPS_RESOURCE, expiresInSeconds: 0 }))).toBe(401);
    expect(await status(accessToken({ aud: AZURE_DEVOPS_RESOURCE, sub: 'somebody-else' }))).toBe(401);
    expect(await status(accessToken({ aud: AZURE_DEVOPS_RESOURCE }))).toBe(200);
  });

  it('loudly, calls, filters and bodies that nobody simulates', async () => {
    const { call, start, network } = world();
    await start();
    expect((await rejection(call('DELETE', 'build/builds/1001'))).name).toBe('UnexpectedCall');
    expect((await rejection(call('GET', 'build/builds?branchName=x'))).name).toBe('UnexpectedCall');
    expect((await rejection(start({ stagesToSkip: ['Deploy'] }))).name).toBe('UnexpectedCall');
    expect(
      (await rejection(call('PATCH', 'build/builds/1001', { body: { status: 'completed' } }))).name,
    ).toBe('UnexpectedCall');
    expect(network.unexpected).toHaveLength(4);
  });

  it('a plan that waits in a circle', async () => {
    const stages = ['a', 'b'].map((name, index, names) => ({
      name,
      startsAfter: [names[1 - index] ?? ''],
      durationSeconds: 1,
      outcome: 'succeeded' as const,
    }));
    const { start, network } = world({ ...PLAN, stages });
    expect((await rejection(start())).name).toBe('UnexpectedCall');
    expect(network.unexpected[0]).toContain('in a circle');
  });
});
