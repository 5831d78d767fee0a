/** One stage of a pipeline run, as its timeline tells it. */
export interface PipelineStage {
  readonly name: string;
  readonly state: 'pending' | 'running' | 'completed';
  readonly result: 'succeeded' | 'failed' | 'canceled' | 'skipped' | null;
  /** The first error lines of the stage, at most a few. */
  readonly errors: readonly string[];
}

/** One run of the pipeline that builds the standby. */
export interface PipelineRun {
  readonly id: number;
  /** The build number: it carries the correlation id, by which a repeated start finds the running one. */
  readonly name: string;
  readonly state: 'queued' | 'running' | 'canceling' | 'completed';
  readonly result: 'succeeded' | 'failed' | 'canceled' | null;
  readonly url: string;
  readonly stages: readonly PipelineStage[];
}

/** What a look at the run means for the failover. */
export type PipelineProgress =
  | { readonly kind: 'running'; readonly detail: string }
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly detail: string };

/** Failures of Azure and Terraform that have a plain meaning and a next step; the first that matches is said. */
const knownFailures: readonly (readonly [pattern: RegExp, meaning: string])[] = [
  [
    /AllocationFailed|ZonalAllocationFailed|OverconstrainedAllocationRequest/,
    'Azure has no free capacity for these machines in this Region now: another size or zone may be had, or try again',
  ],
  [
    /SkuNotAvailable|NotAvailableForSubscription|is not available in location/,
    'this machine size is not offered to the subscription in this Region: choose another one in the Terraform variables',
  ],
  [
    /QuotaExceeded|exceeding approved .*quota|OperationNotAllowed[^]*quota/i,
    'the quota of the subscription is used up: ask Azure for more, or free what nobody needs',
  ],
  [
    /state blob is already locked|Error acquiring the state lock|STATE_LOCKED/,
    'another run holds the lock of the Terraform state: wait for it, or read in docs/azure-setup.md how to release a stale one',
  ],
  [
    /\bBACKUP_[A-Z_]+\b/,
    'the database could not be restored from its backup: choose another backup and run the pipeline again',
  ],
];

/** What a failure means in plain words; null where it is not one of the known. */
export function explainFailure(lines: readonly string[]): string | null {
  const text = lines.join('\n');
  return knownFailures.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

const describeFailure = (run: PipelineRun): string => {
  const failed = run.stages.filter((stage) => stage.result === 'failed' || stage.result === 'canceled');
  if (failed.length === 0)
    return `run ${run.name} ended as ${run.result ?? 'unknown'} and named no failed stage`;
  const lines = failed.map((stage) => {
    const errors = stage.errors.length === 0 ? 'it gave no error line' : stage.errors.join(' | ');
    const meaning = explainFailure(stage.errors);
    return `stage ${stage.name} ${stage.result ?? 'ended'}: ${meaning === null ? '' : `${meaning}. `}${errors}`;
  });
  return `run ${run.name}: ${lines.join('; ')}`;
};

/** Decides what a run's state means. Anything completed that is not a success is a failure. */
export function judgeRun(run: PipelineRun): PipelineProgress {
  if (run.state !== 'completed') {
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
