import { makeStandby } from '../../../../clouds/azure/standby/standby.ts';
import { fakeAzure, fakeClock, fakeCredential, rejection } from '../azure-fixture.ts';
import type { Answer } from '../azure-fixture.ts';

const PATH =
  '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-standby/providers' +
  '/Microsoft.ContainerService/managedClusters/aks/agentPools/work';
const GET = `GET ${PATH}`;
const PUT = `PUT ${PATH}`;

const pool = (properties: Record<string, unknown>): Answer => ({
  status: 200,
  body: {
    id: PATH,
    name: 'work',
    type: 'Microsoft.ContainerService/managedClusters/agentPools',
    properties: {
      vmSize: 'Standard_D4s_v5',
      mode: 'User',
      type: 'VirtualMachineScaleSets',
      provisioningState: 'Succeeded',
      nodeLabels: { tier: 'warm' },
      eTag: 'tag-7',
      ...properties,
    },
  },
});
/** As Azure accepts a change: it goes on behind `azure-asyncoperation`, which nobody asks. */
const changing: Answer = {
  status: 201,
  body: { name: 'work', properties: { provisioningState: 'Scaling' } },
  headers: { 'azure-asyncoperation': 'https://management.azure.com/operations/scale-1' },
};

const scale = (answers: Record<string, Answer>, nodeCount: number) => {
  const { httpClient, sent } = fakeAzure(answers);
  const port = makeStandby({
    subscriptionId: '33333333-3333-4333-8333-333333333333',
    resourceGroup: 'rg-standby',
    applicationGateway: 'agw',
    aksCluster: 'aks',
    aksNodePool: 'work',
    mysqlServer: 'mysql',
    credential: fakeCredential,
    clock: fakeClock(),
    httpClient,
  });
  return { answer: port.scale(nodeCount), sent };
};

describe('scaling the warm pool', () => {
  it('writes the pool back with the new count and every other field, if nobody changed it meanwhile', async () => {
    const { answer, sent } = scale(
      { [GET]: pool({ count: 1, enableAutoScaling: false }), [PUT]: changing },
      5,
    );
    expect(await answer).toEqual({ nodeCount: 5, previousNodeCount: 1 });
    expect(sent).toHaveLength(2);
    expect(sent[1]).toMatchObject({ method: 'PUT', ifMatch: 'tag-7', timeout: 8000 });
    expect(sent[1]?.body).toEqual({
      properties: {
        count: 5,
        enableAutoScaling: false,
        vmSize: 'Standard_D4s_v5',
        mode: 'User',
        type: 'VirtualMachineScaleSets',
        nodeLabels: { tier: 'warm' },
      },
    });
  });

  it('changes nothing where the pool has the count', async () => {
    const { answer, sent } = scale({ [GET]: pool({ count: 5 }) }, 5);
    expect(await answer).toEqual({ nodeCount: 5, previousNodeCount: 5 });
    expect(sent.map(({ method }) => method)).toEqual(['GET']);
  });

  it('raises the floor of an autoscaled pool with its count', async () => {
    const given = pool({ count: 1, enableAutoScaling: true, minCount: 1, maxCount: 10 });
    const { answer, sent } = scale({ [GET]: given, [PUT]: changing }, 5);
    expect(await answer).toEqual({ nodeCount: 5, previousNodeCount: 1 });
    expect(sent[1]?.body).toMatchObject({ properties: { count: 5, minCount: 5, maxCount: 10 } });
  });

  it('takes no node away that the autoscaler has added', async () => {
    const given = pool({ count: 8, enableAutoScaling: true, minCount: 1, maxCount: 10 });
    const { answer, sent } = scale({ [GET]: given, [PUT]: changing }, 5);
    expect(await answer).toEqual({ nodeCount: 5, previousNodeCount: 8 });
    expect(sent[1]?.body).toMatchObject({ properties: { count: 8, minCount: 5, maxCount: 10 } });
  });

  it('changes nothing where the floor of an autoscaled pool is as wanted', async () => {
    const given = pool({ count: 8, enableAutoScaling: true, minCount: 5, maxCount: 10 });
    const { answer, sent } = scale({ [GET]: given }, 5);
    expect(await answer).toEqual({ nodeCount: 5, previousNodeCount: 8 });
    expect(sent).toHaveLength(1);
  });

  it('refuses a count above the autoscaler’s ceiling before it writes', async () => {
    const given = pool({ count: 1, enableAutoScaling: true, minCount: 1, maxCount: 3 });
    const { answer, sent } = scale({ [GET]: given }, 5);
    const error = await rejection(answer);
    expect(error.name).toBe('CloudRefused');
    expect(error.message).toContain('got a node pool whose autoscaler stops at 3 nodes, for 5 wanted');
    expect(sent).toHaveLength(1);
  });

  it('takes the ceiling itself', async () => {
    const given = pool({ count: 1, enableAutoScaling: true, minCount: 1, maxCount: 5 });
    const { answer } = scale({ [GET]: given, [PUT]: changing }, 5);
    expect(await answer).toEqual({ nodeCount: 5, previousNodeCount: 1 });
  });

  it.each([
    [409, 'OperationNotAllowed', 'Another operation (Updating) is in progress'],
    [409, 'EtagMismatch', 'Etag mismatched'],
    [412, 'PreconditionFailed', 'changed'],
    [429, 'TooManyRequests', 'slow down'],
  ])('calls a %d %s unavailable', async (status, code, message) => {
    const refused: Answer = { status, body: { error: { code, message } } };
    const error = await rejection(scale({ [GET]: pool({ count: 1 }), [PUT]: refused }, 5).answer);
    expect(error.name).toBe('CloudUnavailable');
    expect(error.message).toContain(`got ${status} ${code}`);
  });

  it('refuses where the quota is too small', async () => {
    const refused: Answer = {
      status: 400,
      body: { error: { code: 'ErrCode_InsufficientVCPUQuota', message: 'left regional vcpu quota 2' } },
    };
    const error = await rejection(scale({ [GET]: pool({ count: 1 }), [PUT]: refused }, 5).answer);
    expect(error.name).toBe('CloudRefused');
    expect(error.message).toContain(
      'Ask for a higher quota in the standby region, or lower the number of nodes.',
    );
  });

  it('refuses where the identity may not write the pool', async () => {
    const refused: Answer = { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'no' } } };
    const error = await rejection(scale({ [GET]: pool({ count: 1 }), [PUT]: refused }, 5).answer);
    expect(error.message).toContain('Microsoft.ContainerService/managedClusters/agentPools/write');
  });

  it('refuses a pool that does not exist: a warm standby has one', async () => {
    const missing: Answer = { status: 404, body: { error: { code: 'ResourceNotFound', message: 'no' } } };
    expect((await rejection(scale({ [GET]: missing }, 5).answer)).name).toBe('CloudRefused');
  });

  it('calls a pool without a count unreadable and writes nothing', async () => {
    const { answer, sent } = scale({ [GET]: pool({}) }, 5);
    const error = await rejection(answer);
    expect(error.name).toBe('CloudAnswerUnreadable');
    expect(error.message).toContain('count: got nothing, expected number');
    expect(sent).toHaveLength(1);
  });
});
