import { ARM_RESOURCE } from '../../../../drill/clouds/azure/azure-arm.ts';
import { CLUSTER, FULL, GATEWAY, GROUP, SUBSCRIPTION, world } from './azure-arm-fixture.ts';
import { accessToken, rejection, START, useVirtualTime } from '../fixture.ts';

const pass = (seconds: number): Promise<void> => jest.advanceTimersByTimeAsync(seconds * 1_000);

describe('the resources of the simulated Azure Resource Manager', () => {
  useVirtualTime();

  it('are shown as the world has them at the moment, in whatever letters they are asked for', async () => {
    const { get, now } = world();
    expect((await get(GATEWAY.toUpperCase())).body).toMatchObject({
      properties: { provisioningState: 'Succeeded', operationalState: 'Running' },
    });
    expect((await get('Microsoft.DBforMySQL/flexibleServers/db')).body).toMatchObject({
      properties: { state: 'Ready' },
    });
    now.view = { ...FULL, mysql: { state: 'Starting', version: '8.0.21' } };
    expect((await get('Microsoft.DBforMySQL/flexibleServers/db')).body).toMatchObject({
      properties: { state: 'Starting' },
    });
  });

  it.each([GATEWAY, CLUSTER, `${CLUSTER}/agentPools/apps`, 'Microsoft.DBforMySQL/flexibleServers/db'])(
    '%s is ResourceNotFound while it does not exist',
    async (resource) => {
      const { get } = world({ groupExists: true, gateway: null, cluster: null, mysql: null });
      const { status, body } = await get(resource);
      expect([status, body]).toMatchObject([404, { error: { code: 'ResourceNotFound' } }]);
    },
  );

  it('are not found under another name, group or subscription', async () => {
    const { get, send, urlOf, now } = world();
    expect((await get('Microsoft.Network/applicationGateways/other')).body).toMatchObject({
      error: { code: 'ResourceNotFound' },
    });
    expect((await send('GET', urlOf(GATEWAY, 'rg-other'))).body).toMatchObject({
      error: { code: 'ResourceGroupNotFound' },
    });
    const elsewhere = urlOf(GATEWAY).replace(SUBSCRIPTION, TENANT_OF_NOBODY);
    expect((await send('GET', elsewhere)).body).toMatchObject({ error: { code: 'SubscriptionNotFound' } });
    now.view = { ...FULL, groupExists: false };
    expect((await get(GATEWAY)).body).toMatchObject({ error: { code: 'ResourceGroupNotFound' } });
  });

  it('are for callers with a token for them, and an api-version', async () => {
    const { send, urlOf } = world();
    const codeFor = async (token: string | null) => (await send('GET', urlOf(GATEWAY), token)).body;
    expect(await codeFor(null)).toMatchObject({ error: { code: 'AuthenticationFailed' } });
    expect(await codeFor('abc')).toMatchObject({ error: { code: 'InvalidAuthenticationToken' } });
    expect(await codeFor(accessToken({ aud: 'https://vault.azure.net' }))).toMatchObject({
      error: { code: 'InvalidAuthenticationTokenAudience' },
    });
    expect(await codeFor(accessToken({ aud: ARM_RESOURCE, expiresInSeconds: 0 }))).toMatchObject({
      error: { code: 'ExpiredAuthenticationToken' },
    });
    expect(await codeFor(accessToken({ aud: ARM_RESOURCE, sub: 'stranger' }))).toMatchObject({
      error: { code: 'AuthorizationFailed' },
    });
    const bare = await send('GET', urlOf(GATEWAY).replace(/\?.*/, ''));
    expect(bare.body).toMatchObject({ error: { code: 'MissingApiVersionParameter' } });
  });

  it('know no other call', async () => {
    const { network, send, urlOf } = world();
    expect((await rejection(send('DELETE', urlOf(GATEWAY)))).name).toBe('UnexpectedCall');
    expect((await rejection(send('GET', urlOf('Microsoft.Storage/storageAccounts/x')))).name).toBe(
      'UnexpectedCall',
    );
    expect(network.unexpected).toHaveLength(2);
  });
});

const TENANT_OF_NOBODY = '77777777-7777-4777-8777-777777777777';

describe('the backend health', () => {
  useVirtualTime();

  it('is accepted, waited for, and then tells the servers as they are by then', async () => {
    const { send, urlOf, now } = world();
    const accepted = await send('POST', urlOf(`${GATEWAY}/backendhealth`));
    expect([accepted.status, accepted.headers.get('retry-after')]).toEqual([202, '2']);
    const location = accepted.headers.get('location') ?? '';
    expect(new URL(location).host).toBe('management.azure.com');
    await pass(2);
    expect((await send('GET', location)).status).toBe(202);
    const down =
      FULL.gateway?.pools.map((pool) => ({
        ...pool,
        servers: pool.servers.map((server) => ({ ...server, health: 'Down' as const })),
      })) ?? [];
    if (FULL.gateway !== null) now.view = { ...FULL, gateway: { ...FULL.gateway, pools: down } };
    await pass(1);
    const done = await send('GET', location);
    expect(done.status).toBe(200);
    expect(done.body).toMatchObject({
      backendAddressPools: [
        { backendHttpSettingsCollection: [{ servers: [{ address: '10.0.0.4', health: 'Down' }] }] },
      ],
    });
  });

  it('is refused of a gateway that does not run, and unknown under an id that nobody gave', async () => {
    const { send, urlOf } = world({
      ...FULL,
      gateway: { provisioningState: 'Updating', operationalState: 'Starting', pools: [] },
    });
    expect((await send('POST', urlOf(`${GATEWAY}/backendhealth`))).status).toBe(409);
    const invented = `https://management.azure.com/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Network/locations/koreacentral/operationResults/x?api-version=2025-05-01`;
    expect((await send('GET', invented)).status).toBe(404);
  });
});

describe('the cluster, by the SDK of Azure', () => {
  useVirtualTime();

  it('is read with its pools', async () => {
    const cluster = await world().aks().managedClusters.get(GROUP, 'aks');
    expect([cluster.provisioningState, cluster.powerState?.code]).toEqual(['Succeeded', 'Running']);
    expect(cluster.agentPoolProfiles).toMatchObject([
      { name: 'apps', count: 2, provisioningState: 'Succeeded' },
    ]);
  });

  it('gives a RestError of 404 where it does not exist', async () => {
    const { aks } = world({ ...FULL, cluster: null });
    const error = await rejection(aks().managedClusters.get(GROUP, 'aks'));
    expect(error).toMatchObject({ name: 'RestError', statusCode: 404, code: 'ResourceNotFound' });
  });

  it('scales a pool in its time, which the poller waits for', async () => {
    const { aks, scaled } = world();
    const pool = await aks().agentPools.get(GROUP, 'aks', 'apps');
    expect([pool.count, pool.eTag]).toEqual([2, expect.any(String)]);
    const poller = aks().agentPools.createOrUpdate(
      GROUP,
      'aks',
      'apps',
      { ...pool, count: 5 },
      { ifMatch: pool.eTag ?? '' },
    );
    const done = poller.pollUntilDone();
    await pass(60);
    expect(await aks().agentPools.get(GROUP, 'aks', 'apps')).toMatchObject({
      count: 5,
      provisioningState: 'Scaling',
    });
    const during = await aks().managedClusters.get(GROUP, 'aks');
    expect(during.agentPoolProfiles?.[0]?.provisioningState).toBe('Scaling');
    expect(scaled).toEqual([]);
    await pass(62);
    expect(await done).toMatchObject({ count: 5, provisioningState: 'Succeeded' });
    expect(scaled).toEqual([{ pool: 'apps', count: 5, autoscaling: null }]);
    expect(Date.now()).toBe(START + 122_000);
  });

  it('lets the poller fail when the scaling fails, and marks the pool', async () => {
    const { aks, scaled } = world(FULL, {
      seconds: 10,
      failure: { code: 'QuotaExceeded', message: 'no cores left' },
    });
    const pool = await aks().agentPools.get(GROUP, 'aks', 'apps');
    const failed = rejection(
      aks()
        .agentPools.createOrUpdate(GROUP, 'aks', 'apps', { ...pool, count: 5 })
        .pollUntilDone(),
    );
    await pass(20);
    expect((await failed).message).toContain('no cores left');
    expect(await aks().agentPools.get(GROUP, 'aks', 'apps')).toMatchObject({
      count: 2,
      provisioningState: 'Failed',
    });
    expect(scaled).toEqual([]);
  });

  it('refuses a second change at a time, an old version, another machine and a stopped cluster', async () => {
    const { aks, now } = world();
    const put = (more: object, ifMatch?: string) =>
      rejection(
        Promise.resolve(
          aks()
            .agentPools.createOrUpdate(
              GROUP,
              'aks',
              'apps',
              { count: 3, ...more },
              ifMatch === undefined ? {} : { ifMatch },
            )
            .submitted(),
        ),
      );
    expect(await put({}, 'old')).toMatchObject({ statusCode: 412, code: 'PreconditionFailed' });
    expect(await put({ vmSize: 'Standard_B2s' })).toMatchObject({
      statusCode: 400,
      code: 'PropertyChangeNotAllowed',
    });
    expect(await put({ enableAutoScaling: true, minCount: 4, maxCount: 9 })).toMatchObject({
      code: 'InvalidParameter',
    });
    await aks().agentPools.createOrUpdate(GROUP, 'aks', 'apps', { count: 3 }).submitted();
    expect(await put({})).toMatchObject({ statusCode: 409, code: 'OperationNotAllowed' });
    await pass(120);
    if (FULL.cluster !== null) now.view = { ...FULL, cluster: { ...FULL.cluster, powerState: 'Stopped' } };
    expect(await put({})).toMatchObject({ statusCode: 409, code: 'OperationNotAllowed' });
  });
});
