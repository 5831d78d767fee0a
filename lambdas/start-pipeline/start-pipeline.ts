import { workloadOf } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import { correlationIdOf } from '../../core/standby/pipeline.ts';
import { requireAzureStandby } from '../../core/standby/tier.ts';
import type { Clock, Ledger, Log, Pipeline } from '../../core/ports.ts';
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
  readonly runId: number;
  readonly name: string;
  readonly url: string;
  readonly startedAt: string;
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
    const correlationId = correlationIdOf(run.execution);
    const parameters = {
      action: 'apply',
      workload: run.workload,
      correlationId,
      tier: requireAzureStandby(run.workload, workload).tier,
      // What an earlier run restored may be replaced, unless users have written there since.
      replaceData: String(!lease.standbyServed),
    };
    if (run.dryRun) return preview(deps, run.workload, parameters);
    const { id, name, url } = await deps.pipeline(run.workload).start(correlationId, parameters);
    deps.log.info('the pipeline runs', { workload: run.workload, runId: id, url });
    return { runId: id, name, url, startedAt: iso(deps.clock.now()) };
  };

/** Run 0 is no run: the pipeline's preview shows that it would start with these parameters. */
async function preview(
  deps: StartPipelineDeps,
  workload: string,
  parameters: Readonly<Record<string, string>>,
): Promise<StartPipelineOutput> {
  const { yaml } = await deps.pipeline(workload).preview(parameters);
  deps.log.info('dry run: the pipeline would start', { workload, yamlBytes: yaml.length });
  return { runId: 0, name: 'preview', url: '', startedAt: iso(deps.clock.now()) };
}
