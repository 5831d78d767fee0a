import {
  bearerTokenAuthenticationPolicy,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  type HttpMethods,
} from '@azure/core-rest-pipeline';
import { containerAppsService, type ContainerJob } from '../../../../drill/clouds/azure/container-apps.ts';
import type { StageBegin } from '../../../../drill/clouds/azure/run-timers.ts';
import { accessToken, CLIENT, networkOf, useVirtualTime } from '../fixture.ts';

/* Goal: the simulated job refuses what the real one refuses, and its executions take the time of their plan. */

const SUBSCRIPTION = '66666666-6666-4666-8666-666666666666';
const JOB = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-pilot/providers/Microsoft.App/jobs/job-runner`;
const ALL = ['read', 'start/action', 'executions/read', 'execution/read', 'stop/execution/action'];
const START = {
  containers: [{ name: 'runner', image: 'i', env: [{ name: 'CORRELATION_ID', value: 'run-1' }] }],
};

function world(change: Partial<ContainerJob> = {}, actions: readonly string[] = ALL) {
  const ends: string[] = [];
  const service = containerAppsService([
    {
      ...{ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg-pilot', name: 'job-runner', image: 'i' },
      environment: { TENANT_ID: 't' },
      roles: new Map([[CLIENT, new Set(actions.map((action) => `Microsoft.App/jobs/${action}`))]]),
      plan: () => ({
        agentWaitSeconds: 30,
        cancelSeconds: 20,
        stages: [
          { name: 'Infrastructure', startsAfter: [], durationSeconds: 600, outcome: 'succeeded' },
          { name: 'Deploy', startsAfter: ['Infrastructure'], durationSeconds: 60, outcome: 'succeeded' },
        ],
      }),
      onStageEnd: ({ stage, result }) => ends.push(`${stage} ${result}`),
      ...change,
    },
  ]);
  const network = networkOf([service]);
  const call = async (method: HttpMethods, path: string, body?: unknown) => {
    const pipeline = createEmptyPipeline();
    const token = accessToken({ aud: 'https://management.azure.com' });
    const expiresOnTimestamp = Number.MAX_SAFE_INTEGER;
    const credential = { getToken: async () => ({ token, expiresOnTimestamp }) };
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: 's' }));
    const request = createPipelineRequest({
      url: `https://management.azure.com${path}?api-version=2026-07-01`,
      method,
      headers: createHttpHeaders({ 'content-type': 'application/json' }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const { status, bodyAsText } = await pipeline.sendRequest(network.azureHttpClient(), request);
    return { status, body: JSON.parse(bodyAsText === '' || bodyAsText == null ? '{}' : bodyAsText) as never };
  };
  const statusOf = async (name: string): Promise<string> => {
    const { body } = await call('GET', `${JOB}/executions/${name}`);
    return (body as { properties: { status: string } }).properties.status;
  };
  const start = async (): Promise<string> => {
    const { body } = await call('POST', `${JOB}/start`, START);
    return (body as { name: string }).name;
  };
  return { call, start, statusOf, ends };
}

useVirtualTime();

describe('an execution', () => {
  it('is first processed, then runs, then has succeeded, with what it was started with', async () => {
    const { call, start, statusOf, ends } = world();
    const name = await start();
    expect(await statusOf(name)).toBe('Processing');
    await jest.advanceTimersByTimeAsync(30_000);
    expect(await statusOf(name)).toBe('Running');
    await jest.advanceTimersByTimeAsync(660_000);
    expect(await statusOf(name)).toBe('Succeeded');
    expect(ends).toEqual(['Infrastructure succeeded', 'Deploy succeeded']);
    const { body } = await call('GET', `${JOB}/executions`);
    expect(body).toMatchObject({ value: [{ name, properties: { template: START } }] });
  });

  it('is stopped after the time that its container takes, and not a second time', async () => {
    const { call, start, statusOf, ends } = world();
    const name = await start();
    await jest.advanceTimersByTimeAsync(100_000);
    expect(await call('POST', `${JOB}/executions/${name}/stop`)).toMatchObject({ status: 202 });
    expect(await statusOf(name)).toBe('Running');
    await jest.advanceTimersByTimeAsync(20_000);
    expect(await statusOf(name)).toBe('Stopped');
    expect(ends).toEqual(['Infrastructure canceled']);
    expect(await call('POST', `${JOB}/executions/${name}/stop`)).toMatchObject({ status: 409 });
  });

  it('goes another way where a stage finds something else at its beginning', async () => {
    const onStageBegin = ({ stage, replan }: StageBegin): void => {
      if (stage.name === 'Infrastructure')
        replan({ ...stage, durationSeconds: 60, outcome: 'failed', errors: ['STATE_LOCKED: x'] });
    };
    const { start, statusOf, ends } = world({ onStageBegin });
    const name = await start();
    await jest.advanceTimersByTimeAsync(91_000);
    expect(await statusOf(name)).toBe('Failed');
    expect(ends).toEqual(['Infrastructure failed']);
  });
});

describe('the job', () => {
  it('is found in any case of its names, and nothing else is', async () => {
    const { call } = world();
    expect(await call('GET', JOB.replace('rg-pilot', 'RG-Pilot'))).toMatchObject({ status: 200 });
    for (const other of ['job-other', 'rg-other', 'sub'])
      expect(
        await call('GET', JOB.replace(other === 'rg-other' ? 'rg-pilot' : 'job-runner', other)),
      ).toMatchObject({ status: 404, body: { error: { code: 'ResourceNotFound' } } });
    expect(await call('GET', `${JOB}/executions/job-runner-1234567`)).toMatchObject({ status: 404 });
  });

  it.each([
    ['read', 'GET', JOB],
    ['start/action', 'POST', `${JOB}/start`],
    ['executions/read', 'GET', `${JOB}/executions`],
    ['execution/read', 'GET', `${JOB}/executions/x`],
    ['stop/execution/action', 'POST', `${JOB}/executions/x/stop`],
  ] as const)('refuses whoever has not the action %s', async (action, method, path) => {
    const { call } = world(
      {},
      ALL.filter((one) => one !== action),
    );
    expect(await call(method, path, method === 'POST' ? START : undefined)).toMatchObject({
      status: 403,
      body: { error: { code: 'AuthorizationFailed' } },
    });
  });

  it('refuses a start with fields that an execution has not', async () => {
    const { call } = world();
    const volumes = { containers: [{ name: 'runner', image: 'i', volumeMounts: [] }] };
    expect(await call('POST', `${JOB}/start`, volumes)).toMatchObject({ status: 400 });
    expect(await call('POST', `${JOB}/start`, { containers: [] })).toMatchObject({ status: 400 });
  });
});
