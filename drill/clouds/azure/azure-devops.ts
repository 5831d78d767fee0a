import { z } from 'zod';
import { viewRun, type Run } from './azure-devops-run.ts';
import { buildRecord, runRecord, timelineRecord } from './azure-devops-records.ts';
import { exception, json, listBuilds, parseBody, queueRun } from './azure-devops-builds.ts';
import {
  AZURE_DEVOPS_RESOURCE,
  type AzureDevOpsOptions,
  type AzureDevOpsState,
} from './azure-devops-builds.ts';
import { bearerOf } from './entra.ts';
import { RunTimers } from './run-timers.ts';
import { UnexpectedCall, type Service, type WireRequest, type WireResponse } from '../wire/wire-shape.ts';

export { AZURE_DEVOPS_RESOURCE } from './azure-devops-builds.ts';
export type { AzureDevOpsOptions, AzureDevOpsState } from './azure-devops-builds.ts';
export type { StageEnd } from './run-timers.ts';
export type { RunPlan } from './azure-devops-run.ts';

const HOST = 'dev.azure.com';
const API_VERSION = /^7\.[01](?:-preview\.\d)?$/;

const patchSchema = z.strictObject({ status: z.literal('cancelling') });
const tagsSchema = z.array(z.string().min(1)).min(1);

/** A sign-in page instead of an answer: what a caller without a token gets, with a status that looks like success. */
const signInPage: WireResponse = {
  status: 203,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!DOCTYPE html><html lang="en-US"><head><title>Azure DevOps Services | Sign In</title></head><body></body></html>',
};

type Answer = (match: readonly string[], request: WireRequest) => WireResponse;

/** Azure DevOps Services of one project: pipeline runs, their builds, timelines and tags. */
export function azureDevOpsService(options: AzureDevOpsOptions, state: AzureDevOpsState): Service {
  const routes = routesOf(options, state);
  const prefix = `/${options.organization}/${encodeURIComponent(options.project)}/_apis/`;
  return {
    name: 'azure-devops',
    handles: (request) => request.host === HOST,
    answer: (request) => {
      if (!API_VERSION.test(request.query['api-version'] ?? '')) {
        throw new UnexpectedCall(
          `the simulated Azure DevOps knows api-version 7.1, got ${request.query['api-version'] ?? 'none'}`,
        );
      }
      const bearer = bearerOf(request, AZURE_DEVOPS_RESOURCE);
      if ('problem' in bearer && bearer.problem === 'missing') return signInPage;
      if ('problem' in bearer || !options.members.has(bearer.clientId)) {
        const who = 'problem' in bearer ? '' : bearer.clientId;
        return exception(
          401,
          'UnauthorizedRequestException',
          `TF400813: The user '${who}' is not authorized to access this resource.`,
        );
      }
      if (!request.path.startsWith(prefix)) {
        const name = decodeURIComponent(request.path.split('/')[2] ?? '');
        return exception(
          404,
          'ProjectDoesNotExistWithNameException',
          `TF200016: The following project does not exist: ${name}.`,
        );
      }
      const call = `${request.method} ${request.path.slice(prefix.length)}`;
      for (const [pattern, answer] of routes) {
        const match = pattern.exec(call);
        if (match !== null) return answer(match.slice(1).map(decodeURIComponent), request);
      }
      throw new UnexpectedCall(`the simulated Azure DevOps does not know ${call}`);
    },
  };
}

/** The runs of the project and the timers that tell the world what they do. */
class Project {
  private readonly options: AzureDevOpsOptions;
  private readonly state: AzureDevOpsState;
  private readonly timers: RunTimers;

  constructor(options: AzureDevOpsOptions, state: AzureDevOpsState) {
    this.options = options;
    this.state = state;
    this.timers = new RunTimers(options);
  }

  start(pipelineId: number, wire: WireRequest): WireResponse {
    const queued = queueRun(this.options, this.state, { pipelineId, wire });
    if ('refusal' in queued) return queued.refusal;
    if ('preview' in queued) return queued.preview;
    this.timers.follow(queued.run);
    return json(200, runRecord(this.options, queued.run, Date.now()));
  }

  list(request: WireRequest): WireResponse {
    return listBuilds(this.options, this.state, request);
  }

  showRun(id: string | undefined): WireResponse {
    return this.withRun(id, (run) => json(200, runRecord(this.options, run, Date.now())));
  }

  showBuild(id: string | undefined): WireResponse {
    return this.withRun(id, (run) => {
      const templateParameters = run.parameters;
      return json(200, { ...buildRecord(this.options, run, Date.now()), templateParameters });
    });
  }

  showTimeline(id: string | undefined): WireResponse {
    return this.withRun(id, (run) => json(200, timelineRecord(run, Date.now())));
  }

  tag(id: string | undefined, tags: readonly string[]): WireResponse {
    return this.withRun(id, (run) => {
      for (const one of tags) run.tags.add(one);
      return json(200, { count: run.tags.size, value: [...run.tags] });
    });
  }

  cancel(id: string | undefined): WireResponse {
    return this.withRun(id, (run) => {
      if (viewRun(run, Date.now()).status === 'completed') {
        const message = `Build ${run.id} has completed and cannot be cancelled.`;
        return exception(400, 'BuildStatusInvalidChangeException', message);
      }
      if (run.cancelRequestedAt === null) {
        run.cancelRequestedAt = Date.now();
        this.timers.follow(run);
      }
      return json(200, buildRecord(this.options, run, Date.now()));
    });
  }

  private withRun(id: string | undefined, answer: (run: Run) => WireResponse): WireResponse {
    const run = this.state.runs.find((candidate) => candidate.id === Number(id));
    if (run !== undefined) return answer(run);
    return exception(404, 'BuildNotFoundException', `The requested build ${id ?? ''} could not be found.`);
  }
}

const routesOf = (
  options: AzureDevOpsOptions,
  state: AzureDevOpsState,
): readonly (readonly [RegExp, Answer])[] => {
  const project = new Project(options, state);
  return [
    [/^POST pipelines\/(\d+)\/runs$/, ([id], request) => project.start(Number(id), request)],
    [/^GET pipelines\/\d+\/runs\/(\d+)$/, ([id]) => project.showRun(id)],
    [/^GET build\/builds$/i, (_, request) => project.list(request)],
    [/^GET build\/builds\/(\d+)$/i, ([id]) => project.showBuild(id)],
    [/^GET build\/builds\/(\d+)\/timeline$/i, ([id]) => project.showTimeline(id)],
    [/^PUT build\/builds\/(\d+)\/tags\/([^/]+)$/i, ([id, name = '']) => project.tag(id, [name])],
    [
      /^POST build\/builds\/(\d+)\/tags$/i,
      ([id], request) => project.tag(id, parseBody(tagsSchema, request)),
    ],
    [
      /^PATCH build\/builds\/(\d+)$/i,
      ([id], request) => {
        parseBody(patchSchema, request);
        return project.cancel(id);
      },
    ],
  ];
};
