import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { executionArnOf, machineArnOf } from '../../../core/names.ts';
import {
  executionStatuses,
  type Execution,
  type ExecutionEvent,
  type Workflow,
} from '../../../core/ledger/operations.ts';
import { readAnswer } from '../answer.ts';
import { type AwsAccess, clientOptions, lazily } from '../client.ts';
import { translate } from '../errors.ts';

export interface WorkflowOptions extends AwsAccess {
  readonly account: string;
}

const START = 'Step Functions StartExecution';
const STOP = 'Step Functions StopExecution';
const DESCRIBE = 'Step Functions DescribeExecution';
const LIST = 'Step Functions ListExecutions';
const HISTORY = 'Step Functions GetExecutionHistory';

/** Most events of one page; one look at a running execution needs a handful. */
const EVENTS_PAGE = 100;

/** The name under which a stopped execution fails; its cause carries the person's words. */
const STOPPED_BY_HAND = 'StoppedByHand';
/** Source: API reference of StopExecution: a cause has at most 32768 characters; nobody reads more than this. */
const CAUSE_LENGTH_MAX = 1_000;

const executionSchema = z.object({
  name: z.string(),
  status: z.enum(executionStatuses),
  startDate: z.date(),
  stopDate: z.date().optional(),
  error: z.string().optional(),
  cause: z.string().optional(),
  /** A list tells none, and one that is too long is left out. */
  input: z.string().optional(),
});
const listSchema = z.object({ executions: z.array(executionSchema).default([]) });
const failureSchema = z.object({ error: z.string().optional(), cause: z.string().optional() });
const stateSchema = z.object({ name: z.string() });
/** Every kind of event has its details under a name of its own; only what people follow is named here. */
const eventSchema = z.object({
  id: z.int(),
  timestamp: z.date(),
  type: z.string(),
  stateEnteredEventDetails: stateSchema.optional(),
  stateExitedEventDetails: stateSchema.optional(),
  taskFailedEventDetails: failureSchema.optional(),
  taskTimedOutEventDetails: failureSchema.optional(),
  lambdaFunctionFailedEventDetails: failureSchema.optional(),
  lambdaFunctionTimedOutEventDetails: failureSchema.optional(),
  executionFailedEventDetails: failureSchema.optional(),
  executionAbortedEventDetails: failureSchema.optional(),
  executionTimedOutEventDetails: failureSchema.optional(),
});
const historySchema = z.object({
  events: z.array(eventSchema).default([]),
  nextToken: z.string().optional(),
});

/** The failover workflow in Step Functions. It is found by its fixed name in the controller's account and Region. */
export function makeWorkflow(options: WorkflowOptions): Workflow {
  const client = lazily(() => new SFNClient(clientOptions(options)));
  const machine = machineArnOf(options);
  const arnOf = (name: string): string => executionArnOf(options, name);
  return {
    async start(name, input) {
      const command = new StartExecutionCommand({
        stateMachineArn: machine,
        name,
        input: JSON.stringify(input),
      });
      return call(START, async () => {
        const answer = readAnswer(START, z.object({ startDate: z.date() }), await client().send(command));
        return { startedAt: answer.startDate.getTime() };
      });
    },
    async stop(name, why) {
      const command = new StopExecutionCommand({
        executionArn: arnOf(name),
        error: STOPPED_BY_HAND,
        cause: why.slice(0, CAUSE_LENGTH_MAX),
      });
      return orNull(STOP, async () => {
        const answer = readAnswer(STOP, z.object({ stopDate: z.date() }), await client().send(command));
        return { stoppedAt: answer.stopDate.getTime() };
      });
    },
    async describe(name) {
      const command = new DescribeExecutionCommand({ executionArn: arnOf(name) });
      return orNull(DESCRIBE, async () =>
        executionOf(readAnswer(DESCRIBE, executionSchema, await client().send(command))),
      );
    },
    async list(status, limit) {
      const command = new ListExecutionsCommand({
        stateMachineArn: machine,
        statusFilter: status,
        maxResults: limit,
      });
      return call(LIST, async () =>
        readAnswer(LIST, listSchema, await client().send(command)).executions.map(executionOf),
      );
    },
    events: (name, afterId) => call(HISTORY, () => eventsAfter(client(), arnOf(name), afterId)),
  };
}

async function call<T>(what: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw translate(what, error);
  }
}

/** An execution that does not exist is an answer; everything else that goes wrong is not. */
async function orNull<T>(what: string, send: () => Promise<T>): Promise<T | null> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return null;
    throw translate(what, error);
  }
}

/** From the new end backwards until the known event, so that a look costs one call however long the history is. */
async function eventsAfter(
  client: SFNClient,
  executionArn: string,
  afterId: number,
): Promise<ExecutionEvent[]> {
  const found: ExecutionEvent[] = [];
  let nextToken: string | undefined;
  do {
    const command = new GetExecutionHistoryCommand({
      executionArn,
      reverseOrder: true,
      maxResults: EVENTS_PAGE,
      // Inputs and outputs would carry task tokens, and a terminal remembers what it shows.
      includeExecutionData: false,
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    const page = readAnswer(HISTORY, historySchema, await client.send(command));
    const fresh = page.events.filter((event) => event.id > afterId);
    found.push(...fresh.map(eventOf));
    nextToken = fresh.length === page.events.length ? page.nextToken : undefined;
  } while (nextToken !== undefined);
  return found.reverse();
}

const executionOf = (answer: z.output<typeof executionSchema>): Execution => ({
  name: answer.name,
  status: answer.status,
  startedAt: answer.startDate.getTime(),
  stoppedAt: answer.stopDate?.getTime() ?? null,
  error: answer.error ?? null,
  cause: answer.cause ?? null,
  ...(isPlanned(answer.input) ? { planned: true } : {}),
});

const plannedSchema = z.object({ planned: z.literal(true) });

function isPlanned(input: string | undefined): boolean {
  try {
    return plannedSchema.safeParse(JSON.parse(input ?? 'null')).success;
  } catch {
    // Whoever started it by hand wrote something else; its own door refuses that.
    return false;
  }
}

function eventOf(event: z.output<typeof eventSchema>): ExecutionEvent {
  const state = event.stateEnteredEventDetails ?? event.stateExitedEventDetails;
  const failure =
    event.taskFailedEventDetails ??
    event.taskTimedOutEventDetails ??
    event.lambdaFunctionFailedEventDetails ??
    event.lambdaFunctionTimedOutEventDetails ??
    event.executionFailedEventDetails ??
    event.executionAbortedEventDetails ??
    event.executionTimedOutEventDetails;
  return {
    id: event.id,
    at: event.timestamp.getTime(),
    type: event.type,
    state: state?.name ?? null,
    error: failure?.error ?? null,
    cause: failure?.cause ?? null,
  };
}
