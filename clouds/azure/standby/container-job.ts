import * as z from 'zod';
import {
  CloudAnswerUnreadable,
  CloudRefused,
  CloudUnavailable,
  PilotlightError,
} from '../../../core/errors.ts';
import type { Pipeline } from '../../../core/ports.ts';
import type { PipelineRun, RunId } from '../../../core/standby/pipeline.ts';
import { makeArmClient, type ArmAnswer, type ArmClient, type ArmRequest } from '../arm-client.ts';
import type { AzureAccess } from '../azure-client.ts';
import { makeBlobClient, type BlobClient } from '../data/blob-client.ts';
import { parseAnswer } from '../errors.ts';
import {
  containerSchema,
  environmentOf,
  executionSchema,
  progressName,
  progressSchema,
  stopName,
  toPipelineRun,
  type Container,
  type Execution,
  type Progress,
} from './container-job-run.ts';

export interface ContainerJobOptions extends AzureAccess {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** Name of the job. */
  readonly name: string;
  /** Where the job writes how its stages go. */
  readonly storageAccount: string;
  readonly workload: string;
  /** What it does: build a standby, or destroy it. */
  readonly action: 'apply' | 'destroy';
}

/** Source: Azure Container Apps REST API, Microsoft.App/jobs. */
const API_VERSION = '2026-07-01';
const PERMISSIONS = {
  read: 'Microsoft.App/jobs/read',
  start: 'Microsoft.App/jobs/start/action',
  list: 'Microsoft.App/jobs/executions/read',
  show: 'Microsoft.App/jobs/execution/read',
  stop: 'Microsoft.App/jobs/stop/execution/action',
} as const;

const PROGRESS_CONTAINER = 'runner';
/** Where the controller may write, and the job reads: a file there asks it to end well. */
const REQUEST_CONTAINER = 'handover';
const PROGRESS_LENGTH_MAX = 64_000;
/** A job keeps its last executions, a page of a list holds as many; more pages are somebody else's job. */
const PAGES_MAX = 10;
/** Looks for an execution whose start was accepted without a name, and the milliseconds between two. */
const LOOKS = 5;
const LOOK_PAUSE_MS = 2_000;

const NAMED_IN = 'standby.containerJob (resourceGroup and name) in the configuration';

const jobSchema = z.object({
  id: z.string(),
  properties: z.object({
    template: z.object({
      containers: z.array(containerSchema).min(1),
      initContainers: z.array(containerSchema).nullish(),
    }),
  }),
});

const startedSchema = z.object({ name: z.string().min(1) });
const executionsSchema = z.object({ value: z.array(executionSchema), nextLink: z.string().nullish() });

interface Place {
  readonly arm: ArmClient;
  readonly progress: BlobClient;
  readonly requests: BlobClient;
  readonly options: ContainerJobOptions;
  readonly url: string;
}

/** The parameters of a run as the environment of its container: `replaceData` is REPLACE_DATA there. */
const environmentFrom = (parameters: Readonly<Record<string, string>>): { name: string; value: string }[] =>
  Object.entries(parameters).map(([name, value]) => ({
    name: name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase(),
    value,
  }));

/** What an execution takes of a container of the job, without the empty parts. */
const executable = ({ name, image, command, args, env, resources }: Container) => ({
  name,
  image,
  ...(command != null && { command }),
  ...(args != null && { args }),
  ...(env != null && { env }),
  ...(resources != null && { resources }),
});

type JobRequest = Pick<ArmRequest, 'method' | 'permission'> &
  Partial<Pick<ArmRequest, 'action' | 'query' | 'body'>>;

/** @throws CloudRefused where there is no such job, or no such execution. */
async function ask({ arm, options }: Place, request: JobRequest): Promise<ArmAnswer> {
  const resource = `Microsoft.App/jobs/${options.name}`;
  const answer = await arm.ask({ ...request, resource, apiVersion: API_VERSION });
  if (answer !== null) return answer;
  throw new CloudRefused({
    call: `Azure Resource Manager ${request.method} ${resource}${request.action ?? ''}`,
    got: '404: there is no such thing',
    next: `Check ${NAMED_IN}; terraform/azure/always makes the job where its variable container_job is set.`,
  });
}

async function listExecutions(place: Place): Promise<Execution[]> {
  const found: Execution[] = [];
  let query: Record<string, string> = {};
  for (let pages = 1; pages <= PAGES_MAX; pages += 1) {
    const answer = await ask(place, {
      method: 'GET',
      action: '/executions',
      query,
      permission: PERMISSIONS.list,
    });
    const { value, nextLink } = parseAnswer(answer.call, executionsSchema, answer.body);
    found.push(...value);
    if (nextLink == null || nextLink === '') return found;
    // Only what the link asks for is taken over: our token goes to no address that an answer names.
    const asked = URL.parse(nextLink)?.searchParams ?? new URLSearchParams();
    asked.delete('api-version');
    query = Object.fromEntries(asked);
  }
  return found;
}

const isOf = (
  execution: Execution,
  { workload, action }: ContainerJobOptions,
  correlationId: string,
): boolean => {
  const given = environmentOf(execution);
  return (
    given.get('CORRELATION_ID') === correlationId &&
    given.get('WORKLOAD') === workload &&
    given.get('ACTION') === action
  );
};

/** Of several, which only a lost answer can bring about, the one that works or has worked; whoever looks finds the same. */
async function findExecution(place: Place, correlationId: string): Promise<Execution | null> {
  const own = (await listExecutions(place))
    .filter((execution) => isOf(execution, place.options, correlationId))
    .toSorted((a, b) => a.name.localeCompare(b.name));
  const good = own.find(({ properties: { status } }) => status !== 'Failed' && status !== 'Stopped');
  return good ?? own[0] ?? null;
}

async function readExecution(place: Place, runId: RunId): Promise<Execution> {
  const action = `/executions/${encodeURIComponent(String(runId))}`;
  const answer = await ask(place, { method: 'GET', action, permission: PERMISSIONS.show });
  return parseAnswer(answer.call, executionSchema, answer.body);
}

/** How the job says its stages go; null where it has not told yet, or nobody can read it: how it ended is known all the same. */
async function readProgress(place: Place, execution: Execution): Promise<Progress | null> {
  const correlationId = environmentOf(execution).get('CORRELATION_ID');
  if (correlationId === undefined) return null;
  try {
    const text = await place.progress.whole(
      progressName(place.options.workload, correlationId),
      PROGRESS_LENGTH_MAX,
    );
    return text === null ? null : (progressSchema.safeParse(JSON.parse(text)).data ?? null);
  } catch (error) {
    if (error instanceof PilotlightError || error instanceof SyntaxError) return null;
    throw error;
  }
}

async function toRun(place: Place, execution: Execution): Promise<PipelineRun> {
  const { workload } = place.options;
  const run = toPipelineRun(execution, await readProgress(place, execution), { workload, url: place.url });
  if (run.state !== 'running') return run;
  const asked = await place.requests.length(stopNameOf(place, execution));
  return asked === null ? run : { ...run, state: 'canceling' };
}

const stopNameOf = ({ options }: Place, execution: Execution): string =>
  stopName(options.workload, environmentOf(execution).get('CORRELATION_ID') ?? '');

/**
 * What an execution is started with: the job's own containers, with the parameters in the environment of the first. The whole
 * is sent, because what is left out of an override may be left out of the execution.
 */
async function templateFor(place: Place, parameters: Readonly<Record<string, string>>) {
  const answer = await ask(place, { method: 'GET', permission: PERMISSIONS.read });
  const { template } = parseAnswer(answer.call, jobSchema, answer.body).properties;
  const given = environmentFrom(parameters);
  const names = new Set(given.map(({ name }) => name));
  const containers = template.containers.map((container, index) => {
    const kept = (container.env ?? []).filter(({ name }) => !names.has(name));
    return executable(index === 0 ? { ...container, env: [...kept, ...given] } : container);
  });
  const initContainers = (template.initContainers ?? []).map(executable);
  return { containers, ...(initContainers.length > 0 && { initContainers }) };
}

const parametersOf = (
  { options }: Place,
  correlationId: string,
  parameters: Readonly<Record<string, string>>,
): Record<string, string> => ({
  // The execution is found by these three, so they are the adapter's and not the caller's.
  ...parameters,
  action: options.action,
  workload: options.workload,
  correlationId,
});

async function startExecution(
  place: Place,
  correlationId: string,
  parameters: Readonly<Record<string, string>>,
): Promise<Execution> {
  const body = await templateFor(place, parametersOf(place, correlationId, parameters));
  const answer = await ask(place, { method: 'POST', action: '/start', body, permission: PERMISSIONS.start });
  const started = startedSchema.safeParse(answer.body);
  if (started.success) {
    return {
      name: started.data.name,
      properties: { status: 'Processing', template: { containers: body.containers } },
    };
  }
  if (answer.response.status !== 202) {
    throw new CloudAnswerUnreadable(answer.call.name, ['no name of the execution that was started']);
  }
  // Accepted, and not named yet.
  for (let looks = 1; looks <= LOOKS; looks += 1) {
    await place.options.clock.sleep(LOOK_PAUSE_MS);
    const found = await findExecution(place, correlationId);
    if (found !== null) return found;
  }
  throw new CloudUnavailable({
    call: answer.call.name,
    got: `202, and no execution of ${correlationId} in the list ${(LOOKS * LOOK_PAUSE_MS) / 1000} s later`,
    next: 'The step is repeated, and looks for it first.',
  });
}

const hasEnded = (execution: Execution): boolean =>
  ['Stopped', 'Failed', 'Succeeded'].includes(execution.properties.status);

/**
 * Ends an execution that still goes. Azure gives a container that it stops half a minute, and a Terraform that dies leaves its
 * state locked: so one that has begun is asked to end by a file, and only one that has not is stopped by Azure. Between look
 * and change it may end: what counts is how it is afterwards.
 */
async function stopExecution(place: Place, runId: RunId): Promise<void> {
  const execution = await readExecution(place, runId);
  if (hasEnded(execution)) return;
  if ((await toRun(place, execution)).begun) {
    await place.requests.create(stopNameOf(place, execution), { execution: execution.name });
    return;
  }
  try {
    const action = `/executions/${encodeURIComponent(String(runId))}/stop`;
    await ask(place, { method: 'POST', action, permission: PERMISSIONS.stop });
  } catch (error) {
    if (!hasEnded(await readExecution(place, runId))) throw error;
  }
}

/**
 * The container job of one workload as the pipeline that builds its standby.
 *
 * `start` looks before it starts. What remains is what remains with Azure DevOps: a start whose answer was lost, repeated
 * before the execution is listed, starts a second one. The lock of the Terraform state lets one of them work, and the marker
 * of the correlation id leaves the other nothing to do.
 */
export function makeContainerJob(options: ContainerJobOptions): Pipeline {
  const { tenantId, subscriptionId, resourceGroup, name, storageAccount } = options;
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.App/jobs/${name}`;
  const store = (container: string, role: string): BlobClient =>
    makeBlobClient(
      { account: storageAccount, container, role, namedIn: 'standby.containerJob.storageAccount' },
      options,
    );
  const place: Place = {
    arm: makeArmClient({ subscriptionId, resourceGroup, namedIn: NAMED_IN }, options),
    progress: store(PROGRESS_CONTAINER, 'Storage Blob Data Reader'),
    requests: store(REQUEST_CONTAINER, 'Storage Blob Data Contributor'),
    options,
    url: `https://portal.azure.com/#@${tenantId}/resource${id}`,
  };
  return {
    find: async (correlationId) => {
      const execution = await findExecution(place, correlationId);
      return execution === null ? null : toRun(place, execution);
    },
    start: async (correlationId, parameters) => {
      const found = await findExecution(place, correlationId);
      return toRun(place, found ?? (await startExecution(place, correlationId, parameters)));
    },
    preview: async (parameters) => ({
      // JSON is YAML, and this is the very body that a start would send.
      yaml: JSON.stringify(await templateFor(place, parametersOf(place, 'preview', parameters))),
    }),
    read: async (runId) => toRun(place, await readExecution(place, runId)),
    cancel: (runId) => stopExecution(place, runId),
  };
}
