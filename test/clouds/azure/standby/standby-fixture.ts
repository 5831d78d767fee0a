import { makeStandby } from '../../../../clouds/azure/standby/standby.ts';
import { fakeAzure, fakeClock, fakeCredential } from '../azure-fixture.ts';
import type { Answer } from '../azure-fixture.ts';

/* A standby whose gateway, cluster and database are good, but for the answers that a test gives. */

const GROUP = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-standby/providers';
export const GATEWAY = `GET ${GROUP}/Microsoft.Network/applicationGateways/agw`;
export const HEALTH = `POST ${GROUP}/Microsoft.Network/applicationGateways/agw/backendhealth`;
export const CLUSTER = `GET ${GROUP}/Microsoft.ContainerService/managedClusters/aks`;
export const DATABASE = `GET ${GROUP}/Microsoft.DBforMySQL/flexibleServers/mysql`;
export const RESULT = 'GET /operations/health-1';
export const LOCATION = 'https://management.azure.com/operations/health-1';

export const gateway = (operationalState: string, provisioningState = 'Succeeded'): Answer => ({
  status: 200,
  body: { name: 'agw', properties: { operationalState, provisioningState } },
});
export const settings = (...servers: unknown[]) => ({ servers });
export const pools = (...collections: unknown[][]): Answer => ({
  status: 200,
  body: {
    backendAddressPools: collections.map((backendHttpSettingsCollection, index) => ({
      backendAddressPool: { id: `/subscriptions/s/backendAddressPools/pool-${index + 1}` },
      backendHttpSettingsCollection,
    })),
  },
});
export const up = { address: '10.1.0.4', health: 'Up', healthProbeLog: 'Success. Received 200 status code' };
export const cluster = (properties: Record<string, unknown>): Answer => ({
  status: 200,
  body: { name: 'aks', properties },
});
export const database = (state: string): Answer => ({ status: 200, body: { properties: { state } } });
export const notFound: Answer = {
  status: 404,
  body: { error: { code: 'ResourceNotFound', message: 'not found' } },
};
export const accepted = (headers: Record<string, string> = { location: LOCATION }): Answer => ({
  status: 202,
  headers,
});

const GOOD = {
  [GATEWAY]: gateway('Running'),
  [HEALTH]: pools([settings(up)]),
  [CLUSTER]: cluster({ provisioningState: 'Succeeded', powerState: { code: 'Running' } }),
  [DATABASE]: database('Ready'),
};

export const standby = (answers: Record<string, Answer | readonly Answer[]>) => {
  const { httpClient, sent } = fakeAzure({ ...GOOD, ...answers });
  const clock = fakeClock();
  const port = makeStandby({
    subscriptionId: '33333333-3333-4333-8333-333333333333',
    resourceGroup: 'rg-standby',
    applicationGateway: 'agw',
    aksCluster: 'aks',
    aksNodePool: 'work',
    mysqlServer: 'mysql',
    credential: fakeCredential,
    clock,
    httpClient,
  });
  return { port, clock, sent };
};
