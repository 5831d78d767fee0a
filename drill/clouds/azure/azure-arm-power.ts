import { uuidOf } from '../aws/aws-wire.ts';
import { failure, json } from './azure-arm-door.ts';
import type { WireRequest, WireResponse } from '../wire/wire-shape.ts';

/** What can be stopped and started, by the names of the view. */
export type PowerKind = 'gateway' | 'cluster' | 'mysql';
export type PowerWord = 'Running' | 'Stopped' | 'Starting' | 'Stopping';

export interface AzureFailure {
  readonly code: string;
  readonly message: string;
}

/** How a resource starts and stops. Seconds. */
export interface PowerPlan {
  readonly startSeconds: (kind: PowerKind) => number;
  readonly stopSeconds: (kind: PowerKind) => number;
  /** Why the start that is asked for now comes to nothing, and after how long; null where it succeeds. */
  readonly startFailure: (
    kind: PowerKind,
  ) => { readonly seconds: number; readonly failure: AzureFailure } | null;
  /** Told when a resource is in a new state. */
  readonly onChange: (kind: PowerKind, word: PowerWord) => void;
}

/** A stopped MySQL server starts by itself after so long. Source: Microsoft Learn, MySQL Flexible Server, "Stop/Start". */
const AUTO_START_MS = 30 * 86_400_000;

const TIMER_MS_MAX = 2 ** 31 - 1;

interface Change {
  readonly id: string;
  readonly to: 'Running' | 'Stopped';
  readonly startedAt: number;
  readonly endsAt: number;
  readonly failure: AzureFailure | null;
  /** Another change has taken its place, or Azure says that one has. */
  superseded: boolean;
}

interface Resource {
  word: 'Running' | 'Stopped';
  /** Its last start came to nothing. */
  isFailed: boolean;
  stoppedAt: number;
  change: Change | null;
}

export type PowerAnswer =
  | { readonly kind: 'accepted'; readonly id: string }
  | { readonly kind: 'already' }
  | { readonly kind: 'busy' };

/** What runs and what does not, of one resource group. */
export class PowerStates {
  private readonly resources: Readonly<Record<PowerKind, Resource>>;
  private readonly changes: Change[] = [];
  private readonly plan: PowerPlan;
  private made = 0;

  /** @param stoppedAt since when all are stopped, in milliseconds since the Unix epoch; null where they run */
  constructor(plan: PowerPlan, stoppedAt: number | null) {
    this.plan = plan;
    const resource = (): Resource => ({
      word: stoppedAt === null ? 'Running' : 'Stopped',
      isFailed: false,
      stoppedAt: stoppedAt ?? 0,
      change: null,
    });
    this.resources = { gateway: resource(), cluster: resource(), mysql: resource() };
    if (stoppedAt !== null) this.expectAutoStart();
  }

  word(kind: PowerKind): PowerWord {
    const { word, change } = this.resources[kind];
    if (change === null) return word;
    return change.to === 'Running' ? 'Starting' : 'Stopping';
  }

  isFailed(kind: PowerKind): boolean {
    return this.resources[kind].isFailed && this.resources[kind].change === null;
  }

  start(kind: PowerKind): PowerAnswer {
    return this.begin(kind, 'Running');
  }

  stop(kind: PowerKind): PowerAnswer {
    return this.begin(kind, 'Stopped');
  }

  /** Somebody makes it anew, or runs what was never stopped: it is there at once, because the waiting was somebody else's. */
  built(): void {
    for (const kind of ['gateway', 'cluster', 'mysql'] as const) {
      const resource = this.resources[kind];
      if (resource.change !== null) resource.change.superseded = true;
      this.rest(kind, { word: 'Running', isFailed: false });
    }
  }

  private begin(kind: PowerKind, to: 'Running' | 'Stopped'): PowerAnswer {
    const resource = this.resources[kind];
    const { change } = resource;
    if (change !== null) return change.to === to ? { kind: 'already' } : { kind: 'busy' };
    if (resource.word === to && !resource.isFailed) return { kind: 'already' };
    const { plan } = this;
    const bad = to === 'Running' ? plan.startFailure(kind) : null;
    const seconds = bad?.seconds ?? (to === 'Running' ? plan.startSeconds(kind) : plan.stopSeconds(kind));
    this.made += 1;
    const begun: Change = {
      id: uuidOf(`power ${kind} ${this.made}`),
      ...{ to, startedAt: Date.now(), endsAt: Date.now() + seconds * 1_000 },
      failure: bad?.failure ?? null,
      superseded: false,
    };
    this.changes.push(begun);
    resource.change = begun;
    plan.onChange(kind, this.word(kind));
    setTimeout(() => {
      if (resource.change !== begun) return;
      const isFailed = begun.failure !== null;
      this.rest(kind, { word: isFailed ? 'Stopped' : to, isFailed });
    }, seconds * 1_000);
    return { kind: 'accepted', id: begun.id };
  }

  private rest(kind: PowerKind, now: Pick<Resource, 'word' | 'isFailed'>): void {
    const resource = this.resources[kind];
    resource.change = null;
    resource.word = now.word;
    resource.isFailed = now.isFailed;
    if (now.word === 'Stopped') resource.stoppedAt = Date.now();
    if (kind === 'mysql' && now.word === 'Stopped') this.expectAutoStart();
    this.plan.onChange(kind, now.word);
  }

  private expectAutoStart(): void {
    const { stoppedAt } = this.resources.mysql;
    const wait = stoppedAt + AUTO_START_MS - Date.now();
    // A timer cannot be set so far ahead, and no drill lasts so long.
    if (wait > TIMER_MS_MAX) return;
    setTimeout(
      () => {
        if (this.word('mysql') === 'Stopped' && this.resources.mysql.stoppedAt === stoppedAt)
          this.start('mysql');
      },
      Math.max(0, wait),
    );
  }

  /** The status of an operation as `Azure-AsyncOperation` shows it; null where there is none of that id. */
  operation(id: string): unknown {
    const change = this.changes.find((known) => known.id === id);
    if (change === undefined) return null;
    const { failure: bad } = change;
    const startTime = new Date(change.startedAt).toISOString();
    const common = { name: id, startTime };
    // Seen in recordings of the Azure CLI: an operation that says Succeeded, and why one must not believe it.
    if (change.superseded) return { ...common, status: 'Succeeded', error: NOT_LATEST };
    if (Date.now() < change.endsAt) return { ...common, status: 'InProgress' };
    const endTime = new Date(change.endsAt).toISOString();
    return bad === null
      ? { ...common, endTime, status: 'Succeeded' }
      : { ...common, endTime, status: 'Failed', error: bad };
  }
}

const NOT_LATEST: AzureFailure = {
  code: 'NotLatestOperation',
  message:
    'Cannot proceed with the operation. Either the operation has been preempted by another one, or it has ended.',
};

const KIND_OF: Readonly<Record<string, PowerKind>> = {
  'microsoft.network/applicationgateways': 'gateway',
  'microsoft.containerservice/managedclusters': 'cluster',
  'microsoft.dbformysql/flexibleservers': 'mysql',
};

const VERB = /^POST (microsoft\.\w+\/\w+)\/(start|stop)$/;

/** The kind and the verb of a call that starts or stops something; null where it does neither. */
export function powerCallOf(
  call: string,
): { readonly kind: PowerKind; readonly verb: 'start' | 'stop' } | null {
  const [, type = '', verb = ''] = VERB.exec(call) ?? [];
  const kind = KIND_OF[type];
  return kind === undefined ? null : { kind, verb: verb === 'start' ? 'start' : 'stop' };
}

/** Who may start and stop: a role without the two actions is refused, by their name. */
export function refusePower(
  call: { readonly type: string; readonly verb: string },
  caller: { readonly clientId: string; readonly allowed: ReadonlySet<string> },
): WireResponse | null {
  if (caller.allowed.has(caller.clientId)) return null;
  return failure(
    403,
    'AuthorizationFailed',
    `The client '${caller.clientId}' does not have authorization to perform action '${call.type}/${call.verb}/action' over this scope.`,
  );
}

/** The codes by which the three services say that something else goes on. */
const BUSY: Readonly<Record<PowerKind, string>> = {
  gateway: 'AnotherOperationInProgress',
  cluster: 'OperationNotAllowed',
  mysql: 'ServerIsBusy',
};

/** How Azure answers a start or a stop. */
export function answerPower(
  states: PowerStates,
  { kind, verb }: { readonly kind: PowerKind; readonly verb: 'start' | 'stop' },
  operationUrl: (id: string) => string,
): WireResponse {
  const answer = verb === 'start' ? states.start(kind) : states.stop(kind);
  switch (answer.kind) {
    case 'accepted': {
      const headers = { 'azure-asyncoperation': operationUrl(answer.id), 'retry-after': '15' };
      return { status: 202, headers, body: '' };
    }
    case 'already':
      // Seen of a gateway that runs: 200 at once, with an empty body.
      return { status: kind === 'cluster' ? 204 : 200, headers: {}, body: '' };
    case 'busy':
      return failure(409, BUSY[kind], `Another operation on this ${kind} is in progress.`);
  }
}

/** What a stopped server refuses: everything of its management but to be looked at and started. Null where it may be answered. */
export function refuseStoppedServer(
  states: PowerStates | undefined,
  request: WireRequest,
): WireResponse | null {
  if (states === undefined || states.word('mysql') === 'Running') return null;
  return failure(
    409,
    'ServerUnavailableForOperation',
    `Server is not available for ${request.method} of its configuration: it is ${states.word('mysql')}.`,
  );
}

/** The configurations of a server that runs, as far as a plan asks for them. */
export const configurationsRecord = (): WireResponse => json(200, { value: [] });
