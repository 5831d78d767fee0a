import { DescribeExecutionCommand, ExecutionDoesNotExist, SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { executionStatuses } from '../../../core/ledger/operations.ts';
import { executionArnOf } from '../../../core/names.ts';
import type { RunEnds } from '../../../core/ports.ts';
import { readAnswer } from '../answer.ts';
import { type AwsAccess, clientOptions, lazily } from '../client.ts';
import { translate } from '../errors.ts';

const DESCRIBE = 'Step Functions DescribeExecution';

const answerSchema = z.object({
  name: z.string(),
  status: z.enum(executionStatuses),
  startDate: z.date(),
  stopDate: z.date().optional(),
  /** Left out where it is too long, as in the event. */
  input: z.string().optional(),
  error: z.string().optional(),
  cause: z.string().optional(),
});

/** How the executions of the workflow stand, for whoever watches over them. */
export function makeRunEnds(options: AwsAccess & { readonly account: string }): RunEnds {
  const client = lazily(() => new SFNClient(clientOptions(options)));
  return {
    async of(execution) {
      try {
        const command = new DescribeExecutionCommand({ executionArn: executionArnOf(options, execution) });
        const { status, ...answer } = readAnswer(DESCRIBE, answerSchema, await client().send(command));
        if (status === 'RUNNING' || status === 'PENDING_REDRIVE') return { kind: 'goes-on' };
        if (status === 'SUCCEEDED') return { kind: 'succeeded' };
        const { name, startDate, stopDate = startDate, input = '', error = null, cause = null } = answer;
        const times = { startedAt: startDate.getTime(), endedAt: stopDate.getTime() };
        return { kind: 'ended', run: { name, status, ...times, input, error, cause } };
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return { kind: 'unknown' };
        throw translate(DESCRIBE, error);
      }
    },
  };
}
