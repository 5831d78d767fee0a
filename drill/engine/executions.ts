import { ExecutionError, StateMachine } from 'aws-local-stepfunctions';
import { workflowOfExecution, type WorkflowName } from '../../core/names.ts';
import { APPROVAL_ROUND_SECONDS } from '../../core/run/run.ts';
import { bind, placeholdersOf, readWorkflow } from '../../statemachines/load.ts';
import { Callbacks } from './callbacks.ts';
import type { Journal } from '../world/journal.ts';
import { functionArn, type Invocation, type LambdaService } from './lambda-service.ts';

/** One execution of the workflow, while it runs and afterwards. Times are milliseconds since the Unix epoch. */
export interface Execution {
  readonly name: string;
  readonly input: unknown;
  readonly startedAt: number;
  /** The states in the order in which they were entered. */
  readonly states: { readonly name: string; readonly at: number }[];
  /** Billed transitions: every entered state, and every retry. */
  transitions: number;
  endedAt: number | null;
  /** Name of the error it ended with; null where it succeeded or still runs. */
  error: string | null;
  cause: string | null;
  output: unknown;
  /** How it was stopped from outside; null where it ran to its own end. */
  stopped: 'ABORTED' | 'TIMED_OUT' | null;
}

/** Who hears of an execution: of each state that it enters, and of its end. */
export interface ExecutionListeners {
  /** Whether the journal tells of the states of an execution. */
  readonly isTold?: (execution: string) => boolean;
  readonly onState?: (execution: Execution, state: { readonly name: string; readonly type: string }) => void;
  readonly onEnd?: (execution: Execution) => void;
}

type Overrides = NonNullable<NonNullable<Parameters<StateMachine['run']>[1]>['overrides']>;
type TaskHandlers = NonNullable<Overrides['taskResourceLocalHandlers']>;

interface StateDefinition {
  readonly Type: string;
  readonly Resource?: string;
  readonly Branches?: readonly { readonly States: Readonly<Record<string, StateDefinition>> }[];
}

/** The context object; each look at the token is a new task. Source: the interpreter evaluates the path once a task. */
function contextOf(execution: Execution, callbacks: Callbacks) {
  return {
    Execution: { Id: execution.name, Name: execution.name },
    State: {
      // The moment at which it is read: a state reads it while it is entered. Spelt as in the Amazon States Language.
      // eslint-disable-next-line @typescript-eslint/naming-convention
      get EnteredTime(): string {
        return new Date().toISOString();
      },
    },
    Task: {
      // The context object of the Amazon States Language spells it so.
      // eslint-disable-next-line @typescript-eslint/naming-convention
      get Token(): string {
        return callbacks.issue();
      },
    },
  };
}

/** The interpreter's errors for an execution that was stopped from outside, by the status that Step Functions gives it. */
const STOPS: Readonly<Record<string, 'ABORTED' | 'TIMED_OUT'>> = {
  ExecutionAbortedError: 'ABORTED',
  ExecutionTimeoutError: 'TIMED_OUT',
};

/** All states of a workflow, those inside branches too. */
export function statesOf(
  states: Readonly<Record<string, StateDefinition>>,
): readonly [string, StateDefinition][] {
  return Object.entries(states).flatMap(([name, state]) => [
    [name, state] as [string, StateDefinition],
    ...(state.Branches ?? []).flatMap((branch) => statesOf(branch.States)),
  ]);
}

type MachineDefinition = ConstructorParameters<typeof StateMachine>[0];

/** A workflow as the interpreter takes it, and its tasks. */
interface Definition {
  readonly definition: MachineDefinition;
  readonly tasks: readonly (readonly [string, StateDefinition])[];
}

function definitionOf(workflow: WorkflowName): Definition {
  const text = bind(readWorkflow(workflow), placeholdersOf(functionArn));
  const definition = JSON.parse(text) as MachineDefinition;
  const states = statesOf(definition.States);
  return { definition, tasks: states.filter(([, state]) => state.Type === 'Task') };
}

/** Runs the real workflows in a local interpreter of the Amazon States Language. */
export class Executions {
  readonly all: Execution[] = [];
  private readonly lambda: LambdaService;
  private readonly journal: Journal;
  private readonly listeners: ExecutionListeners;
  private readonly aborts = new Map<string, () => void>();
  private readonly workflows: Readonly<Record<WorkflowName, Definition>>;
  readonly callbacks = new Callbacks();

  constructor(lambda: LambdaService, journal: Journal, listeners: ExecutionListeners = {}) {
    this.lambda = lambda;
    this.listeners = listeners;
    this.journal = journal;
    this.workflows = { failover: definitionOf('failover'), failback: definitionOf('failback') };
  }

  get running(): boolean {
    return this.all.some((execution) => execution.endedAt === null);
  }

  start(name: string, input: unknown): Execution {
    const execution: Execution = {
      name,
      input,
      startedAt: Date.now(),
      states: [],
      transitions: 0,
      endedAt: null,
      error: null,
      cause: null,
      output: null,
      stopped: null,
    };
    this.all.push(execution);
    this.note(name, `execution ${name} starts`);
    void this.run(execution);
    return execution;
  }

  /** What "Stop execution" does in the console: functions that run go on, their answers are heard by nobody. */
  abort(name: string): void {
    this.aborts.get(name)?.();
  }

  private async run(execution: Execution): Promise<void> {
    const { definition: machineDefinition, tasks } = this.workflows[workflowOfExecution(execution.name)];
    // Validation costs more than the run and is a test of its own.
    const machine = new StateMachine(machineDefinition, { validationOptions: { noValidate: true } });
    type Input = Parameters<StateMachine['run']>[0];
    const { abort, eventLogs, result } = machine.run(execution.input as Input, {
      overrides: { taskResourceLocalHandlers: this.handlers(tasks) },
      context: contextOf(execution, this.callbacks),
    });
    this.aborts.set(execution.name, abort);
    const followed = this.follow(execution, eventLogs);
    try {
      execution.output = await result;
    } catch (error) {
      const reason: unknown = error instanceof ExecutionError ? error.cause : error;
      execution.error = reason instanceof Error ? reason.name : String(reason);
      execution.cause = reason instanceof Error ? reason.message : null;
      execution.stopped = STOPS[execution.error] ?? null;
    }
    await followed;
    this.aborts.delete(execution.name);
    execution.endedAt = Date.now();
    this.note(
      execution.name,
      `execution ${execution.name} ends: ${execution.stopped ?? execution.states.at(-1)?.name ?? 'at once'}`,
    );
    this.listeners.onEnd?.(execution);
  }

  private async follow(
    execution: Execution,
    logs: ReturnType<StateMachine['run']>['eventLogs'],
  ): Promise<void> {
    for await (const event of logs) {
      if (event.type === 'StateEntered') {
        execution.states.push({ name: event.state.name, at: event.timestamp });
        execution.transitions += 1;
        this.tell(execution, event.state.name);
        this.listeners.onState?.(execution, event.state);
      } else if (event.type === 'StateRetried') {
        execution.transitions += 1;
        this.note(execution.name, `retries "${event.state.name}"`);
      }
    }
  }

  private note(execution: string, event: string): void {
    if (this.listeners.isTold?.(execution) !== false) this.journal.note('controller', event);
  }

  /** Polling states come by many times, told once; a Choice asks a question, and the next state is its answer. */
  private tell(execution: Execution, name: string): void {
    const times = execution.states.filter((state) => state.name === name).length;
    if (times > 1 || name.endsWith('?')) return;
    const first = this.all.find((one) => this.listeners.isTold?.(one.name) !== false) === execution;
    this.note(execution.name, first ? name : `${name} (${execution.name})`);
  }

  private handlers(tasks: Definition['tasks']): TaskHandlers {
    const invoke = (input: unknown): Promise<never> =>
      this.lambda.invoke(input as Invocation) as Promise<never>;
    const invokeAndWait = async (input: unknown): Promise<never> => {
      const { taskToken } = (input as { Payload: { taskToken: string } }).Payload;
      const waiting = this.callbacks.wait(taskToken, APPROVAL_ROUND_SECONDS * 1000);
      await invoke(input);
      return waiting as Promise<never>;
    };
    const handlerOf = ({ Resource }: StateDefinition) =>
      Resource?.endsWith('.waitForTaskToken') === true ? invokeAndWait : invoke;
    return Object.fromEntries(tasks.map(([name, state]) => [name, handlerOf(state)]));
  }
}
