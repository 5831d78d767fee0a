import type { AzureStandby } from '../../core/config/standby-schema.ts';
import type { ArmView, AzureArmOptions } from '../clouds/azure/azure-arm.ts';
import type { AzureSide } from './azure-side.ts';

/** How long the gateway takes to answer about its backends; assumed, of the usual order. */
const BACKEND_HEALTH_SECONDS = 4;

const VM_SIZE = 'Standard_D4s_v5';

/** What a cluster says of itself: Running from the first second of a start to the last of a stop. */
function clusterPower({ power }: AzureSide): {
  provisioningState: string;
  powerState: 'Running' | 'Stopped';
} {
  const word = power.word('cluster');
  if (word === 'Starting' || word === 'Stopping') return { provisioningState: word, powerState: 'Running' };
  return { provisioningState: power.isFailed('cluster') ? 'Failed' : 'Succeeded', powerState: word };
}

function databaseState({ power }: AzureSide): 'Ready' | 'Starting' | 'Stopped' | 'Stopping' {
  const word = power.word('mysql');
  return word === 'Running' ? 'Ready' : word;
}

function viewOf(azure: AzureStandby['azure'], side: AzureSide): ArmView {
  const { exists, power } = side;
  return {
    groupExists: true,
    gateway: exists.gateway
      ? {
          provisioningState: 'Succeeded',
          operationalState: power.word('gateway'),
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
          ...clusterPower(side),
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
    mysql: exists.database ? { state: databaseState(side), version: '8.0.21' } : null,
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
    mayStartAndStop: new Set([azure.clientId]),
    power: side.power,
    backendHealthSeconds: BACKEND_HEALTH_SECONDS,
    planScaling: () => side.planScaling(),
    onScaled: ({ count }) => {
      side.scaled(count);
    },
  };
}
