import { machineArnOf, workflowNames, workflowOfExecution } from '../../core/names.ts';
import type { ExecutionStatus, StepFunctionsEngine } from '../../drill/clouds/aws/step-functions.ts';

/** One event of an execution that a test has put there. */
export interface ListedEvent {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly type: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** One execution that does nothing by itself: the test changes it. */
export interface ListedExecution {
  readonly name: string;
  readonly input: string;
  readonly startedAt: number;
  status: ExecutionStatus;
  endedAt: number | null;
  error: string | null;
  cause: string | null;
  readonly events: ListedEvent[];
}

export interface ListedEngine {
  readonly engine: StepFunctionsEngine;
  /** By name. */
  readonly executions: Map<string, ListedExecution>;
  /** What the waiting steps were told: token and output. */
  readonly told: { readonly taskToken: string; readonly output: unknown }[];
}

/** The engine behind the simulated Step Functions: a list of the executions of both workflows, each found by its name. */
export function listedEngine(place: { readonly account: string; readonly region: string }): ListedEngine {
  const executions = new Map<string, ListedExecution>();
  const told: ListedEngine['told'] = [];
  const viewOf = ({ events: _, ...execution }: ListedExecution) => ({ ...execution, output: null });
  const engine: StepFunctionsEngine = {
    region: place.region,
    machineArns: new Set(workflowNames.map((workflow) => machineArnOf(place, workflow))),
    succeedTask(taskToken, output) {
      told.push({ taskToken, output });
      return 'taken';
    },
    failTask: () => 'unknown',
    start(machineArn, { name, input }) {
      // What is started at another machine than its name says would never be found again.
      if (machineArnOf(place, workflowOfExecution(name)) !== machineArn)
        throw new Error(`${name} is no name for ${machineArn}`);
      const startedAt = Date.now();
      const events = [{ at: startedAt, type: 'ExecutionStarted' }];
      const begun = { status: 'RUNNING', endedAt: null, error: null, cause: null } as const;
      const execution: ListedExecution = { name, input, startedAt, events, ...begun };
      executions.set(name, execution);
      return viewOf(execution);
    },
    stop(_machineArn, name, why) {
      Object.assign(executions.get(name) ?? {}, { status: 'ABORTED', endedAt: Date.now(), ...why });
    },
    executions: (machineArn) =>
      [...executions.values()]
        .filter(({ name }) => machineArnOf(place, workflowOfExecution(name)) === machineArn)
        .map(viewOf),
    history: (_machineArn, name) =>
      (executions.get(name)?.events ?? []).map((event, index) => ({
        id: index + 1,
        previousEventId: index,
        ...event,
      })),
  };
  return { engine, executions, told };
}
