import * as z from 'zod';
import type { Clock } from '../../../core/ports.ts';
import { judgeGateway } from '../../../core/standby/standby.ts';
import type { BackendServer, StandbyCheck, StandbyWanted } from '../../../core/standby/standby.ts';
import type { ArmAnswer, ArmClient } from '../arm-client.ts';
import { oneLine, parseAnswer } from '../errors.ts';
import { retryAfterMs } from '../transport-policies.ts';

/** What the check needs. */
export interface GatewayCheckOptions {
  readonly arm: ArmClient;
  readonly clock: Clock;
  /** Name of the Application Gateway. */
  readonly name: string;
  /** Longest wait for the backend health, which Azure measures anew at each call. */
  readonly healthLimitMs: number;
  /** How much of it must be there. */
  readonly wanted: StandbyWanted;
}

const API_VERSION = '2025-05-01';

/** Between two looks, where Azure does not say how long. */
const POLL_MS = 2_000;

/** Longest part of a probe log that is told. */
const PROBE_LOG_LENGTH_MAX = 160;

const gatewaySchema = z.object({
  properties: z.object({
    provisioningState: z.string(),
    operationalState: z.string().default('of an unknown state'),
  }),
});

const serverSchema = z.object({
  address: z.string().default('a server without address'),
  health: z.string(),
  healthProbeLog: z.string().nullish(),
});

const healthSchema = z.object({
  backendAddressPools: z.array(
    z.object({
      backendAddressPool: z.object({ id: z.string().default('') }).default({ id: '' }),
      backendHttpSettingsCollection: z
        .array(z.object({ servers: z.array(serverSchema).default([]) }))
        .default([]),
    }),
  ),
});
type Health = z.infer<typeof healthSchema>;

/**
 * All servers that a rule sends requests to. A pool that a rule uses and that has no servers answers its users with 502,
 * so it counts as a sick server; a pool without settings is used by no rule and counts for nothing.
 */
function serversOf(health: Health): BackendServer[] {
  return health.backendAddressPools.flatMap((pool) =>
    pool.backendHttpSettingsCollection.flatMap(({ servers }): BackendServer[] => {
      const name = pool.backendAddressPool.id.split('/').at(-1) ?? '';
      if (servers.length > 0) {
        return servers.map((server) => ({
          pool: name,
          address: server.address,
          health: server.health,
          detail: oneLine(server.healthProbeLog ?? '', PROBE_LOG_LENGTH_MAX),
        }));
      }
      return [
        {
          pool: name,
          address: `pool ${name === '' ? 'without name' : name}`,
          health: 'empty',
          detail: '',
        },
      ];
    }),
  );
}

/** Follows the accepted request until it has its answer, or null where the time limit comes first. */
async function awaitHealth(options: GatewayCheckOptions, accepted: ArmAnswer): Promise<ArmAnswer | null> {
  const { arm, clock } = options;
  const deadline = clock.now() + options.healthLimitMs;
  let answer = accepted;
  let location = accepted;
  while (answer.response.status === 202) {
    const wait = retryAfterMs(answer.response, clock) ?? POLL_MS;
    if (clock.now() + wait > deadline) return null;
    await clock.sleep(wait);
    // A later 202 may name a new address, or none and mean the old one.
    if (answer.response.headers.has('location')) location = answer;
    answer = await arm.follow(location);
  }
  return answer;
}

/** Looks at the Application Gateway: provisioned, running, and every backend server `Up`. */
export async function checkGateway(options: GatewayCheckOptions): Promise<StandbyCheck> {
  const { arm, name } = options;
  const resource = `Microsoft.Network/applicationGateways/${encodeURIComponent(name)}`;
  const missing = { good: false, detail: `application gateway ${name} does not exist yet` };
  const answer = await arm.ask({
    method: 'GET',
    resource,
    apiVersion: API_VERSION,
    permission: 'Microsoft.Network/applicationGateways/read',
  });
  if (answer === null) return missing;
  const { properties } = parseAnswer(answer.call, gatewaySchema, answer.body);
  if (properties.provisioningState !== 'Succeeded') {
    return {
      good: false,
      detail: `gateway's provisioning is ${properties.provisioningState}, expected Succeeded`,
    };
  }
  // A gateway that does not run has no backend health: Azure refuses the question.
  if (properties.operationalState !== 'Running') return judgeGateway(properties.operationalState, []);
  const accepted = await arm.ask({
    method: 'POST',
    resource,
    action: '/backendhealth',
    apiVersion: API_VERSION,
    permission: 'Microsoft.Network/applicationGateways/backendhealth/action',
  });
  if (accepted === null) return missing;
  const health = await awaitHealth(options, accepted);
  if (health === null) {
    return { good: false, detail: `no backend health within ${options.healthLimitMs / 1_000} s` };
  }
  return judgeGateway(
    properties.operationalState,
    serversOf(parseAnswer(health.call, healthSchema, health.body)),
    options.wanted,
  );
}
