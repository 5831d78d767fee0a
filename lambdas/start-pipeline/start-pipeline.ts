import { workloadOf } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import { requireAzureStandby } from '../../core/standby/tier.ts';
import { NO_RUN, type RunId, type RunnerName } from '../../core/standby/pipeline.ts';
import type { Clock, Ledger, Log, Pipeline } from '../../core/ports.ts';
import { pipelineRequestOf } from '../pipeline-request.ts';
import type { Step } from '../runtime.ts';
import { iso, readInput, renewLease, requireTime, stepSchema } from '../step-input.ts';

export interface StartPipelineDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly pipeline: (workload: string) => Pipeline;
}

/** `startedAt` is when this step saw the run; ISO 8601. */
export interface StartPipelineOutput {
  readonly runner: RunnerName;
  /** 0 where nobody knows of a run yet: Azure DevOps does not answer, and the looks that follow go on asking. */
  readonly runId: RunId;
  readonly name: string;
  readonly url: string;
  readonly startedAt: string;
  /** Why the second of two runners has it; null where it is the first one's, or nobody remembers. */
  readonly why: string | null;
}

/** A look-up, a start and their time-outs. Milliseconds. */
const START_MS = 20_000;

/** Starts the pipeline once per execution: the adapter finds the run of an earlier attempt by its correlation id. */
export const makeStartPipeline =
  (deps: StartPipelineDeps): Step =>
  async (raw, call): Promise<StartPipelineOutput> => {
    const { run, lease } = readInput('start-pipeline', stepSchema, raw);
    const workload = workloadOf(deps.config, run.workload);
    requireTime(call, START_MS, 'starting the pipeline');
    await renewLease(deps, { run, lease }, workload);
    const { correlationId, parameters } = pipelineRequestOf(run, lease, workload);
    if (run.dryRun) return preview(deps, run.workload, parameters);
    const started = await deps.pipeline(run.workload).start(correlationId, parameters);
    const { runner, id, name, url } = started;
    deps.log.info('the pipeline runs', { workload: run.workload, runner, runId: id, url });
    return { runner, runId: id, name, url, startedAt: iso(deps.clock.now()), why: started.why ?? null };
  };

/** Run 0 is no run: the pipeline's preview shows that it would start with these parameters. */
async function preview(
  deps: StartPipelineDeps,
  workload: string,
  parameters: Readonly<Record<string, string>>,
): Promise<StartPipelineOutput> {
  const { yaml } = await deps.pipeline(workload).preview(parameters);
  const { runner } = requireAzureStandby(workload, workloadOf(deps.config, workload));
  deps.log.info('dry run: the pipeline would start', { workload, yamlBytes: yaml.length });
  return {
    runner: runner === 'container-job' ? runner : 'azure-devops',
    runId: NO_RUN,
    name: 'preview',
    url: '',
    startedAt: iso(deps.clock.now()),
    why: null,
  };
}
