import * as z from 'zod';
import { PilotlightError } from '../../../core/errors.ts';
import type { Pipeline } from '../../../core/ports.ts';
import { runNameOf } from '../../../core/standby/pipeline.ts';
import type { PipelineRun, RunId } from '../../../core/standby/pipeline.ts';
import type { AzureAccess } from '../azure-client.ts';
import { makeDevOpsClient } from './devops-client.ts';
import type { DevOpsClient } from './devops-client.ts';
import { buildSchema, timelineSchema, toPipelineRun } from './devops-run.ts';
import type { Build, Timeline } from './devops-run.ts';
import { parseAnswer } from '../errors.ts';

export interface PipelineOptions extends AzureAccess {
  readonly organization: string;
  readonly project: string;
  readonly pipelineId: number;
  /** The branch whose YAML runs. */
  readonly branch: string;
  readonly workload: string;
  /** What its runs do: build a standby, or destroy it. */
  readonly action: 'apply' | 'destroy';
}

/** Newest runs that are looked through when no run has the name: far more than are queued within one failover. */
const NEWEST_RUNS = 50;

const VIEW = 'the permission View builds';
const QUEUE = 'the permissions View builds and Queue builds';
const STOP = 'the permissions View builds and Stop builds';

const buildsSchema = z.object({ value: z.array(buildSchema) });

/** What a start answers, of which only the parts are read that a repeated start must agree with. */
const startedSchema = z.object({
  id: z.int(),
  name: z.string(),
  _links: z.object({ web: z.object({ href: z.string() }) }),
});

const previewSchema = z.object({ finalYaml: z.string().min(1) });

interface Place {
  readonly devOps: DevOpsClient;
  readonly options: PipelineOptions;
}

async function listBuilds(
  { devOps, options }: Place,
  query: Readonly<Record<string, string>>,
): Promise<Build[]> {
  const answer = await devOps.ask({
    method: 'GET',
    path: 'build/builds',
    query: {
      definitions: String(options.pipelineId),
      statusFilter: 'all',
      queryOrder: 'queueTimeDescending',
      ...query,
    },
    permission: VIEW,
  });
  return parseAnswer(answer.call, buildsSchema, answer.body).value;
}

/** Everybody who looks must find the same run: of several, the one that was queued first. */
const firstQueued = (builds: readonly Build[]): Build | null =>
  builds.reduce<Build | null>(
    (first, build) => (first === null || build.id < first.id ? build : first),
    null,
  );

/**
 * The run of a correlation id. Its build number is the name that its YAML gives it, but a run may carry the default
 * number until the YAML is compiled: so the newest runs are looked through as well, for the tag that a start sets and for
 * the parameters that it was started with (which a list may leave out).
 */
async function findBuild(place: Place, correlationId: string): Promise<Build | null> {
  const { workload, action } = place.options;
  const runName = runNameOf(workload, action, correlationId);
  const named = firstQueued(await listBuilds(place, { buildNumber: runName, $top: '5' }));
  if (named !== null) return named;
  const newest = await listBuilds(place, { $top: String(NEWEST_RUNS) });
  return firstQueued(
    newest.filter((build) => {
      const given = build.templateParameters;
      return (
        build.buildNumber === runName ||
        build.tags?.includes(runName) === true ||
        (given?.['correlationId'] === correlationId &&
          given['action'] === action &&
          given['workload'] === workload)
      );
    }),
  );
}

async function readBuild({ devOps }: Place, runId: RunId): Promise<Build> {
  const answer = await devOps.ask({ method: 'GET', path: `build/builds/${runId}`, permission: VIEW });
  return parseAnswer(answer.call, buildSchema, answer.body);
}

/** The timeline, or null for a run that has none yet: Azure DevOps then answers 204, 404 or nothing at all. */
async function readTimeline({ devOps }: Place, runId: number): Promise<Timeline | null> {
  const path = `build/builds/${runId}/timeline`;
  const answer = await devOps.ask({ method: 'GET', path, permission: VIEW, answers: [204, 404] });
  return answer.body === null ? null : parseAnswer(answer.call, timelineSchema, answer.body);
}

const withTimeline = async (place: Place, build: Build): Promise<PipelineRun> =>
  toPipelineRun(build, await readTimeline(place, build.id));

/** Tags the run with its name to be, so that it is found by it before it carries it. */
async function tagRun({ devOps }: Place, runId: number, runName: string): Promise<void> {
  try {
    const path = `build/builds/${runId}/tags/${encodeURIComponent(runName)}`;
    await devOps.ask({ method: 'PUT', path, permission: QUEUE });
  } catch (error) {
    // The run is queued: to fail now would be to forget it. It is still found by its name and its parameters.
    if (!(error instanceof PilotlightError)) throw error;
  }
}

async function startRun(
  place: Place,
  correlationId: string,
  parameters: Readonly<Record<string, string>>,
): Promise<PipelineRun> {
  const { pipelineId, branch, workload, action } = place.options;
  const answer = await place.devOps.ask({
    method: 'POST',
    path: `pipelines/${pipelineId}/runs`,
    body: {
      resources: { repositories: { self: { refName: `refs/heads/${branch}` } } },
      // The run's name is made of these three, so they are the adapter's and not the caller's.
      templateParameters: { ...parameters, action, workload, correlationId },
    },
    permission: QUEUE,
  });
  const started = parseAnswer(answer.call, startedSchema, answer.body);
  await tagRun(place, started.id, runNameOf(workload, action, correlationId));
  // The Runs API says `inProgress` of a run that waits for an agent; the first read by the Build API tells it apart.
  return {
    runner: 'azure-devops',
    id: started.id,
    name: started.name,
    state: 'queued',
    result: null,
    url: started._links.web.href,
    stages: [],
    waits: null,
    begun: false,
  };
}

/** Asks Azure DevOps to expand the YAML with these parameters and to stop there; a mistake in it shows here. */
async function previewRun(
  place: Place,
  parameters: Readonly<Record<string, string>>,
): Promise<{ readonly yaml: string }> {
  const { pipelineId, branch, workload, action } = place.options;
  const answer = await place.devOps.ask({
    method: 'POST',
    path: `pipelines/${pipelineId}/runs`,
    body: {
      previewRun: true,
      resources: { repositories: { self: { refName: `refs/heads/${branch}` } } },
      templateParameters: { ...parameters, action, workload },
    },
    permission: QUEUE,
  });
  return { yaml: parseAnswer(answer.call, previewSchema, answer.body).finalYaml };
}

const isEnding = (build: Build): boolean => build.status === 'completed' || build.status === 'cancelling';

/** Cancels a run that is not ending anyway. Between look and change it may end: what counts is how it is afterwards. */
async function cancelRun(place: Place, runId: RunId): Promise<void> {
  if (isEnding(await readBuild(place, runId))) return;
  try {
    const body = { status: 'cancelling' };
    await place.devOps.ask({ method: 'PATCH', path: `build/builds/${runId}`, body, permission: STOP });
  } catch (error) {
    if (!isEnding(await readBuild(place, runId))) throw error;
  }
}

/**
 * The pipeline of one workload in Azure DevOps (REST API 7.1).
 *
 * `start` looks before it queues, so a repeated start finds the run of the first. What remains: a start whose answer was
 * lost, repeated before Azure DevOps lists the run, queues a second one. It is not sent twice in one invocation, the
 * workflow waits before it repeats the step, and the state lock of Terraform makes the second run wait or fail.
 */
export function makePipeline(options: PipelineOptions): Pipeline {
  const place: Place = { devOps: makeDevOpsClient(options, options), options };
  return {
    find: async (correlationId) => {
      const build = await findBuild(place, correlationId);
      return build === null ? null : withTimeline(place, build);
    },
    start: async (correlationId, parameters) => {
      const build = await findBuild(place, correlationId);
      return build === null ? startRun(place, correlationId, parameters) : withTimeline(place, build);
    },
    preview: (parameters) => previewRun(place, parameters),
    read: async (runId) => withTimeline(place, await readBuild(place, runId)),
    cancel: (runId) => cancelRun(place, runId),
  };
}
