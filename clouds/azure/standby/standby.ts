import { CloudUnavailable } from '../../../core/errors.ts';
import type { Standby } from '../../../core/ports.ts';
import type { StandbyCheck } from '../../../core/standby/standby.ts';
import { makeArmClient } from '../arm-client.ts';
import type { AzureAccess } from '../azure-client.ts';
import { makeCluster } from './cluster.ts';
import type { ClusterPlace } from './cluster.ts';
import { checkDatabase } from './database-check.ts';
import { checkGateway } from './gateway-check.ts';

/** The names are those of `standby.azure` in the configuration. */
export interface StandbyOptions extends AzureAccess, ClusterPlace {
  readonly applicationGateway: string;
  readonly mysqlServer: string;
  /** Longest wait for the gateway's backend health, in milliseconds; the step that looks again has its own limit. */
  readonly healthLimitMs?: number;
}

/** Azure probes every server anew at each question, which takes seconds, and longer for a server that is down. */
const HEALTH_LIMIT_MS = 30_000;

/** One machinery that cannot be asked now is one that is not seen good; a refusal is for a person, and stays an error. */
async function notGoodWhileUnavailable(check: Promise<StandbyCheck>): Promise<StandbyCheck> {
  try {
    return await check;
  } catch (error) {
    if (error instanceof CloudUnavailable) return { good: false, detail: error.message };
    throw error;
  }
}

const valueOf = (outcome: PromiseSettledResult<StandbyCheck>): StandbyCheck => {
  if (outcome.status === 'fulfilled') return outcome.value;
  throw outcome.reason;
};

/** The standby's machinery in one resource group: Application Gateway, AKS and MySQL. */
export function makeStandby(options: StandbyOptions): Standby {
  const { clock } = options;
  const arm = makeArmClient(options, options);
  const cluster = makeCluster(options, options);
  const healthLimitMs = options.healthLimitMs ?? HEALTH_LIMIT_MS;
  return {
    check: async (wanted = 'whole') => {
      // Each is waited for, also where another has failed: nothing may go on behind an answered step.
      const [gateway, aks, database] = await Promise.allSettled([
        notGoodWhileUnavailable(
          checkGateway({ arm, clock, name: options.applicationGateway, healthLimitMs, wanted }),
        ),
        notGoodWhileUnavailable(cluster.check(wanted)),
        notGoodWhileUnavailable(checkDatabase(arm, options.mysqlServer)),
      ]);
      return { gateway: valueOf(gateway), cluster: valueOf(aks), database: valueOf(database) };
    },
    scale: (nodeCount) => cluster.scale(nodeCount),
  };
}
