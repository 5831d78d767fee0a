import * as z from 'zod';
import { InvalidInput } from '../errors.ts';
import type { Config } from '../config/schema.ts';
import { describeIssues } from '../problems.ts';
import type { Run } from './run.ts';
import { readStart } from './trigger.ts';

/* Ends of an execution that its own last steps did not see: stopped by a person, by the time limit, or by an error of its own. */

export const endedStatuses = ['ABORTED', 'TIMED_OUT', 'FAILED'] as const;

/** What EventBridge is asked for: executions of the workflows that ended without succeeding. */
export const endedPatternOf = (machineArns: readonly string[]) => ({
  source: ['aws.states'],
  'detail-type': ['Step Functions Execution Status Change'],
  detail: { status: [...endedStatuses], stateMachineArn: [...machineArns] },
});

/**
 * The event, as far as it is used; dates are milliseconds since the Unix epoch. An input of more than 248 KB is left out.
 * Source: Step Functions Developer Guide, "Automating Step Functions event delivery with EventBridge".
 */
const endedEventSchema = z.object({
  source: z.literal('aws.states'),
  'detail-type': z.literal('Step Functions Execution Status Change'),
  detail: z.object({
    name: z.string().min(1),
    status: z.enum(endedStatuses),
    startDate: z.number(),
    input: z.string(),
    error: z.string().nullish(),
    cause: z.string().nullish(),
  }),
});

/** An execution that ended without succeeding, as Step Functions describes it. Times are milliseconds since the Unix epoch. */
export interface EndedRun {
  readonly name: string;
  readonly status: (typeof endedStatuses)[number];
  readonly startedAt: number;
  readonly endedAt: number;
  readonly input: string;
  readonly error: string | null;
  readonly cause: string | null;
}

/** The event of an end that nobody has heard of, as EventBridge would have told it. */
export const endedEventOf = ({ name, status, startedAt, input, error, cause }: EndedRun) => ({
  source: 'aws.states',
  'detail-type': 'Step Functions Execution Status Change',
  detail: { name, status, startDate: startedAt, input, error, cause },
});

/**
 * A run that holds a lease and that Step Functions does not know: its machine was made anew, or the ledger is an older copy. All
 * that is left of it are its name and the end of its lease, the same however often this is asked.
 */
export function forgottenRun(left: {
  readonly workload: string;
  readonly execution: string;
  /** When its lease ended. */
  readonly endedAt: number;
}): EndedRun {
  const at = left.endedAt;
  return {
    name: left.execution,
    status: 'FAILED',
    startedAt: at,
    endedAt: at,
    input: JSON.stringify({
      workload: left.workload,
      reason: 'not known any more: only its lease was left',
      requestedBy: 'not known any more',
    }),
    error: 'ExecutionDoesNotExist',
    cause: 'Step Functions does not know the run that holds the lease',
  };
}

/** The name under which a run ends that could not tell anybody how it ended. */
export const NOBODY_WAS_TOLD = 'NobodyWasTold';

/** An execution that ended; `run` is null where it was refused at the door, so that nothing was touched. */
export interface Ended {
  readonly run: Run | null;
  /** Its own last steps ran, but nobody heard of them. */
  readonly untold: boolean;
  /** How it ended, by a name and in words. */
  readonly failure: { readonly Error: string; readonly Cause: string };
}

const words = {
  ABORTED: ['ExecutionAborted', 'somebody stopped the execution, so that its last steps did not run'],
  TIMED_OUT: ['ExecutionTimedOut', 'the execution was stopped by its time limit, without its last steps'],
  FAILED: ['ExecutionFailed', 'the execution failed'],
} as const;

/** Reads the event of an execution that ended. @throws InvalidInput where it is no such event, or its input was left out. */
export function readEnded(config: Config, raw: unknown): Ended {
  const parsed = endedEventSchema.safeParse(raw);
  if (!parsed.success) throw new InvalidInput('The event of an execution', describeIssues(parsed.error, raw));
  const { name, status, startDate, input, error, cause } = parsed.data.detail;
  const [Error, text] = words[status];
  const said = [error, cause].filter((part) => part != null && part !== '').join(': ');
  return {
    run: runOf(config, { input, execution: name, startedAt: new Date(startDate).toISOString() }),
    untold: error === NOBODY_WAS_TOLD,
    failure: { Error, Cause: said === '' ? text : `${text} (${said})` },
  };
}

function runOf(
  config: Config,
  start: { readonly input: string; readonly execution: string; readonly startedAt: string },
): Run | null {
  try {
    return readStart(config, { ...start, input: JSON.parse(start.input) as unknown });
  } catch (error) {
    // What the workflow's own door refuses has touched nothing.
    if (error instanceof InvalidInput) return null;
    throw error;
  }
}
