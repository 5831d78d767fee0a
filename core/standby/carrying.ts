import { CloudAnswerUnreadable, CloudRefused, CloudUnavailable, type PilotlightError } from '../errors.ts';
import { NO_RUN, runNameOf, type PipelineRun, type RunId, type RunnerName } from './pipeline.ts';

/* What the two runners of a workload are asked for, and how a look at one of them is told. */

/** What is built, for whom, and since when it is waited for. */
export interface RunOrder {
  readonly workload: string;
  readonly correlationId: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** When the first runner was asked; milliseconds since the Unix epoch. */
  readonly since: number;
}

/** What the look before has seen of the run. */
export interface KnownRun {
  readonly runner: RunnerName;
  readonly runId: RunId;
  readonly begun: boolean;
  /** A run of the first runner may still be queued that could not be cancelled. */
  readonly loose: boolean;
}

/** The run that carries the request now. */
export interface CarriedRun {
  readonly run: PipelineRun;
  readonly loose: boolean;
  /** Why the second runner works, in words; null where this look changed nothing. */
  readonly why: string | null;
}

/** Whether a cloud refused, or did not answer: everything else is a mistake of ours. */
export const isCloudError = (error: unknown): error is PilotlightError =>
  error instanceof CloudUnavailable ||
  error instanceof CloudRefused ||
  error instanceof CloudAnswerUnreadable;

export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
export const hasFailed = (run: PipelineRun): boolean =>
  run.state === 'completed' && run.result !== 'succeeded';
/** Whether it goes on; one that is being cancelled does not. */
export const isLive = (run: PipelineRun): boolean => run.state === 'queued' || run.state === 'running';

/** A run of Azure DevOps that nobody can see now; without a number where nobody knows of one. */
export const unseenRun = (workload: string, correlationId: string, id: RunId = NO_RUN): PipelineRun => ({
  runner: 'azure-devops',
  id,
  name: runNameOf(workload, 'apply', correlationId),
  state: 'queued',
  result: null,
  url: '',
  stages: [],
  waits: null,
  begun: false,
});
