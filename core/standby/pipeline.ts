import { describeBuildFailure } from './build-failures.ts';

/** One stage of a pipeline run, as its timeline tells it. */
export interface PipelineStage {
  readonly name: string;
  readonly state: 'pending' | 'running' | 'completed';
  readonly result: 'succeeded' | 'failed' | 'canceled' | 'skipped' | null;
  /** The first error lines of the stage, at most a few. */
  readonly errors: readonly string[];
}

/** What a run waits for that somebody must give. */
export interface PipelineWait {
  readonly for: 'permission' | 'approval' | 'check' | 'agent';
  /** The stage that waits; null where the run as a whole does. */
  readonly stage: string | null;
}

/** What applies the Terraform: a pipeline of Azure DevOps, or a job of Azure Container Apps. */
export const runnerNames = ['azure-devops', 'container-job'] as const;
export type RunnerName = (typeof runnerNames)[number];

/** The number of a build of Azure DevOps, or the name of an execution of the container job. */
export type RunId = number | string;

/** The number of no run: nobody knows of one yet. */
export const NO_RUN = 0;

/** One run of the pipeline that builds the standby. */
export interface PipelineRun {
  readonly runner: RunnerName;
  readonly id: RunId;
  /** The build number: it carries the correlation id, by which a repeated start finds the running one. */
  readonly name: string;
  readonly state: 'queued' | 'running' | 'canceling' | 'completed';
  readonly result: 'succeeded' | 'failed' | 'canceled' | null;
  readonly url: string;
  readonly stages: readonly PipelineStage[];
  /** Null while it runs, or waits for nothing but its own earlier stages. */
  readonly waits: PipelineWait | null;
  /** Whether it has begun to work: it may have changed something, and it can hold the lock of the Terraform state. */
  readonly begun: boolean;
  /** Why the second of two runners has it, by the start that gave it to it; absent wherever that is not known. */
  readonly why?: string;
}

/** What a look at the run means for the failover. */
export type PipelineProgress =
  | { readonly kind: 'running'; readonly detail: string }
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly detail: string };

const describeFailure = (run: PipelineRun): string => {
  const failed = run.stages.filter((stage) => stage.result === 'failed' || stage.result === 'canceled');
  if (failed.length === 0)
    return `run ${run.name} ended as ${run.result ?? 'unknown'} and named no failed stage`;
  const lines = failed.map((stage) => {
    const ended = `stage ${stage.name} ${stage.result ?? 'ended'}`;
    if (stage.errors.length === 0) return `${ended}: it gave no error line`;
    return `${ended}: ${stage.errors.join(' | ')}. It means: ${describeBuildFailure(stage.errors)}`;
  });
  return `run ${run.name}: ${lines.join('; ')}`;
};

/** Decides what a run's state means. Anything completed that is not a success is a failure. */
export function judgeRun(run: PipelineRun): PipelineProgress {
  if (run.state !== 'completed') {
    if (run.waits !== null) {
      const stage = run.waits.stage === null ? '' : ` of stage ${run.waits.stage}`;
      return { kind: 'running', detail: `waits for ${run.waits.for}${stage}` };
    }
    const running = run.stages.filter((stage) => stage.state === 'running').map((stage) => stage.name);
    return { kind: 'running', detail: running.length === 0 ? run.state : `stages ${running.join(', ')}` };
  }
  return run.result === 'succeeded'
    ? { kind: 'succeeded' }
    : { kind: 'failed', detail: describeFailure(run) };
}

/** What `pipelines/failover.yml` takes; Azure DevOps itself would take build numbers of 255. */
const CORRELATION_ID_MAX = 64;

/** FNV-1a over UTF-16 code units, as 8 hex digits. Not for secrets: it only tells similar names apart. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** The correlation id of an execution: what the pipeline takes as a parameter and puts into its run's name. */
export function correlationIdOf(execution: string): string {
  const plain = execution.replaceAll(/[^A-Za-z0-9-]/g, '-');
  if (plain === execution && plain.length <= CORRELATION_ID_MAX) return plain;
  // Two executions must not share a run because their names differ only in what was replaced or cut off here: those
  // that EventBridge starts have names of 73 characters, two UUIDs and an underscore.
  const print = fingerprint(execution);
  return `${plain.slice(0, CORRELATION_ID_MAX - print.length - 1)}-${print}`;
}

/** The run name (build number) that `pipelines/failover.yml` gives itself. */
export function runNameOf(
  workload: string,
  action: 'apply' | 'destroy' | 'plan',
  correlationId: string,
): string {
  return `pilotlight-${workload}-${action}-${correlationId}`;
}
