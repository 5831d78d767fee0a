import * as z from 'zod';
import type { Approval } from '../../core/approval/approval.ts';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config, Workload } from '../../core/config/schema.ts';
import { lossOf, type Loss } from '../../core/data/loss.ts';
import type { DataReports } from '../../core/data/ports.ts';
import { ApprovalTimedOut, InvalidInput } from '../../core/errors.ts';
import type { Approvals, Clock, Ledger, Log, Messenger } from '../../core/ports.ts';
import { APPROVAL_ROUND_SECONDS } from '../../core/run/run.ts';
import { questionMessage, reminderMessage } from '../../core/slack/question.ts';
import { writesEndAt } from '../../core/run/writes-end.ts';
import { workflowStateSchema } from '../../core/run/state.ts';
import { recall } from '../data.ts';
import type { Step } from '../runtime.ts';
import { readInput, renewUnlessOrdered, stepSchema } from '../step-input.ts';

const inputSchema = stepSchema.extend({
  /** What the workflow knows so far: the evidence that people are shown. */
  state: workflowStateSchema.partial({ outcome: true }),
  /** 1 is the question; some of the later ones are reminders. */
  round: z.int().positive(),
  /** Whoever has it can end the waiting, so it goes into the ledger and nowhere else. */
  taskToken: z.string().min(1).max(2048),
});
type Input = z.infer<typeof inputSchema>;
type Gate = Extract<Workload['policy']['approval'], { mode: 'required' }>;

export interface RequestApprovalDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly approvals: Approvals;
  readonly reports: Pick<DataReports, 'read'>;
  /** Absent where no Slack is configured: then people answer by the command line. */
  readonly messenger: Messenger | null;
}

/** Asks people. The step goes on waiting after this function has returned; a decision in the ledger wakes it. */
export const makeRequestApproval =
  (deps: RequestApprovalDeps): Step =>
  async (raw): Promise<{ asked: 'in-slack' | 'in-the-ledger' }> => {
    const input = readInput('request-approval', inputSchema, raw);
    const workload = workloadOf(deps.config, input.run.workload);
    const gate = gateOf(workload);
    await renewUnlessOrdered(deps, { run: input.run, lease: input.lease }, { workload });
    const approval = await deps.approvals.open(newApproval(deps.clock, input, gate), input.taskToken);
    if (approval.state !== 'pending') return { asked: 'in-the-ledger' };
    refuseLate(approval, deps.clock.now());
    return tellPeople(deps, { input, approval, workload });
  };

/**
 * The workflow counts rounds, and a round whose question had to be repeated lasts longer than the others: the time limit is
 * that of the clock.
 */
function refuseLate(approval: Approval, now: number): void {
  if (now < approval.expiresAt) return;
  const seconds = Math.round((now - approval.requestedAt) / 1000);
  throw new ApprovalTimedOut(
    `Nobody has answered within ${seconds} s (policy.approval.timeLimitSeconds); policy.approval.onTimeout says what follows.`,
  );
}

function gateOf(workload: Workload): Gate {
  const { approval } = workload.policy;
  if (approval.mode === 'required') return approval;
  throw new InvalidInput('The input of request-approval', [
    'policy.approval.mode: got "none", expected "required": workflow and functions are of different versions',
  ]);
}

/** Whether a reminder falls into this round; the first round is the question itself. */
function isReminder(round: number, reminderSeconds: number): boolean {
  const elapsed = (round - 1) * APPROVAL_ROUND_SECONDS;
  return round > 1 && elapsed % reminderSeconds < APPROVAL_ROUND_SECONDS;
}

function newApproval(clock: Clock, input: Input, gate: Gate): Approval {
  const now = clock.now();
  return {
    execution: input.run.execution,
    workload: input.run.workload,
    state: 'pending',
    needed: gate.approvals,
    approvers: gate.approvers,
    answers: [],
    requestedAt: now,
    expiresAt: now + gate.timeLimitSeconds * 1000,
    message: null,
  };
}

/** Slack may be down with the rest: that is written to the log, and the command line can approve all the same. */
async function tellPeople(
  deps: RequestApprovalDeps,
  about: { readonly input: Input; readonly approval: Approval; readonly workload: Workload },
): Promise<{ asked: 'in-slack' | 'in-the-ledger' }> {
  const { input, approval, workload } = about;
  if (deps.messenger === null) return { asked: 'in-the-ledger' };
  try {
    if (approval.message === null) {
      const loss = await lossNow(deps, input);
      const posted = await deps.messenger.post(
        questionMessage({ approval, workload, state: input.state, loss }),
      );
      await deps.approvals.noteMessage(approval.workload, approval.execution, posted);
    } else if (isReminder(input.round, gateOf(workload).reminderSeconds)) {
      await deps.messenger.post({
        ...reminderMessage(approval, deps.clock.now(), await lossNow(deps, input)),
        thread: approval.message.ts,
      });
    }
    return { asked: 'in-slack' };
  } catch (error) {
    deps.log.warn('people could not be asked in Slack; "pilotlight approve" works all the same', { error });
    return { asked: 'in-the-ledger' };
  }
}

/**
 * The loss by the newest figure: the one that was measured before the question, until the ledger has a later one. It is at most
 * a minute old; and this function, which may decide, stays without the rights of those that speak to Azure.
 */
async function lossNow(deps: RequestApprovalDeps, { state }: Input): Promise<Loss | undefined> {
  const measured = state.loss?.value;
  // The promise of a planned move is not that of the store: whether it can be kept is looked at before users see the page.
  if (measured?.planned !== undefined) return measured;
  const report = await recall(deps, state.run.workload);
  if (report === null) return measured;
  if (measured !== undefined && report.measuredAt <= measured.measuredAt) return measured;
  return lossOf(report, writesEndAt(state, deps.clock.now()));
}
