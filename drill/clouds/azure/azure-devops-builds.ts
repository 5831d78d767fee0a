import { z } from 'zod';
import { buildRecord } from './azure-devops-records.ts';
import { orderedStages, viewRun, type Run, type RunPlan } from './azure-devops-run.ts';
import type { StageHooks } from './run-timers.ts';
import { UnexpectedCall, type WireRequest, type WireResponse } from '../wire/wire-shape.ts';

/* Queueing runs and finding them again. */

/** A pipeline of the project. */
export interface PipelineDefinition {
  /** Its `parameters:`; a parameter without a default must be given. */
  readonly parameters: Readonly<
    Record<string, { readonly default?: string; readonly values?: readonly string[] }>
  >;
  /** What its `name:` makes of the parameters, once an agent has the run. */
  readonly runName: (parameters: Readonly<Record<string, string>>) => string;
}

export interface AzureDevOpsOptions extends StageHooks {
  readonly organization: string;
  readonly project: string;
  readonly pipelines: ReadonlyMap<number, PipelineDefinition>;
  /** Branches of the repository, without refs/heads/. */
  readonly branches: ReadonlySet<string>;
  /** Client ids of the identities that were added to the organization. */
  readonly members: ReadonlySet<string>;
  readonly plan: (request: {
    readonly pipelineId: number;
    readonly parameters: Readonly<Record<string, string>>;
  }) => RunPlan;
}

/** All runs, oldest first. */
export interface AzureDevOpsState {
  readonly runs: Run[];
}

/** The application id of Azure DevOps in Entra, which its tokens are made for. */
export const AZURE_DEVOPS_RESOURCE = '499b84ac-1321-427f-aa17-267ca6975798';

const bodySchema = z.strictObject({
  resources: z
    .strictObject({ repositories: z.strictObject({ self: z.strictObject({ refName: z.string() }) }) })
    .optional(),
  templateParameters: z.record(z.string(), z.string()).default({}),
  previewRun: z.boolean().default(false),
});

/** An answer in JSON. */
export const json = (status: number, body: unknown): WireResponse => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8; api-version=7.1' },
  body: JSON.stringify(body),
});

/** An error as the server serialises its exceptions. */
export const exception = (status: number, typeKey: string, message: string): WireResponse =>
  json(status, {
    $id: '1',
    innerException: null,
    message,
    typeName: typeKey,
    typeKey,
    errorCode: 0,
    eventId: 3000,
  });

/** @throws UnexpectedCall on a body that this simulation does not act on in full. */
export const parseBody = <T>(schema: z.ZodType<T>, request: WireRequest): T => {
  const parsed = schema.safeParse(JSON.parse(request.body));
  if (parsed.success) return parsed.data;
  throw new UnexpectedCall(
    `the simulated Azure DevOps does not understand the body: ${z.prettifyError(parsed.error)}`,
  );
};

/** Parameters with their defaults, or what is wrong with them. */
const resolveParameters = (
  definition: PipelineDefinition,
  given: Readonly<Record<string, string>>,
): { parameters: Record<string, string> } | { problem: string } => {
  const stranger = Object.keys(given).find((name) => definition.parameters[name] === undefined);
  if (stranger !== undefined) return { problem: `Unexpected parameter '${stranger}'` };
  const parameters: Record<string, string> = {};
  for (const [name, parameter] of Object.entries(definition.parameters)) {
    const value = given[name] ?? parameter.default;
    if (value === undefined) return { problem: `A value for the '${name}' parameter must be provided.` };
    if (parameter.values !== undefined && !parameter.values.includes(value)) {
      return {
        problem: `The '${name}' parameter value '${value}' is not a valid value. It should be one of ${parameter.values.join(', ')}.`,
      };
    }
    parameters[name] = value;
  }
  return { parameters };
};

/** Queues a run, or says why Azure DevOps refuses it. */
export const queueRun = (
  options: AzureDevOpsOptions,
  state: AzureDevOpsState,
  request: { readonly pipelineId: number; readonly wire: WireRequest },
): { run: Run } | { refusal: WireResponse } | { preview: WireResponse } => {
  const { pipelineId } = request;
  const body = parseBody(bodySchema, request.wire);
  const definition = options.pipelines.get(pipelineId);
  if (definition === undefined) {
    return {
      refusal: exception(
        404,
        'PipelineNotFoundException',
        `Pipeline with id ${pipelineId} could not be found.`,
      ),
    };
  }
  const branch = body.resources?.repositories.self.refName ?? 'refs/heads/main';
  if (!options.branches.has(branch.replace(/^refs\/heads\//, ''))) {
    const message = `Could not get the latest source version for the repository using ref ${branch}.`;
    return { refusal: exception(400, 'PipelineValidationException', message) };
  }
  const resolved = resolveParameters(definition, body.templateParameters);
  if ('problem' in resolved)
    return { refusal: exception(400, 'PipelineValidationException', resolved.problem) };
  const { parameters } = resolved;
  if (body.previewRun) {
    const finalYaml = Object.entries(parameters)
      .map(([name, value]) => `# ${name}: ${value}\n`)
      .join('');
    return { preview: json(200, { finalYaml }) };
  }
  const plan = options.plan({ pipelineId, parameters });
  orderedStages(plan);
  const id = (state.runs.at(-1)?.id ?? 1_000) + 1;
  const queuedAt = Date.now();
  const day = new Date(queuedAt).toISOString().slice(0, 10).replaceAll('-', '');
  const run: Run = {
    id,
    pipelineId,
    parameters,
    branch,
    plan,
    queuedAt,
    provisionalName: `${day}.${id}`,
    name: definition.runName(parameters),
    tags: new Set(),
    cancelRequestedAt: null,
  };
  state.runs.push(run);
  return { run };
};

const FILTERS = new Set([
  'definitions',
  'buildNumber',
  'tagFilters',
  'statusFilter',
  'queryOrder',
  '$top',
  'api-version',
]);

/** The list of builds, filtered and ordered as asked. */
export const listBuilds = (
  options: AzureDevOpsOptions,
  state: AzureDevOpsState,
  request: WireRequest,
): WireResponse => {
  const { query } = request;
  const unknown = Object.keys(query).filter((name) => !FILTERS.has(name));
  const order = query['queryOrder'] ?? 'queueTimeDescending';
  if (unknown.length > 0 || !/^queueTime(?:A|De)scending$/.test(order)) {
    throw new UnexpectedCall(
      `the simulated Azure DevOps does not know ${[...unknown, order].join(', ')} of the list of builds`,
    );
  }
  const now = Date.now();
  const list = (name: string): string[] | null => query[name]?.split(',') ?? null;
  const statuses = list('statusFilter') ?? ['all'];
  const number = query['buildNumber'];
  // A star at the end makes a prefix of it. Source: vsts-rest-api-specs, Builds - List.
  const isNamed = (name: string): boolean =>
    number === undefined || (number.endsWith('*') ? name.startsWith(number.slice(0, -1)) : name === number);
  const found = state.runs
    .filter((run) => list('definitions')?.includes(String(run.pipelineId)) ?? true)
    .filter((run) => list('tagFilters')?.every((name) => run.tags.has(name)) ?? true)
    .filter((run) => statuses.includes('all') || statuses.includes(viewRun(run, now).status))
    .filter((run) => isNamed(viewRun(run, now).buildNumber));
  if (order === 'queueTimeDescending') found.reverse();
  const value = found.slice(0, Number(query['$top'] ?? 1_000)).map((run) => buildRecord(options, run, now));
  return json(200, { count: value.length, value });
};
