import * as z from 'zod';

/** Somebody who may decide: a Slack user, or an IAM principal who uses the command line. */
export const deciderSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('slack'), id: z.string().min(1), name: z.string() }),
  z.strictObject({ kind: z.literal('iam'), id: z.string().min(1), name: z.string() }),
]);
export type Decider = z.infer<typeof deciderSchema>;

/** One person's answer. Times are milliseconds since the Unix epoch. */
export const answerSchema = z.strictObject({
  decider: deciderSchema,
  answer: z.enum(['approve', 'reject']),
  at: z.int(),
});
export type Answer = z.infer<typeof answerSchema>;

/** Who may decide, and how many must agree. */
export const approversSchema = z.strictObject({
  slackUserIds: z
    .array(z.string().regex(/^[UW][A-Z0-9]{2,20}$/, 'a Slack user id such as U012AB3CD'))
    .default([])
    .describe('Ids of Slack users, not their names'),
  principals: z
    .array(
      z
        .string()
        .regex(
          /^arn:aws:(?:iam|sts)::\d{12}:\S+$/,
          'the ARN of an IAM user, role or assumed role; * at its end',
        ),
    )
    .default([])
    .describe(
      'IAM principals who decide by the command line; one that ends with * stands for all that begin so',
    ),
});
export type Approvers = z.infer<typeof approversSchema>;

/**
 * An approval as the ledger keeps it, one for each execution. The task token is kept beside it and never leaves the
 * ledger and the workflow: whoever has it could decide.
 */
export const approvalSchema = z.strictObject({
  /** The name of the execution: an approval has no other id. */
  execution: z.string().min(1),
  workload: z.string().min(1),
  state: z.enum(['pending', 'approved', 'rejected', 'closed']),
  needed: z.literal([1, 2]),
  approvers: approversSchema,
  answers: z.array(answerSchema),
  requestedAt: z.int(),
  /** After this moment an answer comes too late. */
  expiresAt: z.int(),
  /** Where the question stands in Slack; null until it was posted, and where Slack is down. */
  message: z.strictObject({ channel: z.string(), ts: z.string() }).nullable(),
});
export type Approval = z.infer<typeof approvalSchema>;

/** What a person's answer comes to. Only `counted` and `decided` change the record. */
export type AnswerResult =
  | { readonly kind: 'decided'; readonly state: 'approved' | 'rejected'; readonly answers: readonly Answer[] }
  | { readonly kind: 'counted'; readonly answers: readonly Answer[]; readonly missing: number }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'not-allowed' }
  | { readonly kind: 'too-late' }
  | { readonly kind: 'same-person' }
  | {
      readonly kind: 'already';
      readonly state: 'approved' | 'rejected' | 'closed';
      readonly by: Answer | null;
    };

/** Whether a principal matches one of the patterns: equal, or beginning with what stands before a final `*`. */
const matchesArn = (pattern: string, arn: string): boolean =>
  pattern.endsWith('*') ? arn.startsWith(pattern.slice(0, -1)) : arn === pattern;

const mayDecide = (approvers: Approvers, decider: Decider): boolean =>
  decider.kind === 'slack'
    ? approvers.slackUserIds.includes(decider.id)
    : approvers.principals.some((pattern) => matchesArn(pattern, decider.id));

/**
 * What an answer comes to, given the record as it is. One rejection decides; approvals are counted, one for each person.
 * The order of the questions is the order in which an operator would want to be told.
 */
export function takeAnswer(approval: Approval | null, answer: Answer): AnswerResult {
  if (approval === null) return { kind: 'unknown' };
  if (!mayDecide(approval.approvers, answer.decider)) return { kind: 'not-allowed' };
  if (approval.state !== 'pending') {
    return { kind: 'already', state: approval.state, by: approval.answers.at(-1) ?? null };
  }
  if (answer.at > approval.expiresAt) return { kind: 'too-late' };
  const answers = [...approval.answers, answer];
  if (answer.answer === 'reject') return { kind: 'decided', state: 'rejected', answers };
  const known = approval.answers.some(
    ({ decider }) => decider.kind === answer.decider.kind && decider.id === answer.decider.id,
  );
  if (known) return { kind: 'same-person' };
  const missing = approval.needed - answers.length;
  return missing > 0
    ? { kind: 'counted', answers, missing }
    : { kind: 'decided', state: 'approved', answers };
}

/** The words for the person who answered. */
export function describeAnswer(result: AnswerResult): string {
  switch (result.kind) {
    case 'decided':
      return result.state === 'approved'
        ? 'Approved: the failover goes on.'
        : 'Rejected: the failover stops.';
    case 'counted':
      return `Counted. ${result.missing} more approval by another person is needed.`;
    case 'unknown':
      return 'There is no such approval; look at "pilotlight status" for what is waiting.';
    case 'not-allowed':
      return 'You are not among the approvers of this workload (policy.approval.approvers); nothing was changed.';
    case 'too-late':
      return 'The time limit of this approval is over; nothing was changed. Start a new run if it is still needed.';
    case 'same-person':
      return 'You have approved already; a second person must.';
    case 'already':
      return `This is decided already: ${result.state}${result.by === null ? '' : ` by ${result.by.decider.name}`}.`;
  }
}
