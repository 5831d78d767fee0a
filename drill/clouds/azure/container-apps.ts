import { z } from 'zod';
import { uuidOf } from '../aws/aws-wire.ts';
import { UnexpectedCall, type Service, type WireRequest, type WireResponse } from '../wire/wire-shape.ts';
import { ARM_HOST, failure, json, refuseAtTheDoor } from './azure-arm-door.ts';
import { ArmThrottle } from './azure-arm-throttle.ts';
import { orderedStages, viewRun, type Run, type RunPlan } from './azure-devops-run.ts';
import { bearerOf } from './entra.ts';
import { RunTimers, type StageHooks } from './run-timers.ts';

/*
 * Azure Container Apps, as far as a job is started, looked at and stopped. An execution is a run with a plan, like one of
 * Azure DevOps: the work is the same, and both tell the world of it in the same way. Shapes: Azure Container Apps REST API.
 */

/** A job with a manual trigger. */
export interface ContainerJob extends StageHooks {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  readonly image: string;
  /** Environment of its container, by which every execution begins. */
  readonly environment: Readonly<Record<string, string>>;
  /** What each client id may do: the actions of its roles on the job. */
  readonly roles: ReadonlyMap<string, ReadonlySet<string>>;
  readonly plan: (environment: Readonly<Record<string, string>>) => RunPlan;
  /** Where the program in the container listens for being asked to end: it is given what ends the executions of a request. */
  readonly onStopRequests?: (end: (correlationId: string) => void) => void;
}

/** An execution, with what it was started with. */
interface Execution {
  readonly run: Run;
  readonly template: unknown;
}

const RESOURCE_RE =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.App\/jobs\/([^/]+)(\/.*)?$/i;

const envSchema = z.strictObject({ name: z.string(), value: z.string() });
const containerSchema = z.strictObject({
  name: z.string(),
  image: z.string().min(1),
  env: z.array(envSchema).default([]),
  resources: z.strictObject({ cpu: z.number(), memory: z.string() }).optional(),
});
const startSchema = z.strictObject({ containers: z.array(containerSchema).min(1) });

/** Names of executions are the job's with seven letters and digits behind. */
const executionName = (job: string, number: number): string =>
  `${job}-${uuidOf(`${job}/${number}`).replaceAll('-', '').slice(0, 7)}`;

const same = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();

/** The jobs of the world. They answer under the name of Azure Resource Manager, which is in front of them. */
export function containerAppsService(jobs: readonly ContainerJob[]): Service {
  const throttle = new ArmThrottle();
  const known = jobs.map((job) => new Job(job));
  return {
    name: 'azure-arm',
    handles: (request) => request.host === ARM_HOST && /\/providers\/Microsoft\.App\//i.test(request.path),
    answer: (request) => {
      const [, subscription = '', group = '', name = '', action = ''] = RESOURCE_RE.exec(request.path) ?? [];
      if (name === '') throw new UnexpectedCall('the simulated Container Apps know jobs only');
      const job = known.find(({ options }) => same(options.name, decodeURIComponent(name)));
      const is = job?.options;
      if (
        is === undefined ||
        !same(is.subscriptionId, subscription) ||
        !same(is.resourceGroup, decodeURIComponent(group))
      ) {
        // Rights first, as everywhere: who has none on what is not there hears 403, who has some hears 404.
        const holders = new Set(jobs.flatMap(({ roles }) => [...roles.keys()]));
        const message = `The Resource 'Microsoft.App/jobs/${name}' under resource group '${group}' was not found.`;
        return refuseAtTheDoor(request, holders) ?? failure(404, 'ResourceNotFound', message);
      }
      return throttle.refuse(request) ?? job?.answer(request, action) ?? failure(404, 'ResourceNotFound', '');
    },
  };
}

/** One job and its executions. */
class Job {
  readonly options: ContainerJob;
  private readonly executions: Execution[] = [];
  private readonly timers: RunTimers;

  constructor(options: ContainerJob) {
    this.options = options;
    this.timers = new RunTimers(options);
    options.onStopRequests?.((correlationId) => {
      for (const { run } of this.executions)
        if (run.parameters['CORRELATION_ID'] === correlationId) this.end(run);
    });
  }

  answer(request: WireRequest, action: string): WireResponse {
    const [, execution = '', stop = ''] = /^\/executions\/([^/]+)(\/stop)?$/i.exec(action) ?? [];
    const call = `${request.method} ${execution === '' ? action.toLowerCase() : `/executions/one${stop}`}`;
    switch (call) {
      case 'GET ':
        return this.allowed(request, 'Microsoft.App/jobs/read') ?? json(200, this.record());
      case 'POST /start':
        return this.allowed(request, 'Microsoft.App/jobs/start/action') ?? this.start(request);
      case 'GET /executions':
        return this.allowed(request, 'Microsoft.App/jobs/executions/read') ?? this.list();
      case 'GET /executions/one':
        return this.allowed(request, 'Microsoft.App/jobs/execution/read') ?? this.show(execution);
      case 'POST /executions/one/stop':
        return this.allowed(request, 'Microsoft.App/jobs/stop/execution/action') ?? this.stop(execution);
      default:
        throw new UnexpectedCall(`the simulated Container Apps do not know ${call}`);
    }
  }

  /** Null where the caller may; else the refusal. */
  private allowed(request: WireRequest, action: string): WireResponse | null {
    const refused = refuseAtTheDoor(request, new Set(this.options.roles.keys()));
    if (refused !== null) return refused;
    const bearer = bearerOf(request, 'https://management.azure.com');
    const clientId = 'clientId' in bearer ? bearer.clientId : '';
    if (this.options.roles.get(clientId)?.has(action) === true) return null;
    return failure(
      403,
      'AuthorizationFailed',
      `The client '${clientId}' does not have authorization to perform action '${action}' over scope '${this.id}'.`,
    );
  }

  private get id(): string {
    const { subscriptionId, resourceGroup, name } = this.options;
    return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.App/jobs/${name}`;
  }

  private record(): unknown {
    const { name, image, environment } = this.options;
    const env = Object.entries(environment).map(([key, value]) => ({ name: key, value }));
    const resources = { cpu: 1, memory: '2Gi', ephemeralStorage: '4Gi' };
    return {
      id: this.id,
      name,
      type: 'Microsoft.App/jobs',
      properties: {
        provisioningState: 'Succeeded',
        configuration: { triggerType: 'Manual', replicaTimeout: 5_400, replicaRetryLimit: 0 },
        template: { containers: [{ name: 'runner', image, env, resources }], initContainers: null },
      },
    };
  }

  private start(request: WireRequest): WireResponse {
    const parsed = startSchema.safeParse(JSON.parse(request.body === '' ? '{}' : request.body));
    if (!parsed.success) return failure(400, 'InvalidRequestContent', z.prettifyError(parsed.error));
    const [{ env }] = parsed.data.containers as [z.infer<typeof containerSchema>];
    const environment = Object.fromEntries(env.map(({ name, value }) => [name, value]));
    const plan = this.options.plan(environment);
    orderedStages(plan);
    const number = this.executions.length + 1;
    const name = executionName(this.options.name, number);
    const run: Run = {
      ...{ id: number, pipelineId: 0, branch: '', plan, name, provisionalName: name },
      parameters: environment,
      queuedAt: Date.now(),
      tags: new Set(),
      cancelRequestedAt: null,
    };
    this.executions.push({ run, template: { containers: parsed.data.containers } });
    this.timers.follow(run);
    return json(200, { id: `${this.id}/executions/${name}`, name });
  }

  private list(): WireResponse {
    return json(200, { value: this.executions.map((one) => this.executionRecord(one)), nextLink: null });
  }

  private show(name: string): WireResponse {
    return this.withExecution(name, (one) => json(200, this.executionRecord(one)));
  }

  private stop(name: string): WireResponse {
    return this.withExecution(name, ({ run }) => {
      if (viewRun(run, Date.now()).status === 'completed') {
        return failure(409, 'ContainerAppsJobExecutionEnded', `The execution '${name}' has ended.`);
      }
      this.end(run);
      return { status: 202, headers: { 'retry-after': '5' }, body: '' };
    });
  }

  private end(run: Run): void {
    if (run.cancelRequestedAt !== null || viewRun(run, Date.now()).status === 'completed') return;
    run.cancelRequestedAt = Date.now();
    this.timers.follow(run);
  }

  private withExecution(name: string, answer: (one: Execution) => WireResponse): WireResponse {
    const found = this.executions.find(({ run }) => run.name === decodeURIComponent(name));
    if (found !== undefined) return answer(found);
    return failure(404, 'ResourceNotFound', `The execution '${name}' was not found.`);
  }

  private executionRecord({ run, template }: Execution): unknown {
    const view = viewRun(run, Date.now());
    const iso = (moment: number | null): string | null =>
      moment === null ? null : new Date(moment).toISOString();
    return {
      id: `${this.id}/executions/${run.name}`,
      name: run.name,
      type: 'Microsoft.App/jobs/executions',
      properties: {
        status: statusOf(view),
        startTime: iso(run.queuedAt),
        endTime: iso(view.finishedAt),
        template,
      },
    };
  }
}

const ENDS = { succeeded: 'Succeeded', failed: 'Failed', canceled: 'Stopped' } as const;

/** A stopped execution is called running until its container has ended. */
function statusOf({ status, result }: ReturnType<typeof viewRun>): string {
  if (result !== null) return ENDS[result];
  return status === 'notStarted' ? 'Processing' : 'Running';
}
