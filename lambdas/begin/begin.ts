import * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import { workflowNames } from '../../core/names.ts';
import type { Log } from '../../core/ports.ts';
import type { Plan, Run } from '../../core/run/run.ts';
import { planOf, readStart } from '../../core/run/trigger.ts';
import type { Step } from '../runtime.ts';
import { readInput } from '../step-input.ts';

/** The workflow hands over its input untouched, with the name and start of the execution. */
const inputSchema = z.object({
  input: z.unknown(),
  execution: z.string().min(1).max(80),
  startedAt: z.iso.datetime(),
  /** The workflow that asks; an older one does not say. */
  workflow: z.enum(workflowNames).default('failover'),
});

export interface BeginDeps {
  readonly config: Config;
  readonly log: Log;
}

export interface BeginOutput {
  readonly run: Run;
  readonly plan: Plan;
}

/** The door of the workflow: what passes here is trusted by all later steps. */
export const makeBegin =
  (deps: BeginDeps): Step =>
  // A step is a promise, so that a refusal here rejects as all other steps do.
  async (raw): Promise<BeginOutput> => {
    const run = readStart(deps.config, readInput('begin', inputSchema, raw));
    const plan = planOf(
      workloadOf(deps.config, run.workload),
      run,
      Object.keys(deps.config.workloads).length - 1,
    );
    deps.log.info('the run begins', { workload: run.workload, trigger: run.trigger, reason: run.reason });
    return { run, plan };
  };
