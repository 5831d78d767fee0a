import { uuidOf } from '../aws/aws-wire.ts';
import { permittedAt, viewRun, type Run, type RunView, type StageSpan } from './azure-devops-run.ts';

/*
 * The shapes that Azure DevOps answers. The two APIs spell the same run differently: a Build has a status with two l in
 * `cancelling`, a Run a state with one in `canceling`. Source: vsts-rest-api-specs, build and pipelines 7.1.
 */

/** Where the project is, for the links. */
export interface ProjectAddress {
  readonly organization: string;
  readonly project: string;
}

const iso = (moment: number): string => new Date(moment).toISOString();
const optional = <T>(name: string, value: T | null): Record<string, T> =>
  value === null ? {} : { [name]: value };
const base = ({ organization, project }: ProjectAddress): string =>
  `https://dev.azure.com/${organization}/${project}`;
const webUrl = (address: ProjectAddress, run: Run): string =>
  `${base(address)}/_build/results?buildId=${run.id}`;

/** The run as the Build API shows it in a list: without its template parameters, which only the single build tells. */
export function buildRecord(address: ProjectAddress, run: Run, now: number): Record<string, unknown> {
  const view = viewRun(run, now);
  return {
    id: run.id,
    buildNumber: view.buildNumber,
    status: view.status,
    ...optional('result', view.result),
    queueTime: iso(run.queuedAt),
    ...optional('startTime', view.startedAt === null ? null : iso(view.startedAt)),
    ...optional('finishTime', view.finishedAt === null ? null : iso(view.finishedAt)),
    url: `${base(address)}/_apis/build/Builds/${run.id}`,
    definition: { id: run.pipelineId, type: 'build' },
    sourceBranch: run.branch,
    reason: 'manual',
    tags: [...run.tags],
    _links: { web: { href: webUrl(address, run) } },
  };
}

const RUN_STATES: Readonly<Record<RunView['status'], string>> = {
  notStarted: 'inProgress',
  inProgress: 'inProgress',
  cancelling: 'canceling',
  completed: 'completed',
};

/** The run as the Pipelines API shows it: it has no state for a run that waits for an agent. */
export function runRecord(address: ProjectAddress, run: Run, now: number): Record<string, unknown> {
  const view = viewRun(run, now);
  return {
    id: run.id,
    name: view.buildNumber,
    state: RUN_STATES[view.status],
    ...optional('result', view.result),
    createdDate: iso(run.queuedAt),
    ...optional('finishedDate', view.finishedAt === null ? null : iso(view.finishedAt)),
    templateParameters: run.parameters,
    pipeline: { id: run.pipelineId, revision: 1 },
    resources: { repositories: { self: { refName: run.branch } } },
    url: `${base(address)}/_apis/pipelines/${run.pipelineId}/runs/${run.id}`,
    _links: {
      self: { href: `${base(address)}/_apis/pipelines/${run.pipelineId}/runs/${run.id}` },
      web: { href: webUrl(address, run) },
    },
  };
}

/** From the stage down to the task; errors stand on the task that wrote them, so a reader has to go down the tree. */
const LEVELS = ['Stage', 'Phase', 'Job', 'Task'] as const;

const timelineRecords = (
  run: Run,
  span: StageSpan & { readonly order: number },
  now: number,
): Record<string, unknown>[] => {
  const ended = now >= span.endsAt;
  const startedAt = span.startsAt !== null && now >= span.startsAt ? span.startsAt : null;
  const started = startedAt !== null;
  const failed = ended && span.result === 'failed';
  const errors = failed ? (span.stage.errors ?? []) : [];
  // Below the stage nothing exists before the stage runs.
  const levels = started ? LEVELS : LEVELS.slice(0, 1);
  return levels.map((type, depth) => {
    const parent = LEVELS[depth - 1];
    return {
      id: uuidOf(`${run.id}/${span.stage.name}/${type}`),
      parentId: parent === undefined ? null : uuidOf(`${run.id}/${span.stage.name}/${parent}`),
      type,
      name: type === 'Task' ? 'AzureCLI' : span.stage.name,
      identifier: type === 'Stage' ? span.stage.name : `${span.stage.name}.${type.toLowerCase()}`,
      startTime: startedAt === null ? null : iso(startedAt),
      finishTime: ended ? iso(span.endsAt) : null,
      state: ended ? 'completed' : started ? 'inProgress' : 'pending',
      result: ended ? span.result : null,
      percentComplete: null,
      currentOperation: null,
      errorCount: type === 'Task' ? errors.length : 0,
      warningCount: 0,
      issues:
        type === 'Task' ? errors.map((message) => ({ type: 'error', category: 'General', message })) : [],
      log: null,
      attempt: 1,
      order: type === 'Stage' ? span.order : 1,
    };
  });
};

/** A stage that waits for somebody has a checkpoint, with a record for each check. Shape: shared cases, devops-waiting. */
function checkpointRecords(run: Run, first: StageSpan | undefined, now: number): Record<string, unknown>[] {
  const { checkpoint } = run.plan;
  if (checkpoint == null || first === undefined) return [];
  const state = now >= permittedAt(run) ? 'completed' : 'inProgress';
  const record = (id: string, parentId: string, type: string) => ({
    ...{ id, parentId, type, name: type, state, order: 1 },
    result: state === 'completed' ? 'succeeded' : null,
  });
  const outer = uuidOf(`${run.id}/checkpoint`);
  return [
    record(outer, uuidOf(`${run.id}/${first.stage.name}/Stage`), 'Checkpoint'),
    record(uuidOf(`${run.id}/check`), outer, `Checkpoint.${checkpoint.type}`),
  ];
}

/** The timeline of a run. */
export function timelineRecord(run: Run, now: number): Record<string, unknown> {
  const { spans } = viewRun(run, now);
  return {
    id: uuidOf(`${run.id}/timeline`),
    changeId: 1,
    records: [
      ...spans.flatMap((span, index) => timelineRecords(run, { ...span, order: index + 1 }, now)),
      ...checkpointRecords(run, spans[0], now),
    ],
  };
}
