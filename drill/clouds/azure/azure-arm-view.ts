import { uuidOf } from '../aws/aws-wire.ts';

/*
 * What the world shows of the standby's resources, and the shapes in which Azure Resource Manager answers them.
 */

export interface GatewayView {
  readonly provisioningState: string;
  readonly operationalState: 'Stopped' | 'Starting' | 'Running' | 'Stopping';
  readonly pools: readonly {
    readonly name: string;
    readonly settings: string;
    /** Empty while the gateway has not probed yet. */
    readonly servers: readonly {
      readonly address: string;
      readonly health: 'Unknown' | 'Up' | 'Down' | 'Partial' | 'Draining';
      readonly log: string;
    }[];
  }[];
}

export interface NodePoolView {
  readonly name: string;
  readonly count: number;
  readonly vmSize: string;
  readonly provisioningState: string;
  /** null where the pool does not scale on its own. */
  readonly autoscaling: { readonly min: number; readonly max: number } | null;
}

export interface ClusterView {
  readonly provisioningState: string;
  readonly powerState: 'Running' | 'Stopped';
  readonly pools: readonly NodePoolView[];
}

export interface MySqlView {
  readonly state: 'Ready' | 'Dropping' | 'Disabled' | 'Starting' | 'Stopping' | 'Stopped' | 'Updating';
  readonly version: string;
}

/** The resource group of the standby at one moment; null is a resource that does not exist. */
export interface ArmView {
  readonly groupExists: boolean;
  readonly gateway: GatewayView | null;
  readonly cluster: ClusterView | null;
  readonly mysql: MySqlView | null;
}

/** Where a resource is. */
export interface ResourceAddress {
  readonly id: string;
  readonly name: string;
  readonly location: string;
}

/** GET of an Application Gateway. */
export function gatewayRecord(address: ResourceAddress, gateway: GatewayView): unknown {
  const { provisioningState, operationalState } = gateway;
  return {
    ...address,
    type: 'Microsoft.Network/applicationGateways',
    properties: { provisioningState, operationalState, sku: { name: 'Standard_v2', tier: 'Standard_v2' } },
  };
}

/** The result of the backendhealth operation. */
export function backendHealthRecord(address: ResourceAddress, gateway: GatewayView): unknown {
  return {
    backendAddressPools: gateway.pools.map((pool) => ({
      backendAddressPool: { id: `${address.id}/backendAddressPools/${pool.name}` },
      backendHttpSettingsCollection: [
        {
          backendHttpSettings: { id: `${address.id}/backendHttpSettingsCollection/${pool.settings}` },
          servers: pool.servers.map(({ address: server, health, log }) => ({
            address: server,
            health,
            healthProbeLog: log,
          })),
        },
      ],
    })),
  };
}

const poolProperties = (pool: NodePoolView): Record<string, unknown> => ({
  count: pool.count,
  vmSize: pool.vmSize,
  provisioningState: pool.provisioningState,
  powerState: { code: 'Running' },
  mode: 'System',
  type: 'VirtualMachineScaleSets',
  enableAutoScaling: pool.autoscaling !== null,
  ...(pool.autoscaling === null ? {} : { minCount: pool.autoscaling.min, maxCount: pool.autoscaling.max }),
});

/** Changes whenever the pool does. */
export function poolEtag(pool: NodePoolView): string {
  return uuidOf(JSON.stringify(pool));
}

/** GET of a node pool. */
export function poolRecord(address: ResourceAddress, pool: NodePoolView): unknown {
  return {
    id: address.id,
    name: address.name,
    type: 'Microsoft.ContainerService/managedClusters/agentPools',
    properties: { ...poolProperties(pool), eTag: poolEtag(pool) },
  };
}

/** GET of an AKS cluster. */
export function clusterRecord(address: ResourceAddress, cluster: ClusterView): unknown {
  return {
    ...address,
    type: 'Microsoft.ContainerService/ManagedClusters',
    properties: {
      provisioningState: cluster.provisioningState,
      powerState: { code: cluster.powerState },
      agentPoolProfiles: cluster.pools.map((pool) => ({ name: pool.name, ...poolProperties(pool) })),
    },
  };
}

/** GET of a MySQL Flexible Server. */
export function mysqlRecord(address: ResourceAddress, server: MySqlView): unknown {
  return {
    ...address,
    type: 'Microsoft.DBforMySQL/flexibleServers',
    properties: {
      state: server.state,
      version: server.version,
      replicationRole: 'None',
      highAvailability: { mode: 'Disabled', state: 'NotEnabled' },
      fullyQualifiedDomainName: `${address.name}.mysql.database.azure.com`,
    },
  };
}
