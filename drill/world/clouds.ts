import type { Config } from '../../core/config/schema.ts';
import { CLOSE_FUNCTION, LEDGER_TABLE as TABLE, lookQueueUrlOf } from '../../core/names.ts';
import { BEACON_KEY } from '../../core/route/beacon.ts';
import { ROUTE_KEY } from '../../core/route/route.ts';
import type { Runtime } from '../../lambdas/runtime.ts';
import { systemClock } from '../../clouds/clock.ts';
import { cloudWatchService } from '../clouds/aws/cloudwatch.ts';
import { dynamoDbService, makeDynamoDbState, type DynamoDbState } from '../clouds/dynamodb/dynamodb.ts';
import { keyValueStoreService, makeKeyValueStore, type KeyValueStore } from '../clouds/aws/keyvaluestore.ts';
import { elbRulesService, type ChangedRule } from '../clouds/aws/elb-rules.ts';
import { sqsService } from '../clouds/aws/sqs.ts';
import { snsService, type SnsState } from '../clouds/aws/sns.ts';
import { Network, type Fault, type Service, type WireRequest } from '../clouds/wire/wire.ts';
import type { Faults } from '../faults.ts';
import type { SeededRandom } from '../random.ts';
import { alarmViews } from './alarm-evaluator.ts';
import type { Cell } from './cell.ts';
import { ACCESS_KEY, azureServices, identityServices, lagProbes, storageServices } from './azure-clouds.ts';
import type { StorageAccounts } from './data/storage-accounts.ts';
import type { DevOpsTrouble } from './devops-trouble.ts';
import type { Noise } from './noise.ts';
import { ownAlarmViews, type OwnAlarm } from './own-alarms.ts';
import { writeBrake, writeSpread } from './ledger-view.ts';
import type { Invoked } from '../clouds/aws/lambda.ts';
import type { SlackState } from '../clouds/slack/slack.ts';
import { WORKER_FUNCTION } from './people.ts';
import { slackServices } from './slack-side.ts';
import type { Journal } from './journal.ts';
import { locationOf } from './site.ts';
import { Places } from './places.ts';
import { lambdaService } from '../clouds/aws/lambda.ts';
import { placesOf } from '../../core/watch/places.ts';
import { distributionService } from './distribution.ts';
import { webService } from './web.ts';
import { workflowService, type WorkflowHands } from './workflow-service.ts';

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
  readonly config: Config;
  /** The protected sites; what a scenario does to one, it does to the first. */
  readonly cells: readonly [Cell, ...Cell[]];
  /** The storage accounts of their data. */
  readonly stores: StorageAccounts;
  readonly journal: Journal;
  readonly random: SeededRandom;
  readonly faults: Faults;
  readonly ownAlarms: readonly OwnAlarm[];
  readonly noise: Noise | null;
  /** What is wrong with Azure DevOps. */
  readonly trouble: DevOpsTrouble;
  readonly regionAnswers: (region: string) => boolean;
  /** The brake that somebody has pulled before; null where it is off. */
  readonly brake: { readonly owner: string; readonly reason: string } | null;
  /** Null where the scenario has no Slack. */
  readonly slack: SlackState | null;
  readonly workflow: WorkflowHands;
  /** What the function behind the gateway does. */
  readonly work: (payload: unknown) => Promise<Invoked> | null;
  /** The function that closes runs is asked by another one to close this. */
  readonly close: (event: unknown) => Promise<Invoked>;
  /** How often somebody else deploys the distribution at the wrong moment. */
  readonly conflicts: number;
  /** The queue of the watch has taken a message. */
  readonly onLook: (body: string, delaySeconds: number) => void;
  /** A figure of the watch, about a workload, on its way to CloudWatch. */
  readonly onLevel: (metric: string, value: number, workload: string) => void;
  readonly onCall: () => void;
}

/** All the clouds that the controller speaks to, behind one simulated network. */
export function buildClouds(options: CloudsOptions): Clouds {
  const { config } = options;
  const { region, account } = config.controller;
  const topicArn = `arn:aws:sns:${region}:${account}:pilotlight`;
  const ledger = makeDynamoDbState(region, [
    { name: TABLE, partitionKey: { name: 'pk', type: 'S' }, sortKey: { name: 'sk', type: 'S' } },
  ]);
  const [{ id }] = options.cells;
  if (options.brake !== null) writeBrake(ledger, id, { ...options.brake, on: true });
  for (const cell of options.cells) if (cell.spread !== null) writeSpread(ledger, cell.id, cell.spread);
  const topics: SnsState = { region, topicArns: new Set([topicArn]), messages: [] };
  const stores = options.cells.flatMap((cell) => {
    const { keyValueStoreArn } = cell.workload.edge;
    if (keyValueStoreArn === undefined) return [];
    const items = cell.initialRoute === null ? {} : { [ROUTE_KEY]: cell.initialRoute };
    return [{ cell, store: makeKeyValueStore(keyValueStoreArn, items) }];
  });
  const unexpected: string[] = [];
  const places = new Places({
    regions: placesOf(config),
    webOf: (place) => options.cells.map((cell) => siteService(cell, place)),
    random: options.random.fork('places'),
    noise: options.noise,
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

function runtimeOf(options: CloudsOptions, network: Network, resources: Runtime['resources']): Runtime {
  const nothing = (): void => undefined;
  return {
    config: options.config,
    resources,
    clock: systemClock,
    log: { info: nothing, warn: nothing },
    metrics: {
      count: nothing,
      seconds: nothing,
      level: (metric, value, about) => {
        options.onLevel(metric, value, about['workload'] ?? '');
      },
    },
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
    readonly stores: readonly { readonly cell: Cell; readonly store: KeyValueStore }[];
    readonly places: Places;
  },
): Network {
  const random = options.random.fork('latency');
  return new Network({
    services: [
      dynamoDbService(state.ledger),
      snsService(state.topics),
      ...state.stores.map(({ cell, store }) => storeOf(cell, store)),
      cloudWatchService({
        account: options.config.controller.account,
        alarms: (region) =>
          options.cells
            .flatMap(({ detection }) => alarmViews(detection.evaluator, region))
            .concat(ownAlarmViews(options.ownAlarms, region)),
      }),
      ...identityServices(options.config.controller.account, options.cells),
      ...edgeServices(options),
      ...(options.slack === null ? [] : slackServices({ slack: options.slack, config: options.config })),
      ...azureServices(options.cells, options.stores, options.trouble),
      ...storageServices(options.stores, options.cells),
      ...lagProbes(options.cells),
      elbRulesService({
        rules: fencesOf(options.cells),
        targets: targetsOf(options.cells, options.config.controller.account),
      }),
      workflowService(options.config.controller, options.workflow),
      sqsService({
        region: options.config.controller.region,
        queueUrls: new Set([lookQueueUrlOf(options.config.controller)]),
        onMessage: ({ body, delaySeconds }) => {
          options.onLook(body, delaySeconds);
        },
      }),
      lambdaService({
        invoke: (region, name, payload) => {
          if (name === WORKER_FUNCTION) return options.work(payload);
          return name === CLOSE_FUNCTION
            ? options.close(payload)
            : state.places.invoke(region, name, payload);
        },
      }),
    ],
    latencyMs: (service) => {
      const [low, high] = LATENCY_SECONDS[service.name] ?? LATENCY_OTHER;
      return random.between(low, high) * 1000;
    },
    fault: (service, request) =>
      deadRegion(options, request) ?? options.trouble.faultOf(service) ?? options.faults.network(service),
    onCall: options.onCall,
  });
}

/** Servers behind the load balancer of each primary: healthy while the application answers its health path. */
const SERVERS = 3;

const targetsOf = (
  cells: CloudsOptions['cells'],
  account: string,
): ReadonlyMap<string, () => readonly string[]> =>
  new Map(
    cells.flatMap(({ workload: { primary }, site }) => {
      const { region, targetGroup } = primary;
      if (region === undefined || targetGroup === undefined) return [];
      const state = (): string => (site.primary.condition === 'up' ? 'healthy' : 'unhealthy');
      const arn = `arn:aws:elasticloadbalancing:${region}:${account}:${targetGroup}`;
      return [[arn, () => Array.from({ length: SERVERS }, state)] as const];
    }),
  );

/** The rules that are fences, each at the door of its primary. */
const fencesOf = (cells: CloudsOptions['cells']): ReadonlyMap<string, (rule: ChangedRule) => void> =>
  new Map(
    cells.flatMap(({ workload, site }) => {
      const { fence } = workload.primary;
      if (fence === undefined) return [];
      const change = (rule: ChangedRule): void => {
        site.door.change(rule);
      };
      return [[fence.listenerRuleArn, change] as const];
    }),
  );

/** The store of one site, as far as the calls are about it. */
function storeOf({ routes, site }: Cell, store: KeyValueStore): Service {
  const service = keyValueStoreService({
    stores: [store],
    onChange: (key, value) => {
      if (key === ROUTE_KEY && value !== null) routes.onValue(value);
      if (key === BEACON_KEY && value !== null) site.edge.publishBeacon(value);
    },
  });
  const isAbout = (request: WireRequest): boolean => decodeURIComponent(request.path).includes(store.arn);
  return { ...service, handles: (request) => service.handles(request) && isAbout(request) };
}

/** Control planes that answer under a name without a Region, and live in this one. Source: AWS Fault Isolation Boundaries. */
const GLOBAL_PLANES = { region: 'us-east-1', hosts: /^(?:cloudfront|iam|route53|sts)\.amazonaws\.com$/ };

/** Calls to a Region that is down hang until their time limit. */
function deadRegion(options: CloudsOptions, request: WireRequest): Fault {
  if (GLOBAL_PLANES.hosts.test(request.host) && !options.regionAnswers(GLOBAL_PLANES.region))
    return 'timeout';
  const region = /\.(?<region>[a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com$/.exec(request.host)?.groups?.[
    'region'
  ];
  return region !== undefined && !options.regionAnswers(region) ? 'timeout' : null;
}

/** The control plane of a distribution without functions; a site with functions never calls it. */
function edgeServices({ cells, config, journal, conflicts }: CloudsOptions): Service[] {
  const [{ workload, routes }] = cells;
  if (workload.edge.strategy === 'key-value') return [];
  return [
    distributionService({
      ...{ workload, journal, conflicts, account: config.controller.account },
      onTarget: (origin) => {
        routes.onTarget(origin);
      },
    }),
  ];
}

const siteService = ({ workload, site }: Cell, place: string): Service =>
  webService({
    siteHost: new URL(workload.url).hostname,
    primaryHost: workload.primary.domainName,
    edge: site.edge,
    door: site.door,
    location: locationOf(place),
  });
