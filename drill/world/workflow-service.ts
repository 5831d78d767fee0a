import { machineArnOf, workflowNames, workflowOfExecution } from '../../core/names.ts';
import { stepFunctionsService, type ExecutionView } from '../clouds/aws/step-functions.ts';
import type { Service } from '../clouds/wire/wire-shape.ts';
import type { Callbacks } from '../engine/callbacks.ts';
import type { Execution } from '../engine/executions.ts';

/** What the service asks of the engine that runs the workflow. */
export interface WorkflowHands {
  readonly callbacks: () => Callbacks;
  readonly executions: () => readonly Execution[];
  readonly start: (name: string, input: unknown) => Execution;
}

function statusOf({ endedAt, error, stopped }: Execution): ExecutionView['status'] {
  if (endedAt === null) return 'RUNNING';
  if (stopped !== null) return stopped;
  return error === null ? 'SUCCEEDED' : 'FAILED';
}

const viewOf = (execution: Execution): ExecutionView => ({
  name: execution.name,
  status: statusOf(execution),
  startedAt: execution.startedAt,
  endedAt: execution.endedAt,
  input: JSON.stringify(execution.input),
  output: execution.output === null ? null : JSON.stringify(execution.output),
  error: execution.error,
  cause: execution.cause,
});

/** Step Functions as the controller's own functions use it: starting a run, and handing back the token of one that waits. */
export function workflowService(
  place: { readonly region: string; readonly account: string },
  hands: WorkflowHands,
): Service {
  const refuse = (): never => {
    throw new Error('no function of the controller does this');
  };
  return stepFunctionsService({
    region: place.region,
    machineArns: new Set(workflowNames.map((workflow) => machineArnOf(place, workflow))),
    succeedTask: (token, output) => hands.callbacks().succeed(token, output),
    failTask: refuse,
    start: (_, { name, input }) => viewOf(hands.start(name, JSON.parse(input))),
    stop: refuse,
    executions: (machineArn) =>
      hands
        .executions()
        .filter(({ name }) => machineArnOf(place, workflowOfExecution(name)) === machineArn)
        .map(viewOf),
    history: refuse,
  });
}
