import { ExecutionError, StateMachine } from 'aws-local-stepfunctions';
import { bind, placeholdersOf, readWorkflow } from '../../statemachines/load.ts';
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
}

type Overrides = NonNullable<NonNullable<Parameters<StateMachine['run']>[1]>['overrides']>;
type TaskHandlers = NonNullable<Overrides['taskResourceLocalHandlers']>;

interface StateDefinition {
  readonly Type: string;
  readonly Branches?: readonly { readonly States: Readonly<Record<string, StateDefinition>> }[];
}

/** All states of a workflow, those inside branches too. */
export function statesOf(
  states: Readonly<Record<string, StateDefinition>>,
): readonly [string, StateDefinition][] {
  return Object.entries(states).flatMap(([name, state]) => [
    [name, state] as [string, StateDefinition],
    ...(state.Branches ?? []).flatMap((branch) => statesOf(branch.States)),
  ]);
}

/** Runs the real workflow in a local interpreter of the Amazon States Language. */
export class Executions {
  readonly all: Execution[] = [];
  private readonly lambda: LambdaService;
  private readonly journal: Journal;
  private readonly definition: ConstructorParameters<typeof StateMachine>[0];
  private readonly taskNames: readonly string[];

  constructor(lambda: LambdaService, journal: Journal) {
    this.lambda = lambda;
    this.journal = journal;
    const text = bind(readWorkflow('failover'), placeholdersOf(functionArn));
    this.definition = JSON.parse(text) as ConstructorParameters<typeof StateMachine>[0];
    this.taskNames = statesOf(this.definition.States as Record<string, StateDefinition>)
      .filter(([, state]) => state.Type === 'Task')
      .map(([name]) => name);
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
    };
    this.all.push(execution);
    this.journal.note('controller', `execution ${name} starts`);
    void this.run(execution);
    return execution;
  }

  private async run(execution: Execution): Promise<void> {
    // Validation costs more than the run and is a test of its own.
    const machine = new StateMachine(this.definition, { validationOptions: { noValidate: true } });
    type Input = Parameters<StateMachine['run']>[0];
    const { eventLogs, result } = machine.run(execution.input as Input, {
      overrides: { taskResourceLocalHandlers: this.handlers() },
      context: { Execution: { Id: execution.name, Name: execution.name } },
    });
    const followed = this.follow(execution, eventLogs);
    try {
      execution.output = await result;
    } catch (error) {
      const reason: unknown = error instanceof ExecutionError ? error.cause : error;
      execution.error = reason instanceof Error ? reason.name : String(reason);
      execution.cause = reason instanceof Error ? reason.message : null;
    }
    await followed;
    execution.endedAt = Date.now();
    this.journal.note(
      'controller',
      `execution ${execution.name} ends: ${execution.states.at(-1)?.name ?? 'at once'}`,
    );
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
      } else if (event.type === 'StateRetried') {
        execution.transitions += 1;
        this.journal.note('controller', `retries "${event.state.name}"`);
      }
    }
  }

  /** Polling states come by many times, told once; a Choice asks a question, and the next state is its answer. */
  private tell(execution: Execution, name: string): void {
    const times = execution.states.filter((state) => state.name === name).length;
    if (times === 1 && !name.endsWith('?')) this.journal.note('controller', name);
  }

  private handlers(): TaskHandlers {
    const invoke = (input: unknown): Promise<never> =>
      this.lambda.invoke(input as Invocation) as Promise<never>;
    return Object.fromEntries(this.taskNames.map((name) => [name, invoke]));
  }
}
