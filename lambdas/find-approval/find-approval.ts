import { workloadOf } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import type { Approvals, Clock, Ledger } from '../../core/ports.ts';
import type { Step } from '../runtime.ts';
import { readInput, renewUnlessOrdered, stepSchema } from '../step-input.ts';

export interface FindApprovalDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly approvals: Approvals;
}

/** Looks once whether the standby may be started: approved, or silence that the policy takes for a yes. */
export const makeFindApproval =
  (deps: FindApprovalDeps): Step =>
  async (raw): Promise<{ given: boolean }> => {
    const { run, lease } = readInput('find-approval', stepSchema, raw);
    const workload = workloadOf(deps.config, run.workload);
    await renewUnlessOrdered(deps, { run, lease }, { workload });
    const approval = await deps.approvals.find(run.workload, run.execution);
    if (approval === null) return { given: false };
    if (approval.state === 'approved') return { given: true };
    const gate = workload.policy.approval;
    const silent = approval.state === 'pending' && deps.clock.now() > approval.expiresAt;
    return { given: silent && gate.mode === 'required' && gate.onTimeout === 'proceed' };
  };
