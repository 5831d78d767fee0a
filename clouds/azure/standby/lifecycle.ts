import * as z from 'zod';
import { CloudRefused, CloudUnavailable } from '../../../core/errors.ts';
import {
  powerResources,
  type Asked,
  type OperationState,
  type PowerLook,
  type PowerResource,
  type PowerState,
  type PowerView,
  type StandbyPower,
} from '../../../core/standby/power.ts';
import { makeArmClient, type ArmAnswer, type ArmClient, type ArmPlace } from '../arm-client.ts';
import type { AzureAccess } from '../azure-client.ts';
import { oneLine, parseAnswer } from '../errors.ts';

/** The names are those of `standby.azure` in the configuration. */
export interface LifecycleOptions extends AzureAccess, ArmPlace {
  readonly applicationGateway: string;
  readonly aksCluster: string;
  readonly mysqlServer: string;
}

const gatewaySchema = z.object({
  properties: z.object({ operationalState: z.string().default('of an unknown state') }),
});
const clusterSchema = z.object({
  properties: z.object({
    provisioningState: z.string(),
    powerState: z.object({ code: z.string() }).nullish(),
  }),
});
const serverSchema = z.object({ properties: z.object({ state: z.string().default('of an unknown state') }) });

/** Words that mean the same for all three services. */
const WORDS: Readonly<Record<string, PowerState>> = {
  Running: 'running',
  Ready: 'running',
  Succeeded: 'running',
  Starting: 'starting',
  Stopped: 'stopped',
  Stopping: 'stopping',
};
/** A word that is none of these is of a change that goes on: it is waited for. */
const stateOf = (word: string): PowerState => WORDS[word] ?? 'starting';

interface Kind {
  readonly type: string;
  readonly apiVersion: string;
  /** @throws CloudAnswerUnreadable */
  readonly read: (answer: ArmAnswer) => PowerView;
}

/** Versions: ARM, applicationGateways 2025-05-01, managedClusters 2026-03-01, flexibleServers 2023-12-30. */
const KINDS: Readonly<Record<PowerResource, Kind>> = {
  gateway: {
    type: 'Microsoft.Network/applicationGateways',
    apiVersion: '2025-05-01',
    read: ({ call, body }) => {
      const { operationalState } = parseAnswer(call, gatewaySchema, body).properties;
      return { state: stateOf(operationalState), detail: operationalState };
    },
  },
  cluster: {
    type: 'Microsoft.ContainerService/managedClusters',
    apiVersion: '2026-03-01',
    read: ({ call, body }) => {
      const { provisioningState, powerState } = parseAnswer(call, clusterSchema, body).properties;
      const code = powerState?.code ?? 'of an unknown power state';
      const detail = `${code} (${provisioningState})`;
      if (provisioningState === 'Failed' || provisioningState === 'Canceled')
        return { state: code === 'Stopped' ? 'stopped' : 'failed', detail };
      // It says Running from the first second of a start and to the last of a stop.
      return {
        state: provisioningState === 'Succeeded' ? stateOf(code) : stateOf(provisioningState),
        detail,
      };
    },
  },
  database: {
    type: 'Microsoft.DBforMySQL/flexibleServers',
    apiVersion: '2023-12-30',
    read: ({ call, body }) => {
      const { state } = parseAnswer(call, serverSchema, body).properties;
      return { state: state === 'Disabled' ? 'failed' : stateOf(state), detail: state };
    },
  },
};

/** Codes and words by which Azure says that it has no machines, or that we may have no more of them: waiting does not help. */
const NO_CAPACITY =
  /AllocationFailed|Overconstrained\w*|SkuNotAvailable|NotAvailableForSubscription|InsufficientCapacity|OutOfCapacity|quota/i;

const refused = (error: CloudRefused | CloudUnavailable): Asked => ({
  accepted: false,
  final: error instanceof CloudRefused || NO_CAPACITY.test(error.facts.got),
  detail: oneLine(error.facts.got),
});

/** The address of an operation, where it has one that may be shown our token. */
function operationOf({ response }: ArmAnswer): string | null {
  return response.headers.get('azure-asyncoperation') ?? null;
}

const operationSchema = z.object({
  status: z.string(),
  error: z.object({ code: z.string().default('no code'), message: z.string().default('') }).nullish(),
});

/** Reads how an operation went. `NotLatestOperation` means that a newer one has taken its place, whatever its status says. */
function judgeOperation(answer: ArmAnswer): OperationState {
  const { status, error } = parseAnswer(answer.call, operationSchema, answer.body);
  if (status === 'InProgress' || status === 'Running') return { kind: 'going' };
  if (error?.code === 'NotLatestOperation') return { kind: 'unknown' };
  if (status !== 'Failed' && status !== 'Canceled') return { kind: 'done' };
  const words = error == null ? status : oneLine(`${error.code}: ${error.message}`);
  return { kind: 'failed', detail: words, final: NO_CAPACITY.test(words) };
}

/** Whatever the clouds answered instead of an answer; mistakes of our own stay errors. */
const isCloudError = (error: unknown): error is CloudRefused | CloudUnavailable =>
  error instanceof CloudRefused || error instanceof CloudUnavailable;

/**
 * Starts and stops gateway, cluster and database of one resource group by Azure Resource Manager, and tells their true states. A start of
 * what starts already is answered with a conflict or at once, and both are fine: the state decides.
 */
export function makeLifecycle(options: LifecycleOptions): StandbyPower {
  const arm = makeArmClient(options, options);
  const nameOf: Readonly<Record<PowerResource, string>> = {
    gateway: options.applicationGateway,
    cluster: options.aksCluster,
    database: options.mysqlServer,
  };
  const ask = (resource: PowerResource, verb: 'start' | 'stop'): Promise<Asked> =>
    askFor(arm, { resource, name: nameOf[resource], verb });
  return {
    look: async () => {
      // Each is waited for, also where another has failed: nothing may go on behind an answered step.
      const views = await Promise.allSettled(
        powerResources.map(
          async (resource) => [resource, await lookAt(arm, resource, nameOf[resource])] as const,
        ),
      );
      const refusal = views.find((view) => view.status === 'rejected');
      if (refusal !== undefined) throw refusal.reason;
      const seen = views.flatMap((view) => (view.status === 'fulfilled' ? [view.value] : []));
      return Object.fromEntries(seen) as PowerLook;
    },
    start: (resource) => ask(resource, 'start'),
    stop: (resource) => ask(resource, 'stop'),
    operation: async (resource, operation) => {
      try {
        const { type } = KINDS[resource];
        return judgeOperation(await arm.read(operation, `${type} operation`, `${type}/read`));
      } catch (error) {
        // It only tells why; the resource itself tells what is.
        if (isCloudError(error)) return { kind: 'unknown' };
        throw error;
      }
    },
  };
}

async function lookAt(arm: ArmClient, resource: PowerResource, name: string): Promise<PowerView> {
  const { type, apiVersion, read } = KINDS[resource];
  try {
    const answer = await arm.ask({
      method: 'GET',
      resource: `${type}/${encodeURIComponent(name)}`,
      apiVersion,
      permission: `${type}/read`,
    });
    return answer === null ? { state: 'missing', detail: 'does not exist' } : read(answer);
  } catch (error) {
    if (error instanceof CloudUnavailable) return { state: 'unknown', detail: error.message };
    throw error;
  }
}

async function askFor(
  arm: ArmClient,
  order: { readonly resource: PowerResource; readonly name: string; readonly verb: 'start' | 'stop' },
): Promise<Asked> {
  const { type, apiVersion } = KINDS[order.resource];
  try {
    const answer = await arm.ask({
      method: 'POST',
      resource: `${type}/${encodeURIComponent(order.name)}`,
      action: `/${order.verb}`,
      apiVersion,
      permission: `${type}/${order.verb}/action`,
    });
    return answer === null
      ? { accepted: false, final: true, detail: `${order.name} does not exist` }
      : { accepted: true, operation: operationOf(answer) };
  } catch (error) {
    if (isCloudError(error)) return refused(error);
    throw error;
  }
}
