import * as z from 'zod';
import {
  describeAnswer,
  type Answer,
  type AnswerResult,
  type Approval,
} from '../../core/approval/approval.ts';
import { readArgs } from '../arguments.ts';
import type { Args, Command, Deps } from '../command.ts';
import { EXIT, notFound, refusal, type ExitCode } from '../exit.ts';
import { approvalLossText } from '../data-text.ts';
import { look } from '../look.ts';
import { approvalText } from '../look-text.ts';
import { nameOf, requireCaller, requireYes, switchSchema } from '../people.ts';
import { executionSchema, requireWorkload } from '../workload.ts';

const argsSchema = z.object({
  workload: z.string(),
  execution: executionSchema.optional(),
  yes: switchSchema,
});

/** What `approve` and `reject` have in common: the way they are written. */
export const decisionText = {
  operands: [{ name: 'workload', about: 'id of the workload', required: true, completes: 'workload' }],
  options: [
    { name: 'execution', value: 'NAME', about: 'the run, where more than one waits' },
    { name: 'yes', value: null, about: 'do not ask' },
  ],
  needs: 'clouds',
} as const satisfies Partial<Command>;

/** Gives a person's answer to the approval that waits. AWS says who the person is, so that nobody answers for another. */
export async function decide(answer: Answer['answer'], raw: Args, deps: Deps): Promise<ExitCode> {
  const args = readArgs(argsSchema, raw, answer);
  requireWorkload(deps.config, args.workload);
  const caller = await requireCaller(deps);
  const approval = await chooseApproval(deps, args);
  deps.out.line(approvalText(approval, deps.clock.now()).split('\n', 1)[0]);
  const loss = approvalLossText(await look(deps, args.workload), deps.clock.now());
  if (loss !== null) deps.out.line(loss);
  const question = answer === 'approve' ? 'Approve the failover of' : 'Reject the failover of';
  await requireYes(deps, `${question} ${args.workload}?`, args.yes);
  const decider = { kind: 'iam', id: caller.arn, name: nameOf(caller.arn) } as const;
  const given = { decider, answer, at: deps.clock.now() };
  const result = await deps.approvals.answer(args.workload, approval.execution, given);
  const words = describeAnswer(result);
  if (!counts(result)) throw failureOf(result, words, { workload: args.workload, arn: caller.arn });
  deps.out.line(deps.out.dress.good(words));
  deps.out.line(`Follow the run with: pilotlight status ${args.workload}`);
  deps.out.document({
    workload: args.workload,
    execution: approval.execution,
    result: result.kind,
    state: result.kind === 'decided' ? result.state : 'pending',
    missing: result.kind === 'counted' ? result.missing : 0,
    by: decider,
    loss,
  });
  return EXIT.ok;
}

async function chooseApproval(deps: Deps, args: z.output<typeof argsSchema>): Promise<Approval> {
  const { workload, execution } = args;
  if (execution !== undefined) {
    const approval = await deps.approvals.find(workload, execution);
    if (approval !== null) return approval;
    throw notFound(
      `There is no approval of ${execution} for ${workload}.`,
      `See what waits with: pilotlight status ${workload}`,
    );
  }
  const [first, ...others] = await deps.approvals.pending(workload);
  if (first === undefined) {
    throw notFound(
      `Nothing of ${workload} waits for an approval.`,
      `See where it stands with: pilotlight status ${workload}; what happened with: pilotlight history ${workload}`,
    );
  }
  if (others.length === 0) return first;
  const names = [first, ...others].map((one) => one.execution).join(', ');
  throw refusal(
    `More than one run of ${workload} waits: ${names}; nothing was decided.`,
    'Name one with --execution NAME.',
  );
}

const counts = (result: AnswerResult): result is Extract<AnswerResult, { kind: 'decided' | 'counted' }> =>
  result.kind === 'decided' || result.kind === 'counted';

function failureOf(
  result: Exclude<AnswerResult, { kind: 'decided' | 'counted' }>,
  words: string,
  { workload, arn }: { readonly workload: string; readonly arn: string },
) {
  const see = `See where it stands with: pilotlight status ${workload}`;
  switch (result.kind) {
    case 'unknown':
      return notFound(words, see);
    case 'not-allowed':
      return refusal(
        words,
        `You are ${arn}. Use the credentials of an approver (--profile NAME), or ask one.`,
      );
    case 'too-late':
      return refusal(words, `Start again with: pilotlight failover ${workload} --reason "..."`);
    case 'same-person':
    case 'already':
      return refusal(words, see);
  }
}
