import {
  takeAnswer,
  type Answer,
  type AnswerResult,
  type Approval,
} from '../../../core/approval/approval.ts';
import { CloudRefused } from '../../../core/errors.ts';
import type { Approvals, Clock } from '../../../core/ports.ts';
import type { ApprovalItem } from './approval-items.ts';
import { makeApprovalTable, type ApprovalTable, type Change } from './approval-table.ts';
import type { AwsAccess } from '../client.ts';
import { makeTaskCallback, type TellWaitingStep } from './task-callback.ts';

export interface ApprovalsOptions extends AwsAccess {
  readonly tableName: string;
  readonly clock: Clock;
}

/** What the waiting step is told, and with it the workflow. */
interface Decision {
  readonly decision: 'approved' | 'rejected';
  /** The names of those whose answers made it. */
  readonly by: readonly string[];
  /** ISO 8601. */
  readonly at: string;
}

/**
 * Approvals in the ledger table: `pk` is the workload, `sk` is `approval#EXECUTION`. The record decides and the workflow is
 * told afterwards, as often as it takes: a decision that was written and not told is told by the next who looks at it,
 * at the latest by the step that asks again.
 */
export function makeApprovals(options: ApprovalsOptions): Approvals {
  const table = makeApprovalTable(options);
  const tell = makeTaskCallback(options);
  return {
    async open(approval, taskToken) {
      const { item } = await table.change(approval, (found) => opened(found, approval, taskToken));
      await tellDecision(tell, item);
      return item?.approval ?? approval;
    },
    find: async (workload, execution) => (await table.read({ workload, execution }))?.approval ?? null,
    async pending(workload) {
      const now = options.clock.now();
      const approvals = await table.list(workload);
      // A record whose workflow died is never closed; nobody can answer it any more.
      return approvals.filter(({ state, expiresAt }) => state === 'pending' && expiresAt >= now);
    },
    answer: (workload, execution, answer) => takeAndTell({ table, tell }, { workload, execution }, answer),
    async noteMessage(workload, execution, message) {
      await table.change({ workload, execution }, (found) => {
        const { approval, taskToken } = existing(found, execution);
        return { next: { approval: { ...approval, message }, taskToken }, result: null };
      });
    },
    async close(workload, execution) {
      await table.change({ workload, execution }, closed);
    },
  };
}

/** A new record, or the one that is there with the token of the step that asks now. */
function opened(found: ApprovalItem | null, approval: Approval, taskToken: string): Change<null> {
  if (found === null) return { next: { approval, taskToken }, result: null };
  // A closed record has nobody who waits for it, so no token is kept where none can be of use.
  if (found.approval.state === 'closed' || found.taskToken === taskToken) return { next: null, result: null };
  return { next: { approval: found.approval, taskToken }, result: null };
}

/** A decision stays what it was, for the history; only a question that is still open is closed. The token is dropped. */
function closed(found: ApprovalItem | null): Change<null> {
  if (found === null) return { next: null, result: null };
  const { approval, taskToken } = found;
  if (approval.state !== 'pending' && taskToken === null) return { next: null, result: null };
  const state = approval.state === 'pending' ? 'closed' : approval.state;
  return { next: { approval: { ...approval, state }, taskToken: null }, result: null };
}

async function takeAndTell(
  parts: { readonly table: ApprovalTable; readonly tell: TellWaitingStep },
  id: { readonly workload: string; readonly execution: string },
  answer: Answer,
): Promise<AnswerResult> {
  const { item, result } = await parts.table.change(id, (found) => answered(found, answer));
  // Told again where it was decided before: whoever decided may have died between the writing and the telling.
  if (result.kind === 'decided' || result.kind === 'already') await tellDecision(parts.tell, item);
  return result;
}

function answered(found: ApprovalItem | null, answer: Answer): Change<AnswerResult> {
  const known = found === null ? null : resultOfSameAnswer(found.approval, answer);
  if (known !== null) return { next: null, result: known };
  const result = takeAnswer(found?.approval ?? null, answer);
  if (found === null || (result.kind !== 'decided' && result.kind !== 'counted')) {
    return { next: null, result };
  }
  const state = result.kind === 'decided' ? result.state : 'pending';
  const approval: Approval = { ...found.approval, state, answers: [...result.answers] };
  return { next: { approval, taskToken: found.taskToken }, result };
}

/** What an answer came to that the record holds already, to the millisecond: a repeated delivery of one click. */
function resultOfSameAnswer(approval: Approval, answer: Answer): AnswerResult | null {
  const { answers, state } = approval;
  const isSame = (one: Answer): boolean =>
    one.at === answer.at &&
    one.answer === answer.answer &&
    one.decider.kind === answer.decider.kind &&
    one.decider.id === answer.decider.id;
  if (!answers.some(isSame)) return null;
  if (state === 'approved' || state === 'rejected') return { kind: 'decided', state, answers };
  return state === 'pending' ? { kind: 'counted', answers, missing: approval.needed - answers.length } : null;
}

/** Tells the step that waits, if the record is decided and one waits. */
async function tellDecision(tell: TellWaitingStep, item: ApprovalItem | null): Promise<void> {
  const decision = item === null ? null : decisionOf(item.approval);
  if (decision === null || item?.taskToken == null) return;
  await tell(item.taskToken, decision);
}

function decisionOf({ state, answers }: Approval): Decision | null {
  if (state !== 'approved' && state !== 'rejected') return null;
  const decisive = answers.filter(({ answer }) => (answer === 'reject') === (state === 'rejected'));
  const at = Math.max(...answers.map((answer) => answer.at));
  return {
    decision: state,
    by: decisive.map(({ decider }) => decider.name || decider.id),
    at: new Date(at).toISOString(),
  };
}

function existing(found: ApprovalItem | null, execution: string): ApprovalItem {
  if (found !== null) return found;
  throw new CloudRefused({
    call: 'DynamoDB GetItem',
    got: `no approval of the execution ${execution} in the ledger`,
    next: 'Look at "pilotlight status" for what is waiting; the approval is opened by the workflow alone.',
  });
}
