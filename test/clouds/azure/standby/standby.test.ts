import { RestError } from '@azure/core-rest-pipeline';
import { rejection } from '../azure-fixture.ts';
import type { Answer } from '../azure-fixture.ts';

import {
  GATEWAY,
  HEALTH,
  CLUSTER,
  DATABASE,
  RESULT,
  LOCATION,
  gateway,
  settings,
  pools,
  up,
  database,
  notFound,
  accepted,
  standby,
} from './standby-fixture.ts';

describe('checking a good standby', () => {
  it('finds all three good, over the documented wire', async () => {
    const { port, sent } = standby({});
    expect(await port.check()).toEqual({
      gateway: { good: true, detail: '1 of 1 backends Up' },
      cluster: { good: true, detail: 'Succeeded and Running' },
      database: { good: true, detail: 'Ready' },
    });
    const group =
      'https://management.azure.com/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-standby/providers';
    expect(sent.map(({ method, url }) => `${method} ${url.replace(group, '')}`).toSorted()).toEqual([
      'GET /Microsoft.ContainerService/managedClusters/aks?api-version=2026-06-01',
      'GET /Microsoft.DBforMySQL/flexibleServers/mysql?api-version=2023-12-30',
      'GET /Microsoft.Network/applicationGateways/agw?api-version=2025-05-01',
      'POST /Microsoft.Network/applicationGateways/agw/backendhealth?api-version=2025-05-01',
    ]);
    expect(new Set(sent.map(({ authorization }) => authorization))).toEqual(
      new Set(['Bearer token-for-https://management.azure.com/.default']),
    );
    expect(new Set(sent.map(({ timeout }) => timeout))).toEqual(new Set([8000]));
  });

  it('asks the three at the same time', async () => {
    const { port, sent } = standby({});
    await port.check();
    // The gateway's second question comes after the first of each.
    expect(sent.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET', 'POST']);
  });
});

describe('checking the Application Gateway', () => {
  const check = async (answers: Record<string, Answer | readonly Answer[]>) => {
    const { port, clock, sent } = standby(answers);
    const { gateway: answer } = await port.check();
    return { answer, slept: clock.slept, sent };
  };

  it('follows the accepted question, as long as Azure asks or two seconds, to its answer', async () => {
    const { answer, slept } = await check({
      [HEALTH]: accepted({ location: LOCATION, 'retry-after': '10' }),
      [RESULT]: [accepted({}), pools([settings(up)])],
    });
    expect(answer).toEqual({ good: true, detail: '1 of 1 backends Up' });
    expect(slept).toEqual([10_000, 2000]);
  });

  it('gives up at its time limit and says so', async () => {
    const { answer, slept } = await check({
      [HEALTH]: accepted(),
      [RESULT]: accepted({ 'retry-after': '12' }),
    });
    expect(answer).toEqual({ good: false, detail: 'no backend health within 30 s' });
    expect(slept).toEqual([2000, 12_000, 12_000]);
  });

  it.each([
    ['Starting', 'Succeeded', 'gateway is Starting, expected Running'],
    ['Stopped', 'Succeeded', 'gateway is Stopped, expected Running'],
    ['Running', 'Updating', "gateway's provisioning is Updating, expected Succeeded"],
    ['Running', 'Failed', "gateway's provisioning is Failed, expected Succeeded"],
  ])('does not ask the backends of one that is %s and %s', async (operational, provisioning, detail) => {
    const { answer, sent } = await check({ [GATEWAY]: gateway(operational, provisioning) });
    expect(answer).toEqual({ good: false, detail });
    expect(sent.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('names each sick server with what its probe saw', async () => {
    const sick = { address: '10.1.0.5', health: 'Down', healthProbeLog: 'Received 503\n status code' };
    const { answer } = await check({ [HEALTH]: pools([settings(up, sick)]) });
    expect(answer).toEqual({
      good: false,
      detail: '1 of 2 backends Up; 10.1.0.5 is Down (Received 503 status code)',
    });
  });

  it('does not take a gateway without pools for a healthy one', async () => {
    expect((await check({ [HEALTH]: pools() })).answer).toEqual({
      good: false,
      detail: 'no backend server is reported yet',
    });
  });

  it('does not take an empty pool that a rule uses for a healthy one, beside a full one', async () => {
    const { answer } = await check({ [HEALTH]: pools([settings(up)], [settings()]) });
    expect(answer).toEqual({ good: false, detail: '1 of 2 backends Up; pool pool-2 is empty' });
  });

  it('overlooks a pool that no rule uses', async () => {
    const { answer } = await check({ [HEALTH]: pools([settings(up)], []) });
    expect(answer).toEqual({ good: true, detail: '1 of 1 backends Up' });
  });

  it('says that it does not exist yet, also where it went between the two questions', async () => {
    const missing = { good: false, detail: 'application gateway agw does not exist yet' };
    expect((await check({ [GATEWAY]: notFound })).answer).toEqual(missing);
    expect((await check({ [HEALTH]: notFound })).answer).toEqual(missing);
  });

  it.each([
    ['none', {}],
    ['one of another host', { location: 'https://evil.example/operations/1' }],
    ['one that is no address', { location: 'operations/1' }],
  ])('follows no Location that is %s: our token goes with it', async (_name, headers) => {
    const { port, sent } = standby({ [HEALTH]: accepted(headers) });
    const error = await rejection(port.check());
    expect(error.name).toBe('CloudAnswerUnreadable');
    expect(error.message).toContain('expected an address under https://management.azure.com');
    expect(sent.every(({ url }) => url.startsWith('https://management.azure.com/'))).toBe(true);
  });

  it('calls a health in another shape unreadable', async () => {
    const { port } = standby({ [HEALTH]: { status: 200, body: { pools: [] } } });
    expect((await rejection(port.check())).message).toContain(
      'backendAddressPools: got nothing, expected array',
    );
  });
});

describe('checking the database', () => {
  const check = async (answer: Answer) => (await standby({ [DATABASE]: answer }).port.check()).database;

  it.each(['Starting', 'Updating', 'Stopped', 'Disabled'])('does not take %s for Ready', async (state) => {
    expect(await check(database(state))).toEqual({
      good: false,
      detail: `MySQL server is ${state}, expected Ready`,
    });
  });

  it('says that it does not exist yet', async () => {
    expect(await check(notFound)).toEqual({ good: false, detail: 'MySQL server mysql does not exist yet' });
  });

  it('calls an answer without properties unreadable', async () => {
    const { port } = standby({ [DATABASE]: { status: 200, body: {} } });
    expect((await rejection(port.check())).message).toContain('properties: got nothing, expected object');
  });
});

describe('a standby of which not everything answers', () => {
  const bad: Answer = { status: 503, body: { error: { code: 'ServiceUnavailable', message: 'try later' } } };

  it.each([
    ['gateway', GATEWAY],
    ['cluster', CLUSTER],
    ['database', DATABASE],
  ] as const)('is not good where the %s answers 503, and tells the other two', async (name, key) => {
    const checks = await standby({ [key]: bad }).port.check();
    expect(checks[name].good).toBe(false);
    expect(checks[name].detail).toContain('got 503 ServiceUnavailable: try later');
    expect(Object.values(checks).filter(({ good }) => good)).toHaveLength(2);
  });

  it('is not good where the network fails', async () => {
    const checks = await standby({
      [CLUSTER]: new RestError('connect ETIMEDOUT', { code: 'ETIMEDOUT' }),
    }).port.check();
    expect(checks.cluster.detail).toContain('got ETIMEDOUT: connect ETIMEDOUT');
  });

  it.each([
    [GATEWAY, 'Microsoft.Network/applicationGateways/read'],
    [HEALTH, 'Microsoft.Network/applicationGateways/backendhealth/action'],
    [CLUSTER, 'Microsoft.ContainerService/managedClusters/read'],
    [DATABASE, 'Microsoft.DBforMySQL/flexibleServers/read'],
  ])('refuses where the identity may not %s, and names the missing action', async (key, action) => {
    const forbidden: Answer = {
      status: 403,
      body: { error: { code: 'AuthorizationFailed', message: 'no' } },
    };
    const error = await rejection(standby({ [key]: forbidden }).port.check());
    expect(error.name).toBe('CloudRefused');
    expect(error.message).toContain('got 403 AuthorizationFailed: no');
    expect(error.message).toContain(`a role with the action ${action} on the resource group rg-standby`);
  });

  it('refuses a 401', async () => {
    const error = await rejection(standby({ [DATABASE]: { status: 401, body: 'denied' } }).port.check());
    expect(error.name).toBe('CloudRefused');
    expect(error.message).toContain('got 401: denied');
  });

  it('does not take a missing subscription for a standby that is still being built', async () => {
    const wrong: Answer = { status: 404, body: { error: { code: 'SubscriptionNotFound', message: 'no' } } };
    for (const key of [GATEWAY, CLUSTER, DATABASE]) {
      const error = await rejection(standby({ [key]: wrong }).port.check());
      expect(error.name).toBe('CloudRefused');
      expect(error.message).toContain('Check standby.azure');
    }
  });
});
