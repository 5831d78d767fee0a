import * as z from 'zod';
import { jsonAnswer, requestIds, signatureProblem } from './aws-wire.ts';
import type { Service, WireRequest, WireResponse } from './wire-shape.ts';

/** One event of a simulated execution. */
export interface SimulatedEvent {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly type: string;
  /** The member with what this kind of event carries, for instance `stateEnteredEventDetails`. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** One execution of the simulated state machine. */
export interface SimulatedExecution {
  readonly name: string;
  readonly input: string;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  stoppedAt: number | null;
  error: string | null;
  cause: string | null;
  readonly events: SimulatedEvent[];
}

/** The executions of one state machine, and what starts them. */
export interface StepFunctionsState {
  readonly region: string;
  readonly account: string;
  readonly machine: string;
  /** By name. */
  readonly executions: Map<string, SimulatedExecution>;
  /** Called with every new execution, which runs until somebody changes its status. */
  readonly onStart?: (execution: SimulatedExecution) => void;
}

/** A refusal of the service, by the name of its exception. */
class Refused extends Error {
  override readonly name: string;
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

const TARGET = 'AWSStepFunctions.';
/** Source: API reference of StartExecution: 1 to 80 characters; no spaces, brackets, wildcards or control characters. */
const NAME = /^[A-Za-z0-9_-]{1,80}$/;

const startSchema = z.strictObject({ stateMachineArn: z.string(), name: z.string(), input: z.string() });
const stopSchema = z.strictObject({ executionArn: z.string(), error: z.string(), cause: z.string() });
const describeSchema = z.strictObject({ executionArn: z.string() });
const listSchema = z.strictObject({
  stateMachineArn: z.string(),
  statusFilter: z.string(),
  maxResults: z.int().min(1).max(1_000),
});
const historySchema = z.strictObject({
  executionArn: z.string(),
  reverseOrder: z.boolean(),
  maxResults: z.int().min(1).max(1_000),
  includeExecutionData: z.literal(false),
  nextToken: z.string().optional(),
});

/** Dates are seconds since the Unix epoch, with a fraction. */
const secondsOf = (ms: number): number => ms / 1_000;

type Operation = (state: StepFunctionsState, body: unknown) => Record<string, unknown>;

const machineArn = ({ region, account, machine }: StepFunctionsState): string =>
  `arn:aws:states:${region}:${account}:stateMachine:${machine}`;
const arnOf = ({ region, account, machine }: StepFunctionsState, name: string): string =>
  `arn:aws:states:${region}:${account}:execution:${machine}:${name}`;

function refuseMachine(state: StepFunctionsState, arn: string): void {
  if (arn !== machineArn(state))
    throw new Refused('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
}

function executionOf(state: StepFunctionsState, arn: string): SimulatedExecution {
  const found = [...state.executions.values()].find(({ name }) => arnOf(state, name) === arn);
  if (found === undefined) throw new Refused('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  return found;
}

const listed = (state: StepFunctionsState, execution: SimulatedExecution): Record<string, unknown> => ({
  executionArn: arnOf(state, execution.name),
  stateMachineArn: machineArn(state),
  name: execution.name,
  status: execution.status,
  startDate: secondsOf(execution.startedAt),
  ...(execution.stoppedAt === null ? {} : { stopDate: secondsOf(execution.stoppedAt) }),
});

const start: Operation = (state, body) => {
  const { stateMachineArn, name, input } = startSchema.parse(body);
  refuseMachine(state, stateMachineArn);
  if (!NAME.test(name)) throw new Refused('InvalidName', `Invalid Name: '${name}'`);
  const known = state.executions.get(name);
  if (known !== undefined) {
    // Asking again is harmless only with the same input, and only while it runs.
    if (known.status !== 'RUNNING' || known.input !== input) {
      throw new Refused('ExecutionAlreadyExists', `Execution Already Exists: '${arnOf(state, name)}'`);
    }
    return { executionArn: arnOf(state, name), startDate: secondsOf(known.startedAt) };
  }
  const startedAt = Date.now();
  const execution: SimulatedExecution = {
    name,
    input,
    startedAt,
    status: 'RUNNING',
    stoppedAt: null,
    error: null,
    cause: null,
    events: [{ at: startedAt, type: 'ExecutionStarted' }],
  };
  state.executions.set(name, execution);
  state.onStart?.(execution);
  return { executionArn: arnOf(state, name), startDate: secondsOf(startedAt) };
};

const stop: Operation = (state, body) => {
  const { executionArn, error, cause } = stopSchema.parse(body);
  const execution = executionOf(state, executionArn);
  if (execution.status === 'RUNNING') {
    const at = Date.now();
    Object.assign(execution, { status: 'ABORTED', stoppedAt: at, error, cause });
    execution.events.push({
      at,
      type: 'ExecutionAborted',
      details: { executionAbortedEventDetails: { error, cause } },
    });
  }
  return { stopDate: secondsOf(execution.stoppedAt ?? Date.now()) };
};

const describe: Operation = (state, body) => {
  const execution = executionOf(state, describeSchema.parse(body).executionArn);
  const { error, cause, input } = execution;
  return {
    ...listed(state, execution),
    input,
    ...(error === null ? {} : { error }),
    ...(cause === null ? {} : { cause }),
  };
};

const list: Operation = (state, body) => {
  const { stateMachineArn, statusFilter, maxResults } = listSchema.parse(body);
  refuseMachine(state, stateMachineArn);
  const executions = [...state.executions.values()]
    .filter(({ status }) => status === statusFilter)
    .sort((a, b) => b.startedAt - a.startedAt)
    .slice(0, maxResults)
    .map((execution) => listed(state, execution));
  return { executions };
};

/** Newest first, in pages whose token is the place where the next one begins. */
const history: Operation = (state, body) => {
  const { executionArn, reverseOrder, maxResults, nextToken } = historySchema.parse(body);
  const { events } = executionOf(state, executionArn);
  const all = events.map(({ at, type, details }, index) => ({
    id: index + 1,
    previousEventId: index,
    timestamp: secondsOf(at),
    type,
    ...details,
  }));
  if (reverseOrder) all.reverse();
  const begin = Number(nextToken ?? '0');
  const end = begin + maxResults;
  return { events: all.slice(begin, end), ...(end < all.length ? { nextToken: String(end) } : {}) };
};

const OPERATIONS: Readonly<Record<string, Operation>> = {
  StartExecution: start,
  StopExecution: stop,
  DescribeExecution: describe,
  ListExecutions: list,
  GetExecutionHistory: history,
};

const operationOf = (request: WireRequest): Operation | undefined => {
  const target = request.headers['x-amz-target'] ?? '';
  return target.startsWith(TARGET) ? OPERATIONS[target.slice(TARGET.length)] : undefined;
};

/** Step Functions, as far as people use it. Protocol: AWS JSON 1.0, checked against @aws-sdk/client-sfn. */
export function executionsService(state: StepFunctionsState): Service {
  const nextId = requestIds(`states/${state.region}`);
  const host = `states.${state.region}.amazonaws.com`;
  const refuse = (name: string, message: string): WireResponse => ({
    status: 400,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': nextId() },
    body: JSON.stringify({ __type: `com.amazonaws.swf.service.v2.model#${name}`, message }),
  });
  return {
    name: 'states',
    handles: (request) => request.host === host && operationOf(request) !== undefined,
    answer: (request) => {
      const problem = signatureProblem(request, { region: state.region, service: 'states' });
      if (problem !== null) return refuse(problem.code, problem.message);
      try {
        return jsonAnswer(operationOf(request)?.(state, JSON.parse(request.body)), nextId());
      } catch (error) {
        if (error instanceof Refused) return refuse(error.name, error.message);
        throw error;
      }
    },
  };
}
