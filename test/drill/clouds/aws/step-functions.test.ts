import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import {
  stepFunctionsService,
  type ExecutionView,
  type HistoryEventView,
} from '../../../../drill/clouds/aws/step-functions.ts';
import { awsOptions, networkOf, REGION, rejection, START } from '../fixture.ts';

const MACHINE = `arn:aws:states:${REGION}:111122223333:stateMachine:pilotlight-failover`;
const ARN = `arn:aws:states:${REGION}:111122223333:execution:pilotlight-failover:`;

/** An engine that keeps a list; each start is a second later than the one before. */
function world() {
  const executions: ExecutionView[] = [];
  const tokens = new Map([['token-1', 'open']]);
  const taken: unknown[] = [];
  const events: HistoryEventView[] = [
    { id: 1, previousEventId: 0, at: START, type: 'ExecutionStarted' },
    {
      id: 2,
      previousEventId: 1,
      at: START + 1_500,
      type: 'TaskStateEntered',
      details: { stateEnteredEventDetails: { name: 'Begin' } },
    },
  ];
  const use = (token: string, what: unknown) => {
    const state = tokens.get(token);
    if (state === undefined) return 'unknown';
    if (state === 'over') return 'over';
    tokens.set(token, 'over');
    taken.push(what);
    return 'taken';
  };
  const network = networkOf([
    stepFunctionsService({
      region: REGION,
      machineArns: new Set([MACHINE]),
      succeedTask: use,
      failTask: use,
      start: (_, { name, input }) => {
        const startedAt = START + executions.length * 1_000;
        const view: ExecutionView = {
          name,
          input,
          startedAt,
          status: 'RUNNING',
          endedAt: null,
          output: null,
          error: null,
          cause: null,
        };
        executions.push(view);
        return view;
      },
      stop: (_, name, why) => {
        const at = executions.findIndex((one) => one.name === name);
        executions[at] = { ...executions[at]!, ...why, status: 'ABORTED', endedAt: START + 60_000 };
      },
      executions: () => executions,
      history: () => events,
    }),
  ]);
  const client = new SFNClient(awsOptions(network));
  const start = (name: string, input = '{}') =>
    client.send(new StartExecutionCommand({ stateMachineArn: MACHINE, name, input }));
  return { client, network, taken, start };
}

describe('the simulated Step Functions', () => {
  it('tells a waiting task once, and says that it is over after that', async () => {
    const { client, taken } = world();
    const success = new SendTaskSuccessCommand({ taskToken: 'token-1', output: '{"decision":"approved"}' });
    await client.send(success);
    expect(taken).toEqual([{ decision: 'approved' }]);
    expect((await rejection(client.send(success))).name).toBe('TaskTimedOut');
    const failure = new SendTaskFailureCommand({ taskToken: 'token-2', error: 'E', cause: 'c' });
    expect((await rejection(client.send(failure))).name).toBe('InvalidToken');
    const broken = new SendTaskSuccessCommand({ taskToken: 'token-1', output: '{' });
    expect((await rejection(client.send(broken))).name).toBe('InvalidOutput');
    expect(taken).toHaveLength(1);
  });

  it('takes a failure as well', async () => {
    const { client, taken } = world();
    await client.send(new SendTaskFailureCommand({ taskToken: 'token-1', error: 'E', cause: 'c' }));
    expect(taken).toEqual([{ error: 'E', cause: 'c' }]);
  });

  it('starts an execution once under its name, as long as it runs with the same input', async () => {
    const { start, client } = world();
    const first = await start('run-1', '{"a":1}');
    expect(first.executionArn).toBe(`${ARN}run-1`);
    expect(first.startDate?.getTime()).toBe(START);
    expect((await start('run-1', '{"a":1}')).startDate?.getTime()).toBe(START);
    expect((await rejection(start('run-1', '{"a":2}'))).name).toBe('ExecutionAlreadyExists');
    await client.send(
      new StopExecutionCommand({ executionArn: `${ARN}run-1`, error: 'Stopped', cause: 'by Mina' }),
    );
    expect((await rejection(start('run-1', '{"a":1}'))).name).toBe('ExecutionAlreadyExists');
    const described = await client.send(new DescribeExecutionCommand({ executionArn: `${ARN}run-1` }));
    expect(described).toMatchObject({
      status: 'ABORTED',
      input: '{"a":1}',
      error: 'Stopped',
      cause: 'by Mina',
    });
    expect(described.stopDate?.getTime()).toBe(START + 60_000);
  });

  it('lists the newest first, by status and page by page', async () => {
    const { start, client } = world();
    for (const name of ['run-1', 'run-2', 'run-3']) await start(name);
    await client.send(new StopExecutionCommand({ executionArn: `${ARN}run-2` }));
    const list = async (more: object) =>
      client.send(new ListExecutionsCommand({ stateMachineArn: MACHINE, ...more }));
    const running = await list({ statusFilter: 'RUNNING' });
    expect(running.executions?.map(({ name }) => name)).toEqual(['run-3', 'run-1']);
    const page = await list({ maxResults: 2 });
    expect(page.executions?.map(({ name }) => name)).toEqual(['run-3', 'run-2']);
    const rest = await list({ maxResults: 2, nextToken: page.nextToken });
    expect(rest.executions?.map(({ name }) => name)).toEqual(['run-1']);
    expect(rest.nextToken).toBeUndefined();
  });

  it('shows the history of an execution, forwards and backwards', async () => {
    const { start, client } = world();
    await start('run-1');
    const history = async (more: object) =>
      client.send(new GetExecutionHistoryCommand({ executionArn: `${ARN}run-1`, ...more }));
    const { events } = await history({});
    expect(events?.map(({ id, type }) => [id, type])).toEqual([
      [1, 'ExecutionStarted'],
      [2, 'TaskStateEntered'],
    ]);
    expect(events?.[1]?.timestamp?.getTime()).toBe(START + 1_500);
    expect(events?.[1]?.stateEnteredEventDetails?.name).toBe('Begin');
    expect((await history({ reverseOrder: true, maxResults: 1 })).events?.map(({ id }) => id)).toEqual([2]);
  });

  it.each([
    [
      'a machine that is not there',
      new StartExecutionCommand({ stateMachineArn: `${MACHINE}-2`, name: 'x' }),
      'StateMachineDoesNotExist',
    ],
    [
      'a machine of another Region',
      new ListExecutionsCommand({ stateMachineArn: 'arn:aws:states:eu-west-1:1:stateMachine:x' }),
      'InvalidArn',
    ],
    [
      'a name with a space',
      new StartExecutionCommand({ stateMachineArn: MACHINE, name: 'a b' }),
      'InvalidName',
    ],
    [
      'an input that is no JSON',
      new StartExecutionCommand({ stateMachineArn: MACHINE, name: 'x', input: '{' }),
      'InvalidExecutionInput',
    ],
    [
      'an execution that is not there',
      new DescribeExecutionCommand({ executionArn: `${ARN}none` }),
      'ExecutionDoesNotExist',
    ],
    ['an ARN of something else', new DescribeExecutionCommand({ executionArn: MACHINE }), 'InvalidArn'],
    ['an operation that nobody simulates', new ListStateMachinesCommand({}), 'UnexpectedCall'],
  ])('refuses %s', async (_, command, name) => {
    const { client } = world();
    expect((await rejection(client.send(command as StartExecutionCommand))).name).toBe(name);
  });
});
