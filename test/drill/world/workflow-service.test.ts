import { SendTaskSuccessCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { Callbacks } from '../../../drill/engine/callbacks.ts';
import type { Execution } from '../../../drill/engine/executions.ts';
import { workflowService } from '../../../drill/world/workflow-service.ts';
import { awsOptions, networkOf, rejection, useVirtualTime } from '../clouds/fixture.ts';
import { executionOf } from '../fixture.ts';

const PLACE = { region: 'ap-northeast-1', account: '111122223333' };
const stateMachineArn = 'arn:aws:states:ap-northeast-1:111122223333:stateMachine:pilotlight-failover';

function world() {
  const callbacks = new Callbacks();
  const executions: Execution[] = [];
  const start = (name: string, input: unknown): Execution => {
    const execution = executionOf({ name, input, endedAt: null });
    executions.push(execution);
    return execution;
  };
  const service = workflowService(PLACE, { callbacks: () => callbacks, executions: () => executions, start });
  const client = new SFNClient(awsOptions(networkOf([service])));
  return { callbacks, executions, client };
}

describe('Step Functions in the drill', () => {
  useVirtualTime();

  it('hands a decision to the task that waits, once', async () => {
    const { client, callbacks } = world();
    const token = callbacks.issue();
    const came: unknown[] = [];
    void callbacks.wait(token, 60_000).then((output) => came.push(output));
    const decide = (taskToken: string) =>
      client.send(new SendTaskSuccessCommand({ taskToken, output: '{"decision":"approved"}' }));
    await decide(token);
    expect(came).toEqual([{ decision: 'approved' }]);
    expect((await rejection(decide(token))).name).toBe('TaskTimedOut');
    expect((await rejection(decide('made-up'))).name).toMatch(/^(?:InvalidToken|TaskDoesNotExist)$/);
  });

  it('starts an execution once for each name', async () => {
    const { client, executions } = world();
    const ask = (name: string, input: string) =>
      client.send(new StartExecutionCommand({ stateMachineArn, name, input }));
    await ask('watch-petclinic-1', '{"watch":"down"}');
    await ask('watch-petclinic-1', '{"watch":"down"}');
    expect(executions.map(({ name }) => name)).toEqual(['watch-petclinic-1']);
    expect((await rejection(ask('watch-petclinic-1', '{"watch":"degraded"}'))).name).toBe(
      'ExecutionAlreadyExists',
    );
  });

  it('knows no other state machine', async () => {
    const { client } = world();
    const other = stateMachineArn.replace('failover', 'rehearsal');
    const refused = await rejection(client.send(new StartExecutionCommand({ stateMachineArn: other })));
    expect(refused.name).toBe('StateMachineDoesNotExist');
  });
});
