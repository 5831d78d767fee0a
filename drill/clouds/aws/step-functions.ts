import { jsonAnswer, requestIds, signatureProblem } from './aws-wire.ts';
import { UnexpectedCall, type Service, type WireRequest, type WireResponse } from '../wire/wire-shape.ts';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** An execution as its engine knows it. Times are milliseconds since the Unix epoch; input and output are JSON text. */
export interface ExecutionView {
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly input: string;
  readonly output: string | null;
  readonly error: string | null;
  readonly cause: string | null;
}

/** One event of a history; `details` is in the words of the API reference, such as `stateEnteredEventDetails`. */
export interface HistoryEventView {
  readonly id: number;
  readonly previousEventId: number;
  readonly at: number;
  readonly type: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What becomes of a task token that is used. `over` is a task that timed out or was answered before. */
export type TokenUse = 'taken' | 'over' | 'unknown';

/** The engine behind the service. The drill's own runs the workflow; a test may keep a list. */
export interface StepFunctionsEngine {
  readonly region: string;
  /** ARNs of the state machines that exist. */
  readonly machineArns: ReadonlySet<string>;
  succeedTask(token: string, output: unknown): TokenUse;
  failTask(token: string, failure: { readonly error: string; readonly cause: string }): TokenUse;
  start(machineArn: string, start: { readonly name: string; readonly input: string }): ExecutionView;
  /** Stops a running execution; one that is over stays as it is. */
  stop(machineArn: string, name: string, why: { readonly error: string; readonly cause: string }): void;
  executions(machineArn: string): readonly ExecutionView[];
  history(machineArn: string, name: string): readonly HistoryEventView[];
}

/** A refusal by its code. */
class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

type Members = Readonly<Record<string, unknown>>;
type Operation = (engine: StepFunctionsEngine, members: Members) => Record<string, unknown>;

const TARGET = 'AWSStepFunctions.';
const NAME = /^[A-Za-z0-9_-]{1,80}$/;
const PAGE_MAX = 1000;
/** Source: Step Functions Developer Guide, service quotas: 256 KiB of UTF-8. */
const PAYLOAD_BYTES_MAX = 262_144;

const textOf = (members: Members, name: string): string | undefined => {
  const value = members[name];
  return typeof value === 'string' ? value : undefined;
};

function only(members: Members, known: readonly string[]): void {
  const unknown = Object.keys(members).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new UnexpectedCall(`nobody simulates ${unknown.join(', ')}`);
}

function machineOf(engine: StepFunctionsEngine, arn: string | undefined): string {
  if (arn?.startsWith(`arn:aws:states:${engine.region}:`) !== true) {
    throw new Refusal('InvalidArn', `Invalid Arn: '${arn ?? ''}'`);
  }
  if (engine.machineArns.has(arn)) return arn;
  throw new Refusal('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
}

/** `…:execution:MACHINE:NAME` belongs to `…:stateMachine:MACHINE`. */
export const executionArn = (machineArn: string, name: string): string =>
  `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;

function executionOf(
  engine: StepFunctionsEngine,
  arn = '',
): { machineArn: string; execution: ExecutionView } {
  for (const machineArn of engine.machineArns) {
    const execution = engine
      .executions(machineArn)
      .find(({ name }) => executionArn(machineArn, name) === arn);
    if (execution !== undefined) return { machineArn, execution };
  }
  if (!arn.includes(':execution:')) throw new Refusal('InvalidArn', `Invalid Arn: '${arn}'`);
  throw new Refusal('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
}

const seconds = (ms: number): number => ms / 1000;

/** JSON text of at most 256 KiB; `code` is what the service calls anything else. */
function payloadOf(text: string, code: 'InvalidExecutionInput' | 'InvalidOutput'): unknown {
  try {
    if (Buffer.byteLength(text) <= PAYLOAD_BYTES_MAX) return JSON.parse(text);
  } catch {
    // Falls through to the same refusal: the service does not tell the two apart either.
  }
  throw new Refusal(code, `Invalid JSON, or more than ${PAYLOAD_BYTES_MAX} bytes`);
}

function used(use: TokenUse): Record<string, unknown> {
  if (use === 'over') throw new Refusal('TaskTimedOut', 'Task Timed Out: the provided task has expired');
  if (use === 'unknown') throw new Refusal('InvalidToken', 'Invalid Token');
  return {};
}

const startExecution: Operation = (engine, members) => {
  only(members, ['stateMachineArn', 'name', 'input']);
  const machineArn = machineOf(engine, textOf(members, 'stateMachineArn'));
  const name = textOf(members, 'name') ?? '';
  const input = textOf(members, 'input') ?? '{}';
  if (!NAME.test(name)) throw new Refusal('InvalidName', `Invalid Name: '${name}'`);
  payloadOf(input, 'InvalidExecutionInput');
  const before = engine.executions(machineArn).find((one) => one.name === name);
  // The same start again is the same execution, as long as it runs.
  if (before !== undefined && (before.status !== 'RUNNING' || before.input !== input)) {
    throw new Refusal(
      'ExecutionAlreadyExists',
      `Execution Already Exists: '${executionArn(machineArn, name)}'`,
    );
  }
  const { startedAt } = before ?? engine.start(machineArn, { name, input });
  return { executionArn: executionArn(machineArn, name), startDate: seconds(startedAt) };
};

const stopExecution: Operation = (engine, members) => {
  only(members, ['executionArn', 'error', 'cause']);
  const { machineArn, execution } = executionOf(engine, textOf(members, 'executionArn'));
  const why = { error: textOf(members, 'error') ?? '', cause: textOf(members, 'cause') ?? '' };
  if (execution.status === 'RUNNING') engine.stop(machineArn, execution.name, why);
  return { stopDate: seconds(execution.endedAt ?? Date.now()) };
};

const summaryOf = (machineArn: string, execution: ExecutionView): Record<string, unknown> => ({
  executionArn: executionArn(machineArn, execution.name),
  stateMachineArn: machineArn,
  name: execution.name,
  status: execution.status,
  startDate: seconds(execution.startedAt),
  ...(execution.endedAt === null ? {} : { stopDate: seconds(execution.endedAt) }),
});

const describeExecution: Operation = (engine, members) => {
  only(members, ['executionArn']);
  const { machineArn, execution } = executionOf(engine, textOf(members, 'executionArn'));
  const { input, output, error, cause } = execution;
  return {
    ...summaryOf(machineArn, execution),
    input,
    inputDetails: { included: true },
    ...(output === null ? {} : { output, outputDetails: { included: true } }),
    ...(error === null ? {} : { error }),
    ...(cause === null ? {} : { cause }),
  };
};

/** A page of a list; the token is the place where the next one begins. */
function page<T>(
  all: readonly T[],
  members: Members,
): { items: readonly T[]; next: Record<string, unknown> } {
  const wanted = members['maxResults'];
  const size = typeof wanted === 'number' && wanted > 0 ? Math.min(wanted, PAGE_MAX) : 100;
  const token = textOf(members, 'nextToken') ?? '0';
  if (!/^\d{1,9}$/.test(token)) throw new Refusal('InvalidToken', 'Invalid Token');
  const from = Number(token);
  const next = from + size < all.length ? { nextToken: String(from + size) } : {};
  return { items: all.slice(from, from + size), next };
}

const listExecutions: Operation = (engine, members) => {
  only(members, ['stateMachineArn', 'statusFilter', 'maxResults', 'nextToken']);
  const machineArn = machineOf(engine, textOf(members, 'stateMachineArn'));
  const status = textOf(members, 'statusFilter');
  // The newest first.
  const all = engine
    .executions(machineArn)
    .filter((execution) => status === undefined || execution.status === status)
    .toSorted((a, b) => b.startedAt - a.startedAt);
  const { items, next } = page(all, members);
  return { executions: items.map((execution) => summaryOf(machineArn, execution)), ...next };
};

const getExecutionHistory: Operation = (engine, members) => {
  only(members, ['executionArn', 'maxResults', 'nextToken', 'reverseOrder', 'includeExecutionData']);
  const { machineArn, execution } = executionOf(engine, textOf(members, 'executionArn'));
  const events = engine.history(machineArn, execution.name);
  const { items, next } = page(members['reverseOrder'] === true ? events.toReversed() : events, members);
  return {
    events: items.map(({ id, previousEventId, at, type, details }) => ({
      id,
      previousEventId,
      timestamp: seconds(at),
      type,
      ...details,
    })),
    ...next,
  };
};

const OPERATIONS: Readonly<Record<string, Operation>> = {
  SendTaskSuccess: (engine, members) => {
    only(members, ['taskToken', 'output']);
    const output = payloadOf(textOf(members, 'output') ?? '', 'InvalidOutput');
    return used(engine.succeedTask(textOf(members, 'taskToken') ?? '', output));
  },
  SendTaskFailure: (engine, members) => {
    only(members, ['taskToken', 'error', 'cause']);
    const failure = { error: textOf(members, 'error') ?? '', cause: textOf(members, 'cause') ?? '' };
    return used(engine.failTask(textOf(members, 'taskToken') ?? '', failure));
  },
  StartExecution: startExecution,
  StopExecution: stopExecution,
  DescribeExecution: describeExecution,
  ListExecutions: listExecutions,
  GetExecutionHistory: getExecutionHistory,
};

/** Step Functions of one Region. Protocol: AWS JSON 1.0, checked against @aws-sdk/client-sfn. */
export function stepFunctionsService(engine: StepFunctionsEngine): Service {
  const host = `states.${engine.region}.amazonaws.com`;
  const nextId = requestIds(`states/${engine.region}`);
  return {
    name: 'step-functions',
    handles: (request) => request.host === host,
    answer: (request) => answer(engine, request, nextId()),
  };
}

function answer(engine: StepFunctionsEngine, request: WireRequest, requestId: string): WireResponse {
  const target = request.headers['x-amz-target'] ?? '';
  const operation = target.startsWith(TARGET) ? OPERATIONS[target.slice(TARGET.length)] : undefined;
  if (operation === undefined)
    throw new UnexpectedCall(`the simulated Step Functions does not know the operation "${target}"`);
  try {
    const problem = signatureProblem(request, { region: engine.region, service: 'states' });
    if (problem !== null) throw new Refusal(problem.code, problem.message);
    return jsonAnswer(operation(engine, JSON.parse(request.body) as Members), requestId);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return {
      ...jsonAnswer({ __type: error.code, message: error.message }, requestId),
      status: 400,
    };
  }
}
