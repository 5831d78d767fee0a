import { compose } from '../../cli/compose.ts';
import { runCommandLine, type Surroundings } from '../../cli/run.ts';
import { makeApprovals } from '../../clouds/aws/approval/approvals.ts';
import type { Approval } from '../../core/approval/approval.ts';
import type { Discovery } from '../../core/config/discovery.ts';
import { parseConfig } from '../../core/config/parse.ts';
import { LEDGER_TABLE } from '../../core/names.ts';
import type { RunRecord } from '../../core/run/record.ts';
import type { Route } from '../../core/route/route.ts';
import { makeLedger } from '../../clouds/aws/ledger/ledger.ts';
import { makeDiscovery } from '../../clouds/aws/discovery/discovery.ts';
import { makeOperations } from '../../clouds/aws/ledger/operations.ts';
import { makeDataLedger } from '../../clouds/aws/data/data-ledger.ts';
import { makeWatchLedger } from '../../clouds/aws/watch/watch-ledger.ts';
import { dynamoDbService, makeDynamoDbState } from '../../drill/clouds/dynamodb/dynamodb.ts';
import { keyValueStoreService, makeKeyValueStore } from '../../drill/clouds/aws/keyvaluestore.ts';
import { stepFunctionsService } from '../../drill/clouds/aws/step-functions.ts';
import { callerIdentityService } from '../../drill/clouds/aws/sts-caller-identity.ts';
import { Network, type CallEntry, type Fault, type Service } from '../../drill/clouds/wire/wire.ts';
import { listedEngine, type ListedEvent, type ListedExecution } from './executions.ts';
import { dataWith, SHIPPED_TEXT } from '../core/config-fixture.ts';

const ACCOUNT = '111122223333';
const REGION = 'ap-northeast-1';
/** 2026-11-23T03:00:00Z, the hour at which these commands are typed. */
export const NOW = Date.UTC(2026, 10, 23, 3);
export const isoAt = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString();

/** A user of the controller's account, as STS names her. */
export const JANE = `arn:aws:sts::${ACCOUNT}:assumed-role/on-call/jane`;

export interface WorldOptions {
  /** Fields of the configuration, by dotted path. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly arn?: string;
  readonly account?: string;
  /** What the person types, one answer a question; none where there is no terminal. */
  readonly typed?: readonly string[];
  readonly fault?: (service: string) => Fault;
  readonly colours?: boolean;
  /** Further services of this world. */
  readonly services?: readonly Service[];
  /** What `init` looks things up in; the account of this world, without CloudFront and load balancers, if left out. */
  readonly discovery?: Discovery;
}

/** Only the date is virtual; it moves when a command sleeps. */
export function useNight(): void {
  beforeEach(() => {
    jest.useFakeTimers({
      now: NOW,
      doNotFake: [
        'setTimeout',
        'clearTimeout',
        'setInterval',
        'clearInterval',
        'setImmediate',
        'clearImmediate',
        'nextTick',
        'queueMicrotask',
        'performance',
        'hrtime',
      ],
    });
  });
  afterEach(() => {
    jest.useRealTimers();
  });
}

/** The clouds that the command line speaks to, simulated at the wire, with real SDK clients over them. */
export function makeWorld(options: WorldOptions = {}) {
  const config = parseConfig(dataWith(options.config));
  const arn = config.workloads['petclinic']?.edge.keyValueStoreArn ?? '';
  const store = makeKeyValueStore(arn);
  const ledgerState = makeDynamoDbState(REGION, [
    { name: LEDGER_TABLE, partitionKey: { name: 'pk', type: 'S' }, sortKey: { name: 'sk', type: 'S' } },
  ]);
  const principal = { roleArn: options.arn ?? JANE, sessionEndsAt: NOW + 3_600_000 };
  const account = options.account ?? ACCOUNT;
  const sleeps: (() => void | Promise<void>)[] = [];
  const { engine, executions, told } = listedEngine({ account: ACCOUNT, region: REGION });
  const watchers: ((entry: CallEntry) => void)[] = [];
  const network = new Network({
    onCall: (entry) => {
      for (const watch of watchers) watch(entry);
    },
    services: [
      ...(options.services ?? []),
      dynamoDbService(ledgerState),
      keyValueStoreService({ stores: [store] }),
      stepFunctionsService(engine),
      callerIdentityService({ account, principals: new Map([['AKIDEXAMPLE', principal]]) }),
    ],
    fault: (service) => options.fault?.(service.name) ?? null,
  });
  const files = new Map<string, string>();
  const access = {
    region: REGION,
    transport: network.awsRequestHandler(),
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  };
  const clock = {
    now: () => Date.now(),
    sleep: async (ms: number) => {
      jest.setSystemTime(Date.now() + ms);
      await sleeps.shift()?.();
    },
  };
  const log = { info: () => undefined, warn: () => undefined };
  const table = { ...access, tableName: LEDGER_TABLE };
  async function runIn(broken: string | null, argv: readonly string[]) {
    let stdout = '';
    let stderr = '';
    const questions: string[] = [];
    const answers = [...(options.typed ?? [])];
    const surroundings: Surroundings = {
      streams: {
        stdout: (text) => (stdout += text),
        stderr: (text) => (stderr += text),
        colours: options.colours ?? false,
      },
      clock,
      terminal: options.typed !== undefined,
      isFile: (file) => file === 'pilotlight.config.yaml' || files.has(file),
      writeFile: (file, text) => {
        if (file.startsWith('nowhere/')) throw new Error(`ENOENT: no such file or directory, open '${file}'`);
        files.set(file, text);
      },
      discover: () => Promise.resolve(options.discovery ?? makeDiscovery(access)),
      ask: (question) => {
        questions.push(question);
        return Promise.resolve(options.typed === undefined ? null : (answers.shift() ?? ''));
      },
      readFile: (file) => {
        const written = files.get(file);
        if (written !== undefined) return written;
        if (file === 'broken.yaml' && broken !== null) return broken;
        if (file === 'pilotlight.config.yaml') {
          return options.config === undefined ? SHIPPED_TEXT : JSON.stringify(dataWith(options.config));
        }
        throw new Error(`ENOENT: no such file or directory, open '${file}'`);
      },
      connect: (given) =>
        Promise.resolve(
          compose({ config: given, access: { ...access, region: given.controller.region }, clock, log }),
        ),
    };
    const exit = await runCommandLine(argv, surroundings);
    // A call that no simulated service knows is a mistake of the command, whatever it made of the answer.
    expect(network.unexpected).toEqual([]);
    return { exit, stdout, stderr, questions, json: () => JSON.parse(stdout) as Record<string, unknown> };
  }
  return {
    config,
    store,
    network,
    told,
    executions,
    onCall: (watch: (entry: CallEntry) => void) => void watchers.push(watch),
    /** What happens while a command sleeps: one entry for each sleep. */
    sleeps,
    /** What commands have written, by the names of the files. */
    files,
    ledger: makeLedger({ ...table, log }),
    operations: makeOperations(table),
    approvals: makeApprovals({ ...table, clock }),
    memories: makeWatchLedger(table),
    reports: makeDataLedger(table),
    items: () => [...(ledgerState.tables.get(LEDGER_TABLE)?.items.values() ?? [])],
    item: (sk: string) =>
      [...(ledgerState.tables.get(LEDGER_TABLE)?.items.values() ?? [])].find(
        (item) => JSON.stringify(item['sk']) === JSON.stringify({ S: sk }),
      ) ?? null,
    route: (): Route | null => {
      const value = store.items.get('route');
      return value === undefined ? null : (JSON.parse(value) as Route);
    },
    setRoute(route: Partial<Route>) {
      const whole = { v: 1, origin: 'primary', epoch: 4, fence: 0, by: 'run-0', at: isoAt(-3600), ...route };
      store.items.set('route', JSON.stringify(whole));
    },
    /** An execution that has begun so many seconds ago. */
    addExecution(name: string, more: Partial<ListedExecution> = {}) {
      const startedAt = NOW - 60_000;
      const events: ListedEvent[] = [{ at: startedAt, type: 'ExecutionStarted' }];
      const base = { name, input: '{}', startedAt, endedAt: null, error: null, cause: null, events };
      executions.set(name, { status: 'RUNNING', ...base, ...more });
    },
    /** Runs a command line over the simulated clouds. */
    run: (...argv: string[]) => runIn(null, argv),
    /** The same with a file `broken.yaml` beside the configuration. */
    runWithFile: (text: string, ...argv: string[]) => runIn(text, argv),
  };
}
export type World = ReturnType<typeof makeWorld>;

/** The record of a run that failed over. */
export const recordOf = (execution: string, more: Partial<RunRecord> = {}): RunRecord => ({
  run: {
    execution,
    workload: 'petclinic',
    startedAt: isoAt(-7200),
    trigger: 'alarm',
    reason: 'alarm petclinic-edge-5xx',
    requestedBy: 'CloudWatch',
    skipConfirmation: false,
    dryRun: false,
    planned: false,
    workflow: 'failover',
  },
  outcome: 'FailedOver',
  why: 'The outage was confirmed and everybody is served by the standby.',
  endedAt: isoAt(-6000),
  rto: { totalSeconds: 1260, phases: { detect: 60, prepare: 1200 } },
  convergence: null,
  data: null,
  settle: null,
  planned: null,
  timeline: [{ at: isoAt(-7200), event: 'the run began' }],
  evidence: [{ kind: 'probe', place: 'us-west-2', bad: true }],
  ...more,
});

/** An approval that waits for Jane, or for two people. */
export const approvalOf = (execution: string, more: Partial<Approval> = {}): Approval => ({
  execution,
  workload: 'petclinic',
  state: 'pending',
  needed: 1,
  approvers: { slackUserIds: [], principals: [`arn:aws:sts::${ACCOUNT}:assumed-role/on-call/*`] },
  answers: [],
  requestedAt: NOW - 60_000,
  expiresAt: NOW + 600_000,
  message: null,
  ...more,
});

/** The lease of petclinic, held by an execution. */
export const holdLease = (world: World, execution: string, seconds = 900) =>
  world.ledger.takeLease({
    workload: 'petclinic',
    execution,
    now: NOW,
    expiresAt: NOW + seconds * 1000,
    byPerson: true,
  });
