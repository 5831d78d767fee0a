import { ContainerServiceClient } from '@azure/arm-containerservice';
import {
  bearerTokenAuthenticationPolicy,
  createEmptyPipeline,
  createPipelineRequest,
  type HttpMethods,
} from '@azure/core-rest-pipeline';
import { ARM_RESOURCE, azureArmService } from '../../../../drill/clouds/azure/azure-arm.ts';
import type {
  ArmView,
  AzureArmOptions,
  Scaling,
  ScalingPlan,
} from '../../../../drill/clouds/azure/azure-arm.ts';
import { accessToken, CLIENT, networkOf } from '../fixture.ts';

export const SUBSCRIPTION = '66666666-6666-4666-8666-666666666666';
export const GROUP = 'rg-standby';
export const GATEWAY = 'Microsoft.Network/applicationGateways/agw';
export const CLUSTER = 'Microsoft.ContainerService/managedClusters/aks';
/** Everything built and well. */
export const FULL: ArmView = {
  groupExists: true,
  gateway: {
    provisioningState: 'Succeeded',
    operationalState: 'Running',
    pools: [
      {
        name: 'app',
        settings: 'http',
        servers: [{ address: '10.0.0.4', health: 'Up', log: 'Success. Received 200 status code' }],
      },
    ],
  },
  cluster: {
    provisioningState: 'Succeeded',
    powerState: 'Running',
    pools: [
      {
        name: 'apps',
        count: 2,
        vmSize: 'Standard_D4s_v5',
        provisioningState: 'Succeeded',
        autoscaling: null,
      },
    ],
  },
  mysql: { state: 'Ready', version: '8.0.21' },
};

/** A resource group, and the calls that the tests make. */
export function world(view: ArmView = FULL, plan: ScalingPlan = { seconds: 120, failure: null }) {
  const now = { view };
  const scaled: Scaling[] = [];
  const standby: AzureArmOptions = {
    subscriptionId: SUBSCRIPTION,
    resourceGroup: GROUP,
    location: 'koreacentral',
    names: { gateway: 'agw', cluster: 'aks', mysql: 'db' },
    view: () => now.view,
    roleHolders: new Set([CLIENT]),
    backendHealthSeconds: 3,
    planScaling: () => plan,
    onScaled: (scaling) => {
      scaled.push(scaling);
      const pools = FULL.cluster?.pools.map((pool) => ({ ...pool, count: scaling.count })) ?? [];
      if (now.view.cluster !== null) now.view = { ...now.view, cluster: { ...now.view.cluster, pools } };
    },
  };
  const network = networkOf([azureArmService([standby])]);
  const credentialOf = (token: string) => ({
    getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
  });
  const send = async (
    method: HttpMethods,
    url: string,
    token: string | null = accessToken({ aud: ARM_RESOURCE }),
  ) => {
    const pipeline = createEmptyPipeline();
    if (token !== null) {
      pipeline.addPolicy(
        bearerTokenAuthenticationPolicy({
          credential: credentialOf(token),
          scopes: `${ARM_RESOURCE}/.default`,
        }),
      );
    }
    const response = await pipeline.sendRequest(
      network.azureHttpClient(),
      createPipelineRequest({ url, method }),
    );
    const body: unknown = response.bodyAsText ? JSON.parse(response.bodyAsText) : null;
    return { status: response.status, headers: response.headers, body };
  };
  const urlOf = (resource: string, group = GROUP) =>
    `https://management.azure.com/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/${resource}?api-version=2025-05-01`;
  const get = (resource: string) => send('GET', urlOf(resource));
  const aks = () =>
    new ContainerServiceClient(credentialOf(accessToken({ aud: ARM_RESOURCE })), SUBSCRIPTION, {
      httpClient: network.azureHttpClient(),
      retryOptions: { maxRetries: 0 },
    });
  return { now, scaled, network, send, urlOf, get, aks };
}
