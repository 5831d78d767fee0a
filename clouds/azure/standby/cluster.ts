import { ContainerServiceClient } from '@azure/arm-containerservice';
import type { AgentPool } from '@azure/arm-containerservice';
import { isRestError } from '@azure/core-rest-pipeline';
import * as z from 'zod';
import { CloudRefused } from '../../../core/errors.ts';
import type { StandbyCheck, StandbyWanted } from '../../../core/standby/standby.ts';
import { armCall, isNotThereYet } from '../arm-client.ts';
import type { ArmPlace } from '../arm-client.ts';
import type { AzureAccess } from '../azure-client.ts';
import { parseAnswer, translateAzureError } from '../errors.ts';
import type { AzureCall } from '../errors.ts';
import { patiencePolicy, timeLimitPolicy } from '../transport-policies.ts';

/** The AKS cluster of a standby and the node pool that is scaled on the day. */
export interface ClusterPlace extends ArmPlace {
  readonly aksCluster: string;
  readonly aksNodePool: string;
}

export interface Cluster {
  /** Provisioned and powered on, and so its node pool; to serve, it may be getting nodes. */
  check(wanted: StandbyWanted): Promise<StandbyCheck>;
  /** Asks for the nodes and does not wait for them; asking again for the same number changes nothing. */
  scale(nodeCount: number): Promise<{ nodeCount: number; previousNodeCount: number }>;
}

const PROVIDER = 'Microsoft.ContainerService/managedClusters';

const clusterSchema = z.object({
  provisioningState: z.string(),
  // Absent while the cluster is being created.
  powerState: z.object({ code: z.string() }).nullish(),
  agentPoolProfiles: z
    .array(z.object({ name: z.string(), provisioningState: z.string().optional() }))
    .optional(),
});

const poolSchema = z.object({
  count: z.int(),
  enableAutoScaling: z.boolean().nullish(),
  minCount: z.int().nullish(),
  maxCount: z.int().nullish(),
  eTag: z.string().nullish(),
});
type Pool = z.infer<typeof poolSchema>;

/** States of a cluster and of a pool that runs and is getting nodes. Source: the AKS reference, agent pool states. */
const GROWING = new Set(['Updating', 'Scaling']);

function judgeCluster(
  cluster: z.infer<typeof clusterSchema>,
  poolName: string,
  wanted: StandbyWanted,
): StandbyCheck {
  const grows = (state: string): boolean => wanted === 'serving' && GROWING.has(state);
  const state = cluster.provisioningState;
  const provisioning = `cluster's provisioning is ${state}, expected Succeeded`;
  if (state !== 'Succeeded' && !grows(state)) return { good: false, detail: provisioning };
  const power = cluster.powerState?.code ?? 'of an unknown power state';
  if (power !== 'Running') return { good: false, detail: `cluster is ${power}, expected Running` };
  const pool = cluster.agentPoolProfiles?.find((profile) => profile.name === poolName);
  // The cluster says Succeeded while one of its pools still grows.
  const poolState = pool?.provisioningState ?? 'Succeeded';
  const detail = `node pool ${poolName} is ${poolState}, expected Succeeded`;
  if (poolState !== 'Succeeded') {
    return grows(poolState) ? { good: true, detail, growing: detail } : { good: false, detail };
  }
  return state === 'Succeeded'
    ? { good: true, detail: 'Succeeded and Running' }
    : { good: true, detail: provisioning, growing: provisioning };
}

/** The changed fields, or null where the pool is as wanted. With autoscaling the floor rises and no node is taken away. */
function changeFor(pool: Pool, nodeCount: number): Pick<AgentPool, 'count' | 'minCount'> | null {
  if (pool.enableAutoScaling !== true) return pool.count === nodeCount ? null : { count: nodeCount };
  const count = Math.max(pool.count, nodeCount);
  return pool.minCount === nodeCount && pool.count === count ? null : { count, minCount: nodeCount };
}

function refuseAboveCeiling(call: AzureCall, pool: Pool, nodeCount: number): void {
  if (pool.enableAutoScaling !== true || pool.maxCount == null || nodeCount <= pool.maxCount) return;
  throw new CloudRefused({
    call: call.name,
    got: `a node pool whose autoscaler stops at ${pool.maxCount} nodes, for ${nodeCount} wanted`,
    next: 'Raise maxCount of the pool, or lower standby.warmNodeCount in the configuration.',
  });
}

function makeClient(place: ClusterPlace, access: AzureAccess): ContainerServiceClient {
  return new ContainerServiceClient(access.credential, place.subscriptionId, {
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: 'pilotlight' },
    additionalPolicies: [
      { policy: patiencePolicy(access.clock), position: 'perCall' },
      { policy: timeLimitPolicy(), position: 'perRetry' },
    ],
    ...(access.httpClient && { httpClient: access.httpClient }),
  });
}

/** Calls an SDK operation and translates what it throws. */
async function translated<T>(call: AzureCall, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw translateAzureError(call, error);
  }
}

/** The standby's AKS cluster, by the vendor's SDK. */
export function makeCluster(place: ClusterPlace, access: AzureAccess): Cluster {
  let made: ContainerServiceClient | undefined;
  const client = (): ContainerServiceClient => (made ??= makeClient(place, access));
  const { resourceGroup, aksCluster, aksNodePool } = place;
  const poolPath = `${PROVIDER}/${aksCluster}/agentPools/${aksNodePool}`;

  const check = async (wanted: StandbyWanted): Promise<StandbyCheck> => {
    const call = armCall(place, `GET ${PROVIDER}/${aksCluster}`, `${PROVIDER}/read`);
    const cluster = await translated(call, async () => {
      try {
        return await client().managedClusters.get(resourceGroup, aksCluster);
      } catch (error) {
        if (isRestError(error) && isNotThereYet(error.statusCode, error.code)) return null;
        throw error;
      }
    });
    if (cluster === null) return { good: false, detail: `AKS cluster ${aksCluster} does not exist yet` };
    return judgeCluster(parseAnswer(call, clusterSchema, cluster), aksNodePool, wanted);
  };

  const scale: Cluster['scale'] = async (nodeCount) => {
    const { agentPools } = client();
    const read = armCall(place, `GET ${poolPath}`, `${PROVIDER}/agentPools/read`);
    const answer = await translated(read, () => agentPools.get(resourceGroup, aksCluster, aksNodePool));
    const pool = parseAnswer(read, poolSchema, answer);
    const write = armCall(place, `PUT ${poolPath}`, `${PROVIDER}/agentPools/write`);
    refuseAboveCeiling(write, pool, nodeCount);
    const change = changeFor(pool, nodeCount);
    if (change !== null) {
      // The whole pool is written, so the version that was read must still be the one that is replaced.
      const unchanged = pool.eTag ? { ifMatch: pool.eTag } : {};
      const wanted = { ...answer, ...change };
      const poller = agentPools.createOrUpdate(resourceGroup, aksCluster, aksNodePool, wanted, unchanged);
      await translated(write, () => poller.submitted());
    }
    return { nodeCount, previousNodeCount: pool.count };
  };

  return { check, scale };
}
