import { RestError } from '@azure/core-rest-pipeline';
import { makeLifecycle } from '../../../../clouds/azure/standby/lifecycle.ts';
import { powerText } from '../../../../core/standby/power.ts';
import { fakeAzure, fakeClock, fakeCredential, rejection } from '../azure-fixture.ts';
import type { Answer } from '../azure-fixture.ts';

/*
 * Goal: what runs and what does not is read from the resources themselves; whatever Azure answers to a start or a stop
 * becomes "accepted", "not now" or "never", and nothing is believed of an operation but why it failed.
 */

const GROUP =
  '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-standby/providers/Microsoft.';
const GATEWAY = `${GROUP}Network/applicationGateways/agw`;
const CLUSTER = `${GROUP}ContainerService/managedClusters/aks`;
const SERVER = `${GROUP}DBforMySQL/flexibleServers/mysql`;
const OPERATION = 'https://management.azure.com/subscriptions/3/operations/start-1';

const lifecycle = (answers: Record<string, Answer | readonly Answer[]>) => {
  const { httpClient, sent } = fakeAzure(answers);
  const power = makeLifecycle({
    subscriptionId: '33333333-3333-4333-8333-333333333333',
    resourceGroup: 'rg-standby',
    applicationGateway: 'agw',
    aksCluster: 'aks',
    mysqlServer: 'mysql',
    credential: fakeCredential,
    clock: fakeClock(),
    httpClient,
  });
  return { power, sent };
};

const gateway = (operationalState: string, provisioningState = 'Succeeded'): Answer => ({
  status: 200,
  body: { properties: { provisioningState, operationalState } },
});
const cluster = (code: string, provisioningState = 'Succeeded'): Answer => ({
  status: 200,
  body: { properties: { provisioningState, powerState: { code } } },
});
const server = (state: string): Answer => ({ status: 200, body: { properties: { state } } });
const error = (status: number, code: string, message = 'no'): Answer => ({
  status,
  body: { error: { code, message } },
});
const throttled: Answer = {
  status: 429,
  body: { error: { code: 'TooManyRequests', message: 'no' } },
  headers: { 'retry-after': '60' },
};
const look = (over: Record<string, Answer> = {}) =>
  lifecycle({
    [`GET ${GATEWAY}`]: gateway('Stopped'),
    [`GET ${CLUSTER}`]: cluster('Stopped'),
    [`GET ${SERVER}`]: server('Stopped'),
    ...over,
  }).power.look();

describe('whether a standby runs', () => {
  it('is what each of the three says of itself', async () => {
    const seen = await look();
    expect(seen.gateway.state).toBe('stopped');
    expect(powerText(seen)).toBe(
      'application gateway Stopped, kubernetes cluster Stopped (Succeeded), database Stopped',
    );
  });

  it.each([
    ['Running', 'running'],
    ['Starting', 'starting'],
    ['Stopping', 'stopping'],
    ['Stopped', 'stopped'],
  ])('has a gateway that is %s as %s', async (said, state) => {
    expect((await look({ [`GET ${GATEWAY}`]: gateway(said, 'Updating') })).gateway.state).toBe(state);
  });

  it.each([
    ['Running', 'Succeeded', 'running'],
    // It says Running from the first second of a start to the last of a stop.
    ['Running', 'Starting', 'starting'],
    ['Running', 'Stopping', 'stopping'],
    ['Running', 'Updating', 'starting'],
    ['Running', 'Failed', 'failed'],
    ['Stopped', 'Failed', 'stopped'],
    ['Stopped', 'Canceled', 'stopped'],
    ['Stopped', 'Succeeded', 'stopped'],
  ])('has a cluster that is %s and %s as %s', async (code, provisioning, state) => {
    expect((await look({ [`GET ${CLUSTER}`]: cluster(code, provisioning) })).cluster.state).toBe(state);
  });

  it.each([
    ['Ready', 'running'],
    ['Starting', 'starting'],
    ['Updating', 'starting'],
    ['Stopping', 'stopping'],
    ['Stopped', 'stopped'],
    ['Disabled', 'failed'],
  ])('has a database that is %s as %s', async (said, state) => {
    expect((await look({ [`GET ${SERVER}`]: server(said) })).database.state).toBe(state);
  });

  it('is not known of what cannot be asked now, and refused where we may not look', async () => {
    const seen = await look({ [`GET ${SERVER}`]: error(503, 'ServiceUnavailable') });
    expect(seen.database.state).toBe('unknown');
    expect(seen.cluster.state).toBe('stopped');
    const refusal = await rejection(look({ [`GET ${CLUSTER}`]: error(403, 'AuthorizationFailed') }));
    expect(refusal.name).toBe('CloudRefused');
    expect(refusal.message).toContain('Microsoft.ContainerService/managedClusters/read');
  });

  it('says of what was never built that it is missing', async () => {
    const seen = await look({ [`GET ${GATEWAY}`]: error(404, 'ResourceNotFound') });
    expect(seen.gateway).toEqual({ state: 'missing', detail: 'does not exist' });
  });
});

describe('asking a resource to start', () => {
  const start = (answer: Answer, more: Record<string, Answer> = {}) => {
    const { power, sent } = lifecycle({ [`POST ${CLUSTER}/start`]: answer, ...more });
    return { asked: power.start('cluster'), sent };
  };

  it('posts once, and keeps the operation that may tell why it failed', async () => {
    const headers = { 'azure-asyncoperation': OPERATION };
    const { asked, sent } = start({ status: 202, headers });
    expect(await asked).toEqual({ accepted: true, operation: OPERATION });
    expect(sent).toHaveLength(1);
    expect(sent[0]?.url).toBe(`https://management.azure.com${CLUSTER}/start?api-version=2026-03-01`);
  });

  it.each([200, 202, 204])('takes %d as yes', async (status) => {
    expect(await start({ status }).asked).toEqual({ accepted: true, operation: null });
  });

  it.each([
    ['another operation goes on', error(409, 'OperationNotAllowed'), '409 OperationNotAllowed: no'],
    ['a newer one has taken its place', error(409, 'NotLatestOperation'), '409 NotLatestOperation: no'],
    [
      'the server is busy',
      error(409, 'ServerUnavailableForOperation'),
      '409 ServerUnavailableForOperation: no',
    ],
    ['Azure is asked too much', throttled, '429 Too'],
    ['Azure has an error', error(500, 'InternalServerError'), '500 InternalServerError: no'],
    ['nobody answers', new RestError('socket hang up', { code: 'ECONNRESET' }), 'ECONNRESET: socket hang up'],
  ])('may be asked again where %s', async (_case, answer, words) => {
    const asked = await start(answer).asked;
    expect(asked).toEqual({
      accepted: false,
      final: false,
      detail: expect.stringContaining(words) as string,
    });
  });

  it.each([
    ['there are no machines', error(409, 'AllocationFailed'), '409 AllocationFailed'],
    ['the zone has none', error(400, 'ZonalAllocationFailed'), 'ZonalAllocationFailed'],
    ['the quota is used up', error(400, 'QuotaExceeded'), 'QuotaExceeded'],
    ['the identity may not', error(403, 'AuthorizationFailed'), '403 AuthorizationFailed'],
    ['a webhook stands against it', error(400, 'ValidationError'), '400 ValidationError'],
    ['there is no such cluster', error(404, 'ResourceNotFound'), 'aks does not exist'],
  ])('is refused for good where %s', async (_case, answer, words) => {
    const asked = await start(answer).asked;
    expect(asked).toEqual({ accepted: false, final: true, detail: expect.stringContaining(words) as string });
  });

  it('is a stop with the other verb', async () => {
    const { power, sent } = lifecycle({ [`POST ${SERVER}/stop`]: { status: 202 } });
    expect(await power.stop('database')).toEqual({ accepted: true, operation: null });
    expect(sent[0]?.url).toBe(`https://management.azure.com${SERVER}/stop?api-version=2023-12-30`);
  });
});

describe('the operation of a start', () => {
  const PATH = 'GET /subscriptions/3/operations/start-1';
  const follow = (answer: Answer, address = OPERATION) =>
    lifecycle({ [PATH]: answer }).power.operation('cluster', address);
  const status = (word: string, code?: string): Answer => ({
    status: 200,
    body: { status: word, ...(code === undefined ? {} : { error: { code, message: 'no machines' } }) },
  });

  it.each([
    [status('InProgress'), { kind: 'going' }],
    [status('Succeeded'), { kind: 'done' }],
    [status('Succeeded', 'NotLatestOperation'), { kind: 'unknown' }],
    [
      status('Failed', 'AllocationFailed'),
      { kind: 'failed', detail: 'AllocationFailed: no machines', final: true },
    ],
    [
      status('Failed', 'InternalServerError'),
      { kind: 'failed', detail: 'InternalServerError: no machines', final: false },
    ],
    // Only why is not known then; what is, the resource says.
    [error(404, 'OperationNotFound'), { kind: 'unknown' }],
    [error(403, 'AuthorizationFailed'), { kind: 'unknown' }],
  ])('tells why it failed, and nothing else is believed: %j', async (answer, state) => {
    expect(await follow(answer)).toEqual(state);
  });

  it('gets our token only where it is Azure’s own', async () => {
    const refusal = await rejection(follow(status('Succeeded'), 'https://example.com/operations/1'));
    expect(refusal.message).toContain('expected an address under https://management.azure.com');
  });
});
