import * as z from 'zod';
import type { StandbyCheck } from '../../../core/standby/standby.ts';
import type { ArmClient } from '../arm-client.ts';
import { parseAnswer } from '../errors.ts';

const API_VERSION = '2023-12-30';

const serverSchema = z.object({ properties: z.object({ state: z.string().default('of an unknown state') }) });

/** Looks at the MySQL Flexible Server. A 404 may last for half a minute after its creation has succeeded. */
export async function checkDatabase(arm: ArmClient, name: string): Promise<StandbyCheck> {
  const answer = await arm.ask({
    method: 'GET',
    resource: `Microsoft.DBforMySQL/flexibleServers/${encodeURIComponent(name)}`,
    apiVersion: API_VERSION,
    permission: 'Microsoft.DBforMySQL/flexibleServers/read',
  });
  if (answer === null) return { good: false, detail: `MySQL server ${name} does not exist yet` };
  const { state } = parseAnswer(answer.call, serverSchema, answer.body).properties;
  return state === 'Ready'
    ? { good: true, detail: 'Ready' }
    : { good: false, detail: `MySQL server is ${state}, expected Ready` };
}
