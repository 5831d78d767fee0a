import * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import type { Approvals, Clock, Ledger, LeaseRelease, Log, Metrics, TurnLedger } from '../../core/ports.ts';
import { workflowStateSchema, type WorkflowState } from '../../core/run/state.ts';
import { recordOf } from '../../core/run/story.ts';
import type { RunRecord } from '../../core/run/record.ts';
import { isFailback } from '../../core/run/run.ts';
import { everybodyIsOn } from '../../core/run/world.ts';
import { cooldownMinutes } from '../../core/watch/unrest.ts';
import type { Step } from '../runtime.ts';
import { iso, readInput } from '../step-input.ts';
import { endTurn } from '../turns.ts';

const inputSchema = z.object({ state: workflowStateSchema });

export interface RecordDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly ledger: Ledger;
  readonly approvals: Pick<Approvals, 'close'>;
  readonly turns: TurnLedger;
}

/** Writes what happened and gives the lease back, in one transaction. */
export const makeRecord =
  (deps: RecordDeps): Step =>
  async (raw): Promise<Pick<RunRecord, 'outcome' | 'why' | 'endedAt' | 'rto'>> => {
    const { state } = readInput('record', inputSchema, raw);
    const now = deps.clock.now();
    const record = recordOf(state, iso(now));
    await deps.ledger.finish(record, releaseOf(deps.config, state, now));
    await closeApproval(deps, state);
    await endTurn(deps, state.run.execution);
    deps.metrics.count(`Outcome${record.outcome}`, 1);
    if (record.rto !== null) deps.metrics.seconds('Rto', record.rto.totalSeconds);
    deps.log.info('the run was recorded', { outcome: record.outcome, why: record.why });
    const { outcome, why, endedAt, rto } = record;
    return { outcome, why, endedAt, rto };
  };

/** A click that comes later finds the question closed. The record stands already: this must not undo it. */
async function closeApproval(deps: RecordDeps, state: WorkflowState): Promise<void> {
  const { workload, execution } = state.run;
  try {
    await deps.approvals.close(workload, execution);
  } catch (error) {
    deps.log.warn('the approval could not be closed; answers to it are refused by its time limit', { error });
  }
}

/**
 * How the lease goes back; null where this run was refused it. A run that leaves the route elsewhere than it found it
 * starts the cooldown, so that a flapping site does not go back and forth; one that only looked, or brought the users home
 * again, does not, or it would hide the next real outage.
 */
function releaseOf(config: Config, state: WorkflowState, now: number): LeaseRelease | null {
  const lease = state.lease?.value;
  if (lease?.taken === false || state.run.dryRun) return null;
  const { policy } = workloadOf(config, state.run.workload);
  const escalated = state.outcome.name === 'Escalated';
  if (isFailback(state.run)) return releaseOfFailback(state, { epoch: lease?.epoch ?? null, escalated });
  // Whoever cancelled a run does not want the next one to begin by itself.
  const cools =
    ['FailedOver', 'Cancelled'].includes(state.outcome.name) || (escalated && state.shield !== undefined);
  return {
    // A grant whose answer was lost on its way is a lease all the same.
    epoch: lease?.epoch ?? null,
    status: escalated ? 'FAILED' : 'DONE',
    disarms: state.outcome.name === 'FailedOver',
    cooldownUntil: cools
      ? now + cooldownMinutes(policy.cooldownMinutes, lease?.recentMoves ?? 0) * 60_000
      : null,
    movedAwayAt: state.shield === undefined ? null : Date.parse(state.shield.value.movedAt),
  };
}

/**
 * A failback moves nobody away from the primary. Once users are home automation may act again, also where they did not stay well there: then
 * a new failover is the way. Where they are not, everything is as it was before.
 */
const releaseOfFailback = (
  { world }: WorkflowState,
  { epoch, escalated }: { readonly epoch: number | null; readonly escalated: boolean },
): LeaseRelease => ({
  ...{ epoch, movedAwayAt: null, cooldownUntil: null, disarms: false },
  status: escalated ? 'FAILED' : 'DONE',
  ...(everybodyIsOn(world?.value, 'primary') ? { arms: true } : {}),
});
