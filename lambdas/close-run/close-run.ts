import * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import type { Announcer, Call, Ledger, LeaseRelease, TurnLedger } from '../../core/ports.ts';
import { readEnded } from '../../core/run/ending.ts';
import { outcomes, runSchema, type Run } from '../../core/run/run.ts';
import type { WorkflowState } from '../../core/run/state.ts';
import { announcementOf, recordOf } from '../../core/run/story.ts';
import { everybodyIsOn, type World } from '../../core/run/world.ts';
import type { Step } from '../runtime.ts';
import { iso } from '../step-input.ts';
import { endTurn } from '../turns.ts';
import { lookAtWorld, type WorldDeps } from '../world-look.ts';
import { cancelLeftRun, parkLeftStandby, type PutAwayDeps } from './put-away.ts';

/** What the workflow hands over when the whole record could not be written; its own next step tells people. */
const unrecordedSchema = z.object({ run: runSchema, outcome: z.object({ name: z.enum(outcomes) }) });

export interface CloseRunDeps extends WorldDeps, PutAwayDeps {
  readonly ledger: Pick<Ledger, 'isRecorded' | 'finish'>;
  readonly announcer: Announcer;
  readonly turns: TurnLedger;
}

export interface CloseRunOutput {
  readonly closed: boolean;
  readonly detail: string;
}

/**
 * Closes a run whose own last steps did not do it: what still costs is put away, a short record, the lease given back, people told
 * where the users are and what still runs. Harmless when it runs again, and for a run that is closed already.
 */
export const makeCloseRun =
  (deps: CloseRunDeps): Step =>
  async (raw, call): Promise<CloseRunOutput> => {
    const unrecorded = unrecordedSchema.safeParse(raw);
    if (unrecorded.success) return writeShort(deps, unrecorded.data);
    const { run, untold, failure } = readEnded(deps.config, raw);
    if (run === null) return { closed: false, detail: 'it was refused at the door: nothing was touched' };
    const recorded = await deps.ledger.isRecorded(run);
    if (recorded && !untold) return { closed: false, detail: 'it has closed itself: its record stands' };
    const state = await leftBy(deps, { run, failure }, { call, isFirst: !recorded });
    // People first: where they cannot be told the record stays unwritten, so that the next try tells them.
    await tell(deps, state);
    if (!recorded) await write(deps, state);
    return { closed: true, detail: `${failure.Error}: people were told` };
  };

type ClosingState = WorkflowState & { readonly world: { readonly value: World } };

async function stateOf(
  deps: CloseRunDeps,
  run: Run,
  failure: WorkflowState['failure'],
): Promise<ClosingState> {
  const world = { value: await lookAtWorld(deps, run) };
  return { run, outcome: { name: 'Escalated' }, failure, world };
}

/**
 * What the execution has left, after as much of it as costs was put away. Where it has recorded itself, its own steps have seen to
 * that.
 */
async function leftBy(
  deps: CloseRunDeps,
  { run, failure }: { readonly run: Run; readonly failure: WorkflowState['failure'] },
  { call, isFirst }: { readonly call: Call; readonly isFirst: boolean },
): Promise<ClosingState> {
  const stopped = isFirst ? await cancelLeftRun(deps, run, call) : {};
  const state = await stateOf(deps, run, failure);
  const parked = isFirst ? await parkLeftStandby(deps, run, state.world.value) : {};
  const { tier } = workloadOf(deps.config, run.workload).standby;
  return { ...state, ...stopped, ...parked, plan: { tier } };
}

async function writeShort(
  deps: CloseRunDeps,
  given: z.infer<typeof unrecordedSchema>,
): Promise<CloseRunOutput> {
  const state = await stateOf(deps, given.run, undefined);
  await write(deps, { ...state, outcome: given.outcome });
  return { closed: true, detail: 'a short record was written, and the lease was given back' };
}

async function write(deps: CloseRunDeps, state: ClosingState): Promise<void> {
  const now = deps.clock.now();
  await deps.ledger.finish(recordOf(state, iso(now)), releaseOf(deps.config, state, now));
  await endTurn(deps, state.run.execution);
  deps.log.info('the run was closed', { execution: state.run.execution, outcome: state.outcome.name });
}

/**
 * Whatever this execution holds goes back. Where users are not on the primary, or nobody knows where they are, automation
 * rests as after any run that moved them; where they are on the standby, until a person acknowledges.
 */
function releaseOf(config: Config, state: ClosingState, now: number): LeaseRelease | null {
  const { run, outcome, world } = state;
  if (run.dryRun || outcome.name === 'NothingToDo') return null;
  const { policy } = workloadOf(config, run.workload);
  const isHome = everybodyIsOn(world.value, 'primary');
  return {
    epoch: null,
    status: outcome.name === 'Escalated' ? 'FAILED' : 'DONE',
    movedAwayAt: null,
    cooldownUntil: isHome ? null : now + policy.cooldownMinutes * 60_000,
    disarms: everybodyIsOn(world.value, 'standby'),
  };
}

async function tell(deps: CloseRunDeps, state: ClosingState): Promise<void> {
  const { displayName, url } = workloadOf(deps.config, state.run.workload);
  const record = recordOf(state, iso(deps.clock.now()));
  const { subject, text } = announcementOf(record, { name: displayName, url });
  await deps.announcer.announce({
    subject,
    text: `${text}\n\nNext: docs/procedures.md, "A run escalated". A new run may start as soon as you want one.`,
    workload: state.run.workload,
    outcome: record.outcome,
  });
}
