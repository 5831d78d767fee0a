import type { Config, Workload } from '../../core/config/schema.ts';
import { runNameOf } from '../../core/standby/pipeline.ts';
import { ROUTE_KEY } from '../../core/route/route.ts';
import type { Runtime } from '../../lambdas/runtime.ts';
import { systemClock } from '../../clouds/clock.ts';
import { AZURE_DEVOPS_RESOURCE, azureDevOpsService } from '../clouds/azure/azure-devops.ts';
import { azureArmService } from '../clouds/azure/azure-arm.ts';
import { cloudWatchService } from '../clouds/aws/cloudwatch.ts';
import { dynamoDbService, makeDynamoDbState, type DynamoDbState } from '../clouds/dynamodb/dynamodb.ts';
import { keyText } from '../clouds/dynamodb/dynamodb-table.ts';
import type { Item } from '../clouds/dynamodb/dynamodb-value.ts';
import { entraService } from '../clouds/azure/entra.ts';
import { keyValueStoreService, makeKeyValueStore, type KeyValueStore } from '../clouds/aws/keyvaluestore.ts';
import { snsService, type SnsState } from '../clouds/aws/sns.ts';
import { stsService } from '../clouds/aws/sts.ts';
import { Network, type Fault, type Service, type WireRequest } from '../clouds/wire/wire.ts';
import type { Faults } from '../faults.ts';
import type { SeededRandom } from '../random.ts';
import type { AlarmEvaluator } from './alarm-evaluator.ts';
import type { Invoked } from '../clouds/aws/lambda.ts';
import type { SlackState } from '../clouds/slack/slack.ts';
import { WORKER_FUNCTION } from './people.ts';
import { slackServices } from './slack-side.ts';
import type { Journal } from './journal.ts';
import { locationOf, type Site } from './site.ts';
import { Places } from './places.ts';
import { lambdaService } from '../clouds/aws/lambda.ts';
import { placesOf } from '../../core/watch/places.ts';
import { distributionService } from './distribution.ts';
import { armView } from './azure-view.ts';
import { webService } from './web.ts';
import { workflowService, type WorkflowHands } from './workflow-service.ts';

export const TABLE = 'pilotlight-ledger';
const ROLE = 'pilotlight-azure';
const ACCESS_KEY = 'AKIADRILL';
const ISSUER = 'https://5ca1ab1e-0000-4000-8000-000000000000.tokens.sts.global.api.aws';
const AUDIENCE = 'api://AzureADTokenExchange';
const ARM_RESOURCE = 'https://management.azure.com';

/** Round trips, seconds: inside a Region, between Regions, to Azure. Assumed, of the usual order. */
const LATENCY_SECONDS: Readonly<Record<string, readonly [number, number]>> = {
  dynamodb: [0.004, 0.012],
  'azure-devops': [0.15, 0.5],
  'azure-arm': [0.15, 0.6],
  lambda: [0.05, 0.2],
};
const LATENCY_OTHER = [0.02, 0.2] as const;
/** Time limit of one attempt that the AWS clients of the controller set. Milliseconds; see clouds/aws/client.ts. */
const AWS_REQUEST_TIMEOUT_MS = 5_000;
/** From a request to cancel until the agent has stopped; assumed. */
const CANCEL_SECONDS = 20;

/** What the world keeps of the simulated clouds. */
export interface Clouds {
  readonly network: Network;
  readonly places: Places;
  readonly ledger: DynamoDbState;
  readonly topics: SnsState;
  /** Calls that no simulated service knew, from the controller and from the probe Regions. */
  readonly unexpectedCalls: () => readonly string[];
  readonly runtime: Runtime;
}

interface CloudsOptions {
  readonly id: string;
  readonly config: Config;
  readonly workload: Workload;
  readonly site: Site;
  readonly journal: Journal;
  readonly random: SeededRandom;
  readonly faults: Faults;
  readonly alarms: () => AlarmEvaluator;
  readonly regionAnswers: (region: string) => boolean;
  /** The route that an earlier run has left in the store; null where there was none. */
  readonly initialRoute: string | null;
  readonly onRoute: (value: string) => void;
  /** The distribution's default behaviour has another target. */
  readonly onTarget: (origin: string) => void;
  /** The brake that somebody has pulled before; null where it is off. */
  readonly brake: { readonly owner: string; readonly reason: string } | null;
  /** Null where the scenario has no Slack. */
  readonly slack: SlackState | null;
  readonly workflow: WorkflowHands;
  /** What the function behind the gateway does. */
  readonly work: (payload: unknown) => Promise<Invoked> | null;
  /** How often somebody else deploys the distribution at the wrong moment. */
  readonly conflicts: number;
  readonly onCall: () => void;
}

/** All the clouds that the controller speaks to, behind one simulated network. */
export function buildClouds(options: CloudsOptions): Clouds {
  const { config, workload } = options;
  const { region, account } = config.controller;
  const topicArn = `arn:aws:sns:${region}:${account}:pilotlight`;
  const ledger = makeDynamoDbState(region, [
    { name: TABLE, partitionKey: { name: 'pk', type: 'S' }, sortKey: { name: 'sk', type: 'S' } },
  ]);
  if (options.brake !== null) pullBrake(ledger, options.id, options.brake);
  const topics: SnsState = { region, topicArns: new Set([topicArn]), messages: [] };
  const stores =
    workload.edge.keyValueStoreArn === undefined
      ? []
      : [
          makeKeyValueStore(
            workload.edge.keyValueStoreArn,
            options.initialRoute === null ? {} : { [ROUTE_KEY]: options.initialRoute },
          ),
        ];
  const unexpected: string[] = [];
  const places = new Places({
    regions: placesOf(config),
    webOf: (place) => siteService(options, place),
    random: options.random.fork('places'),
    onUnexpected: (call) => unexpected.push(call),
  });
  const network = makeNetwork(options, { ledger, topics, stores, places });
  return {
    places,
    unexpectedCalls: () => [...network.unexpected, ...unexpected],
    network,
    ledger,
    topics,
    runtime: runtimeOf(options, network, { ledgerTable: TABLE, topicArn }),
  };
}

/** Writes the brake into the table as the command line does. */
function pullBrake(
  ledger: DynamoDbState,
  workload: string,
  brake: { readonly owner: string; readonly reason: string },
): void {
  const table = ledger.tables.get(TABLE);
  const item: Item = {
    pk: { S: `workload#${workload}` },
    sk: { S: 'brake' },
    on: { BOOL: true },
    owner: { S: brake.owner },
    reason: { S: brake.reason },
  };
  if (table !== undefined) table.items.set(keyText(table, item), item);
}

function runtimeOf(options: CloudsOptions, network: Network, resources: Runtime['resources']): Runtime {
  const nothing = (): void => undefined;
  return {
    config: options.config,
    resources,
    clock: systemClock,
    log: { info: nothing, warn: nothing },
    metrics: { count: nothing, seconds: nothing },
    aws: {
      region: options.config.controller.region,
      transport: network.awsRequestHandler({ requestTimeoutMs: AWS_REQUEST_TIMEOUT_MS }),
      credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: 'drill', sessionToken: 'drill' },
    },
    azureHttpClient: network.azureHttpClient(),
    fetch: network.fetch(),
  };
}

function makeNetwork(
  options: CloudsOptions,
  state: {
    readonly ledger: DynamoDbState;
    readonly topics: SnsState;
    readonly stores: readonly KeyValueStore[];
    readonly places: Places;
  },
): Network {
  const random = options.random.fork('latency');
  return new Network({
    services: [
      dynamoDbService(state.ledger),
      snsService(state.topics),
      keyValueStoreService({
        stores: state.stores,
        onChange: (key, value) => {
          if (key === ROUTE_KEY && value !== null) options.onRoute(value);
        },
      }),
      cloudWatchService({
        account: options.config.controller.account,
        alarms: (region) =>
          options
            .alarms()
            .alarms.filter((alarm) => alarm.definition.region === region)
            .map((alarm) => ({
              name: alarm.definition.name,
              state: alarm.state,
              reason: alarm.reason,
              reasonData: alarm.reasonData,
              stateUpdated: alarm.updatedAt,
            })),
      }),
      ...identityServices(options),
      ...edgeServices(options),
      ...(options.slack === null ? [] : slackServices({ slack: options.slack, config: options.config })),
      ...azureServices(options),
      workflowService(options.config.controller, options.workflow),
      lambdaService({
        invoke: (region, name, payload) =>
          name === WORKER_FUNCTION ? options.work(payload) : state.places.invoke(region, name, payload),
      }),
    ],
    latencyMs: (service) => {
      const [low, high] = LATENCY_SECONDS[service.name] ?? LATENCY_OTHER;
      return random.between(low, high) * 1000;
    },
    fault: (service, request) => deadRegion(options, request) ?? options.faults.network(service),
    onCall: options.onCall,
  });
}

/** Calls to a Region that is down hang until their time limit. */
function deadRegion(options: CloudsOptions, request: WireRequest): Fault {
  const region = /\.(?<region>[a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com$/.exec(request.host)?.groups?.[
    'region'
  ];
  return region !== undefined && !options.regionAnswers(region) ? 'timeout' : null;
}

function identityServices(options: CloudsOptions): Service[] {
  const { account } = options.config.controller;
  const { tenantId, clientId } = options.workload.standby.azure;
  const roleArn = `arn:aws:iam::${account}:role/${ROLE}`;
  const sts = stsService({
    account,
    issuer: ISSUER,
    principals: new Map([[ACCESS_KEY, { roleArn, sessionEndsAt: Date.now() + 12 * 3_600_000 }]]),
  });
  const credential = { issuer: ISSUER, subject: roleArn, audience: AUDIENCE };
  const entra = entraService({
    tenants: new Map([[tenantId, new Map([[clientId, [credential]]])]]),
    resources: new Set([ARM_RESOURCE, AZURE_DEVOPS_RESOURCE]),
    issued: [],
  });
  return [sts, entra];
}

function azureServices(options: CloudsOptions): Service[] {
  const { pipeline, azure } = options.workload.standby;
  const side = options.site.azure;
  const definition = {
    parameters: {
      action: { values: ['apply', 'plan', 'destroy'] },
      workload: {},
      correlationId: {},
      tier: { default: 'cold', values: ['cold', 'warm'] },
      replaceData: { default: 'false', values: ['true', 'false'] },
    },
    runName: (parameters: Readonly<Record<string, string>>) =>
      runNameOf(options.id, 'apply', parameters['correlationId'] ?? ''),
  };
  const devOps = azureDevOpsService(
    {
      organization: pipeline.organization,
      project: pipeline.project,
      pipelines: new Map([[pipeline.pipelineId, definition]]),
      branches: new Set([pipeline.branch]),
      members: new Set([azure.clientId]),
      plan: () => ({
        agentWaitSeconds: side.agentSeconds,
        cancelSeconds: CANCEL_SECONDS,
        stages: side.stages(),
        checkpoint: side.checkpoint,
      }),
      onStageEnd: ({ stage, result }) => {
        side.stageEnded(stage, result);
      },
    },
    { runs: [] },
  );
  return [devOps, azureArmService(armView(options.workload, side))];
}

/** The control plane of a distribution without functions; a site with functions never calls it. */
function edgeServices(options: CloudsOptions): Service[] {
  if (options.workload.edge.strategy === 'key-value') return [];
  return [
    distributionService({
      workload: options.workload,
      account: options.config.controller.account,
      journal: options.journal,
      conflicts: options.conflicts,
      onTarget: options.onTarget,
    }),
  ];
}

function siteService(options: CloudsOptions, place: string): Service {
  return webService({
    siteHost: new URL(options.workload.url).hostname,
    primaryHost: options.workload.primary.domainName,
    edge: options.site.edge,
    primary: options.site.primary,
    location: locationOf(place),
  });
}
