import type { Workload } from '../core/config/schema.ts';
import type { RunOrder } from '../core/standby/carrying.ts';
import { correlationIdOf } from '../core/standby/pipeline.ts';
import type { Run } from '../core/run/run.ts';
import { requireAzureStandby } from '../core/standby/tier.ts';

/** What the pipeline is asked for, the same however often a step asks: the run is found again by it. */
export function pipelineRequestOf(
  run: Run,
  lease: { readonly standbyServed: boolean },
  workload: Workload,
): Omit<RunOrder, 'since'> {
  const correlationId = correlationIdOf(run.execution);
  return {
    workload: run.workload,
    correlationId,
    parameters: {
      action: 'apply',
      workload: run.workload,
      correlationId,
      tier: requireAzureStandby(run.workload, workload).tier,
      // What an earlier run restored may be replaced, unless users have written there since.
      replaceData: String(!lease.standbyServed),
    },
  };
}
