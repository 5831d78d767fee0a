import { z } from 'zod';
import { Operations, type Operation, type Scaling, type ScalingPlan } from './azure-arm-operations.ts';
import {
  backendHealthRecord,
  clusterRecord,
  gatewayRecord,
  mysqlRecord,
  poolEtag,
  poolRecord,
} from './azure-arm-view.ts';
import type { ArmView, NodePoolView, ResourceAddress } from './azure-arm-view.ts';
import { ARM_HOST, callerOf, failure, json, refuseAtTheDoor } from './azure-arm-door.ts';
import {
  answerPower,
  configurationsRecord,
  powerCallOf,
  refusePower,
  refuseStoppedServer,
  type PowerStates,
} from './azure-arm-power.ts';
import { ArmThrottle } from './azure-arm-throttle.ts';
import { UnexpectedCall, type Service, type WireRequest, type WireResponse } from '../wire/wire-shape.ts';

export { ARM_RESOURCE } from './azure-arm-door.ts';
export type { Scaling, ScalingPlan } from './azure-arm-operations.ts';
export type { ArmView } from './azure-arm-view.ts';

export interface AzureArmOptions {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly names: { readonly gateway: string; readonly cluster: string; readonly mysql: string };
  /** The world at the moment of the call. */
  readonly view: () => ArmView;
  /** Client ids that have a role on the resource group. */
  readonly roleHolders: ReadonlySet<string>;
  /** Client ids whose role has the actions that start and stop; nobody's where it is left out. */
  readonly mayStartAndStop?: ReadonlySet<string>;
  /** What runs and what does not; without it everything runs. */
  readonly power?: PowerStates;
  /** Until the backend health that was asked for is known. */
  readonly backendHealthSeconds: number;
  /** Asked once for each scaling that is accepted. */
  readonly planScaling?: (scaling: Scaling) => ScalingPlan;
  /** Told at the moment a scaling has succeeded, so that the world has its nodes. */
  readonly onScaled?: (scaling: Scaling) => void;
}

/** Azure asks pollers to wait about this long. */
const RETRY_AFTER_SECONDS = '2';

const poolBodySchema = z.looseObject({
  properties: z.looseObject({
    count: z.int().min(0).max(1_000),
    vmSize: z.string().optional(),
    enableAutoScaling: z.boolean().optional(),
    minCount: z.int().min(0).optional(),
    maxCount: z.int().min(1).max(1_000).optional(),
  }),
});

/**
 * Azure Resource Manager, as far as it shows and scales standbys. Names and paths are read in any case, as it does. Each
 * subscription answers only so many calls at once, whatever resource group they are about.
 */
export function azureArmService(standbys: readonly AzureArmOptions[]): Service {
  const groups = standbys.map((options) => ({ options, group: new Group(options) }));
  const throttle = new ArmThrottle();
  const answer = (request: WireRequest): WireResponse => {
    const { length: last } = groups;
    for (const [index, { options, group }] of groups.entries()) {
      const refused = refuseAtTheDoor(request, options.roleHolders);
      const answered = refused ?? group.answer(request);
      // Somebody else's resource group, or operation, is known further on.
      if (answered.status !== NOT_FOUND || index === last - 1) return answered;
    }
    return failure(NOT_FOUND, 'SubscriptionNotFound', 'There is no subscription.');
  };
  return {
    name: 'azure-arm',
    handles: (request) => request.host === ARM_HOST,
    answer: (request) => throttle.refuse(request) ?? answer(request),
  };
}

const NOT_FOUND = 404;

/** The resource group and the operations that go on in it. */
class Group {
  private readonly options: AzureArmOptions;
  private readonly operations = new Operations();

  constructor(options: AzureArmOptions) {
    this.options = options;
  }

  answer(request: WireRequest): WireResponse {
    const [, subscriptionId, rest = ''] = /^\/subscriptions\/([^/]+)(\/.*)$/i.exec(request.path) ?? [];
    if (subscriptionId?.toLowerCase() !== this.options.subscriptionId.toLowerCase()) {
      return failure(
        404,
        'SubscriptionNotFound',
        `The subscription '${subscriptionId ?? ''}' could not be found.`,
      );
    }
    const operation =
      /^\/providers\/Microsoft\.\w+\/locations\/[^/]+\/(operations|operationResults)\/([^/]+)$/i.exec(rest);
    if (operation !== null && request.method === 'GET')
      return this.followed(operation[1] ?? '', operation[2] ?? '');
    const [, groupName = '', provider = ''] =
      /^\/resourceGroups\/([^/]+)\/providers\/(.+)$/i.exec(rest) ?? [];
    if (provider === '')
      throw new UnexpectedCall('the simulated Azure Resource Manager does not know this path');
    const known = decodeURIComponent(groupName).toLowerCase() === this.options.resourceGroup.toLowerCase();
    if (!known || !this.options.view().groupExists) {
      return failure(404, 'ResourceGroupNotFound', `Resource group '${groupName}' could not be found.`);
    }
    return this.onResource(request, provider);
  }

  private onResource(request: WireRequest, provider: string): WireResponse {
    const { names } = this.options;
    const [, type = '', name = '', below = ''] =
      /^(Microsoft\.\w+\/\w+)\/([^/]+)(\/.+)?$/i.exec(provider) ?? [];
    const call = `${request.method} ${type.toLowerCase()}${below.toLowerCase().replace(/^\/agentpools\/.*/, '/agentpools')}`;
    const view = this.options.view();
    const find = <T>(wanted: string, found: T | null, answer: (found: T) => WireResponse): WireResponse =>
      found === null || decodeURIComponent(name).toLowerCase() !== wanted.toLowerCase()
        ? this.notFound(provider)
        : answer(found);
    const power = powerCallOf(call);
    if (power !== null) {
      const wanted = names[power.kind];
      return find(wanted, view[power.kind], () => this.onPower(request, { ...power, type }));
    }
    switch (call) {
      case 'PUT microsoft.network/applicationgateways':
        // Whatever is written to a stopped gateway starts it. Source: Microsoft Learn, Application Gateway FAQ.
        return find(names.gateway, view.gateway, (gateway) => {
          this.options.power?.start('gateway');
          return json(200, gatewayRecord(this.address(type, names.gateway), gateway));
        });
      case 'GET microsoft.dbformysql/flexibleservers/configurations':
        return find(
          names.mysql,
          view.mysql,
          () => refuseStoppedServer(this.options.power, request) ?? configurationsRecord(),
        );
      case 'GET microsoft.network/applicationgateways':
        return find(names.gateway, view.gateway, (gateway) =>
          json(200, gatewayRecord(this.address(type, names.gateway), gateway)),
        );
      case 'POST microsoft.network/applicationgateways/backendhealth':
        return find(names.gateway, view.gateway, (gateway) =>
          this.askBackendHealth(gateway.operationalState),
        );
      case 'GET microsoft.containerservice/managedclusters':
        return find(names.cluster, view.cluster, (cluster) => {
          const pools = cluster.pools.map((pool) => this.operations.shown(pool));
          return json(200, clusterRecord(this.address(type, names.cluster), { ...cluster, pools }));
        });
      case 'GET microsoft.containerservice/managedclusters/agentpools':
      case 'PUT microsoft.containerservice/managedclusters/agentpools':
        return find(names.cluster, view.cluster, (cluster) => {
          const pool = cluster.pools.find(
            (candidate) => `/agentpools/${candidate.name}` === below.toLowerCase(),
          );
          if (pool === undefined) return this.notFound(provider);
          if (request.method === 'GET') return json(200, this.poolRecord(this.operations.shown(pool)));
          return this.scale(request, pool, cluster.powerState);
        });
      case 'GET microsoft.dbformysql/flexibleservers':
        return find(names.mysql, view.mysql, (server) =>
          json(200, mysqlRecord(this.address(type, names.mysql), server)),
        );
      default:
        throw new UnexpectedCall(`the simulated Azure Resource Manager does not know ${call}`);
    }
  }

  private onPower(
    request: WireRequest,
    call: NonNullable<ReturnType<typeof powerCallOf>> & { readonly type: string },
  ): WireResponse {
    const { power, mayStartAndStop = new Set() } = this.options;
    if (power === undefined) throw new UnexpectedCall('nobody said how this standby starts and stops');
    const [provider = ''] = call.type.split('/');
    return (
      refusePower(call, { clientId: callerOf(request), allowed: mayStartAndStop }) ??
      answerPower(power, call, (id) => this.operationUrl(provider, 'operations', id))
    );
  }

  private address(type: string, name: string): ResourceAddress {
    const { subscriptionId, resourceGroup, location } = this.options;
    return {
      id: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${type}/${name}`,
      name,
      location,
    };
  }

  private notFound(resource: string): WireResponse {
    const message = `The Resource '${resource}' under resource group '${this.options.resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`;
    return failure(404, 'ResourceNotFound', message);
  }

  private poolRecord(pool: NodePoolView): unknown {
    const cluster = this.address('Microsoft.ContainerService/managedClusters', this.options.names.cluster);
    return poolRecord(
      { id: `${cluster.id}/agentPools/${pool.name}`, name: pool.name, location: cluster.location },
      pool,
    );
  }

  private operationUrl(provider: string, collection: 'operations' | 'operationResults', id: string): string {
    const { subscriptionId, location } = this.options;
    return `https://${ARM_HOST}/subscriptions/${subscriptionId}/providers/${provider}/locations/${location}/${collection}/${id}?api-version=2025-05-01`;
  }

  private askBackendHealth(operationalState: string): WireResponse {
    if (operationalState !== 'Running') {
      return failure(
        409,
        'OperationNotAllowed',
        `Backend health is not known of a gateway that is ${operationalState}.`,
      );
    }
    const seconds = this.options.backendHealthSeconds;
    return this.accepted(
      this.operations.begin({ kind: 'backendhealth', scaling: null, failure: null, seconds }),
    );
  }

  private accepted(operation: Operation): WireResponse {
    const location = this.operationUrl('Microsoft.Network', 'operationResults', operation.id);
    return { status: 202, headers: { location, 'retry-after': RETRY_AFTER_SECONDS }, body: '' };
  }

  private followed(collection: string, id: string): WireResponse {
    const isResult = collection.toLowerCase() === 'operationresults';
    const change = isResult ? null : this.options.power?.operation(id);
    if (change != null) return json(200, change);
    const operation = this.operations.find(isResult ? 'backendhealth' : 'scaling', id);
    if (operation === undefined)
      return failure(404, 'OperationNotFound', `The operation '${id}' was not found.`);
    const going = Date.now() < operation.endsAt;
    if (!isResult) return json(200, scalingStatus(operation, going));
    if (going) return this.accepted(operation);
    const { gateway } = this.options.view();
    if (gateway === null)
      return this.notFound(`Microsoft.Network/applicationGateways/${this.options.names.gateway}`);
    const address = this.address('Microsoft.Network/applicationGateways', this.options.names.gateway);
    return json(200, backendHealthRecord(address, gateway));
  }

  private scale(request: WireRequest, pool: NodePoolView, powerState: string): WireResponse {
    const shown = this.operations.shown(pool);
    const parsed = poolBodySchema.safeParse(JSON.parse(request.body));
    if (!parsed.success) return failure(400, 'InvalidRequestContent', z.prettifyError(parsed.error));
    const { properties } = parsed.data;
    const wanted = request.headers['if-match'];
    if (wanted !== undefined && wanted !== poolEtag(shown)) {
      return failure(412, 'PreconditionFailed', 'The agent pool was changed since it was read.');
    }
    if (powerState !== 'Running' || this.operations.current(pool.name) !== undefined) {
      return failure(
        409,
        'OperationNotAllowed',
        'Operation is not allowed: another operation is in progress, or the cluster is stopped.',
      );
    }
    if (properties.vmSize !== undefined && properties.vmSize !== pool.vmSize) {
      return failure(
        400,
        'PropertyChangeNotAllowed',
        "Changing property 'properties.vmSize' is not allowed.",
      );
    }
    const { count, enableAutoScaling = false, minCount = 0, maxCount = 0 } = properties;
    if (enableAutoScaling && (minCount > maxCount || count < minCount || count > maxCount)) {
      return failure(
        400,
        'InvalidParameter',
        `The count ${count} must lie between minCount ${minCount} and maxCount ${maxCount}.`,
      );
    }
    const autoscaling = enableAutoScaling ? { min: minCount, max: maxCount } : null;
    return this.beginScaling({ pool: pool.name, count, autoscaling }, pool);
  }

  private beginScaling(scaling: Scaling, pool: NodePoolView): WireResponse {
    const { planScaling, onScaled } = this.options;
    if (planScaling === undefined)
      throw new UnexpectedCall('nobody said how long a node pool takes to scale');
    const plan = planScaling(scaling);
    const operation = this.operations.begin({ kind: 'scaling', scaling, ...plan });
    setTimeout(() => {
      if (plan.failure === null) onScaled?.(scaling);
    }, plan.seconds * 1_000);
    const url = this.operationUrl('Microsoft.ContainerService', 'operations', operation.id);
    return json(200, this.poolRecord(this.operations.shown(pool)), {
      'azure-asyncoperation': url,
      'retry-after': RETRY_AFTER_SECONDS,
    });
  }
}

const scalingStatus = (operation: Operation, going: boolean): unknown => {
  const startTime = new Date(operation.startedAt).toISOString();
  if (going) return { name: operation.id, status: 'InProgress', startTime };
  const endTime = new Date(operation.endsAt).toISOString();
  if (operation.failure === null) return { name: operation.id, status: 'Succeeded', startTime, endTime };
  return { name: operation.id, status: 'Failed', startTime, endTime, error: operation.failure };
};
