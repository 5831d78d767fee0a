import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { approvalSchema, type Approval } from '../../../core/approval/approval.ts';
import { CloudAnswerUnreadable } from '../../../core/errors.ts';
import { readAnswer } from '../answer.ts';
import { number, text, type ItemKey } from '../ledger/ledger-items.ts';

/** Beginning of the sort keys of all approvals of a workload. */
export const APPROVAL_PREFIX = 'approval#';

export const partitionOf = (workload: string): AttributeValue => text(`workload#${workload}`);
export const approvalKey = (workload: string, execution: string): ItemKey => ({
  pk: partitionOf(workload),
  sk: text(`${APPROVAL_PREFIX}${execution}`),
});

/** An approval with what only the ledger knows of it. */
export interface ApprovalItem {
  readonly approval: Approval;
  /** Of the step that waits now; null when none waits any more. */
  readonly taskToken: string | null;
  /** Grows with every write; a write names the version that it was decided on. */
  readonly version: number;
}

const itemSchema = z.object({
  approval: z.object({ S: z.string() }),
  taskToken: z.object({ S: z.string().min(1) }).optional(),
  version: z.object({ N: z.string().regex(/^\d{1,15}$/) }),
});

/** @throws CloudAnswerUnreadable, which keeps the record's own words to itself: the token stands beside them. */
export function readApprovalItem(call: string, item: Record<string, AttributeValue>): ApprovalItem {
  const { approval, taskToken, version } = readAnswer(call, itemSchema, item);
  return {
    approval: readAnswer(call, approvalSchema, parseJson(call, approval.S)),
    taskToken: taskToken?.S ?? null,
    version: Number(version.N),
  };
}

function parseJson(call: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new CloudAnswerUnreadable(call, ['the approval in the ledger is not JSON']);
  }
}

/** The whole item of the next version; the token is an attribute of its own, so that nobody reads it by accident. */
export function approvalAttributes({
  approval,
  taskToken,
  version,
}: ApprovalItem): Record<string, AttributeValue> {
  return {
    ...approvalKey(approval.workload, approval.execution),
    approval: text(JSON.stringify(approval)),
    state: text(approval.state),
    version: number(version),
    ...(taskToken === null ? {} : { taskToken: text(taskToken) }),
  };
}
