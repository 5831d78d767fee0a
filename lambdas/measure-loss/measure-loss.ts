import { workloadOf } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import { isAboveLimit, lossOf, lossText, type Loss } from '../../core/data/loss.ts';
import { barrierNow, pageSecondsOf } from '../../core/data/planned.ts';
import type { DataReports } from '../../core/data/ports.ts';
import type { Ledger, Log } from '../../core/ports.ts';
import { isPersonsWord, moveSchema } from '../../core/run/run.ts';
import { workflowStateSchema, type WorkflowState } from '../../core/run/state.ts';
import { writesEndAt } from '../../core/run/writes-end.ts';
import { measureOrRecall, type MeasureDeps } from '../data.ts';
import { settleTimeOf } from '../../core/route/settle-time.ts';
import type { Step } from '../runtime.ts';
import { readInput, renewLease, stepSchema } from '../step-input.ts';

const inputSchema = stepSchema.extend({
  /** What the workflow knows so far: since when the primary is down, and whether a shield is up. */
  state: workflowStateSchema.partial({ outcome: true }),
  move: moveSchema,
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
  /** Whether no users may be sent to the page for a planned move; `sentence` then says why. */
  readonly refused: boolean;
  /** The loss in words, for whoever has to decide. */
  readonly sentence: string;
}

/** Says what a failover now would lose, before it is decided whether people are asked. */
export const makeMeasureLoss =
  (deps: MeasureLossDeps): Step =>
  async (raw): Promise<MeasureLossOutput> => {
    const { run, lease, state, move } = readInput('measure-loss', inputSchema, raw);
    const workload = workloadOf(deps.config, run.workload);
    const { vouch } = await renewLease(deps, { run, lease }, workload);
    const report = await measureOrRecall(deps, run.workload, workload);
    const now = deps.clock.now();
    const loss = lossOf(report, writesEndAt(state, now));
    if (move === 'planned') {
      const barrier = barrierNow(workload.data, { report, loss, isPrepared: isBuilt(state) }, now);
      const settle = lease.settle ?? settleTimeOf(workload, null, now);
      return promised({ ...loss, planned: { pageSeconds: pageSecondsOf(workload, settle), barrier } });
    }
    // Whoever starts or vouches was shown the figure; a rehearsal on paper moves nobody. Of a planned move nobody was shown one.
    const byPerson = isPersonsWord(run) || vouch !== null;
    const asks = !byPerson && !run.dryRun && isAboveLimit(workload.data, loss);
    const sentence = lossText(loss, 'A failover now');
    deps.log.info('the loss was measured', { workload: run.workload, ...loss, asks });
    return { ...loss, asks, refused: false, sentence };
  };

/** Whether the standby was ready once in this run: then its side of the data must be there. */
const isBuilt = ({ prepared, run }: Pick<WorkflowState, 'prepared' | 'run'>): boolean =>
  prepared !== undefined && !run.dryRun;

/** A planned move asks nobody about its loss, because it has none, or does not begin. */
function promised(loss: Loss & { readonly planned: NonNullable<Loss['planned']> }): MeasureLossOutput {
  const { barrier } = loss.planned;
  const sentence =
    barrier === null
      ? lossText(loss, 'A planned move')
      : `Nobody is moved by plan now: ${barrier.replace(/\.$/, '')}.`;
  return { ...loss, asks: false, refused: barrier !== null, sentence };
}
