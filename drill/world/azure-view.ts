import type { AzureStandby } from '../../core/config/standby-schema.ts';
import type { ArmView, AzureArmOptions } from '../clouds/azure/azure-arm.ts';
import type { AzureSide } from './azure-side.ts';

/** How long the gateway takes to answer about its backends; assumed, of the usual order. */
const BACKEND_HEALTH_SECONDS = 4;

const VM_SIZE = 'Standard_D4s_v5';

function viewOf(azure: AzureStandby['azure'], side: AzureSide): ArmView {
  const { exists } = side;
  return {
    groupExists: true,
    gateway: exists.gateway
      ? {
          provisioningState: 'Succeeded',
          operationalState: 'Running',
          pools: [
            {
              name: 'petclinic',
              settings: 'https',
              servers: side.backends().map(({ address, health }) => ({
                address,
                health,
                log:
                  health === 'Up'
                    ? 'Success. Received 200 status code'
                    : 'The backend does not answer the probe',
              })),
            },
          ],
        }
      : null,
    cluster: exists.cluster
      ? {
          provisioningState: 'Succeeded',
          powerState: 'Running',
          pools: [
            {
              name: azure.aksNodePool,
              count: side.nodeCount,
              vmSize: VM_SIZE,
              provisioningState: 'Succeeded',
              autoscaling: null,
            },
          ],
        }
      : null,
    mysql: exists.database ? { state: 'Ready', version: '8.0.21' } : null,
  };
}

/** Azure Resource Manager over what exists on the simulated Azure side. */
export function armView({ azure }: AzureStandby, side: AzureSide): AzureArmOptions {
  return {
    subscriptionId: azure.subscriptionId,
    resourceGroup: azure.resourceGroup,
    location: 'koreacentral',
    names: { gateway: azure.applicationGateway, cluster: azure.aksCluster, mysql: azure.mysqlServer },
    view: () => viewOf(azure, side),
    roleHolders: new Set([azure.clientId]),
    backendHealthSeconds: BACKEND_HEALTH_SECONDS,
    planScaling: () => side.planScaling(),
    onScaled: ({ count }) => {
      side.scaled(count);
    },
  };
}
