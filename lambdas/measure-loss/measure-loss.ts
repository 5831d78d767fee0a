import { workloadOf } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import { isAboveLimit, lossOf, lossText, type Loss } from '../../core/data/loss.ts';
import type { DataReports } from '../../core/data/ports.ts';
import type { Ledger, Log } from '../../core/ports.ts';
import { workflowStateSchema } from '../../core/run/state.ts';
import { writesEndAt } from '../../core/run/writes-end.ts';
import { measureOrRecall, type MeasureDeps } from '../data.ts';
import type { Step } from '../runtime.ts';
import { readInput, renewLease, stepSchema } from '../step-input.ts';

const inputSchema = stepSchema.extend({
  /** What the workflow knows so far: since when the primary is down, and whether a shield is up. */
  state: workflowStateSchema.partial({ outcome: true }),
});

export interface MeasureLossDeps extends MeasureDeps {
  readonly config: Config;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly reports: Pick<DataReports, 'read'>;
}

export interface MeasureLossOutput extends Loss {
  /** Whether automation must ask people, whatever else the policy says. */
  readonly asks: boolean;
  /** The loss in words, for whoever has to decide. */
  readonly sentence: string;
}

/** Says what a failover now would lose, before it is decided whether people are asked. */
export const makeMeasureLoss =
  (deps: MeasureLossDeps): Step =>
  async (raw): Promise<MeasureLossOutput> => {
    const { run, lease, state } = readInput('measure-loss', inputSchema, raw);
    const workload = workloadOf(deps.config, run.workload);
    const { vouch } = await renewLease(deps, { run, lease }, workload);
    const report = await measureOrRecall(deps, run.workload, workload);
    const loss = lossOf(report, writesEndAt(state, deps.clock.now()));
    // Whoever starts or vouches was shown the figure; a rehearsal on paper moves nobody.
    const byPerson = run.trigger === 'manual' || vouch !== null;
    const asks = !byPerson && !run.dryRun && isAboveLimit(workload.data, loss);
    const sentence = lossText(loss, 'A failover now');
    deps.log.info('the loss was measured', { workload: run.workload, ...loss, asks });
    return { ...loss, asks, sentence };
  };
