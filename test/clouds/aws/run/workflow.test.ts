import { makeWorkflow } from '../../../../clouds/aws/run/workflow.ts';
import { stepFunctionsService } from '../../../../drill/clouds/aws/step-functions.ts';
import { CloudAnswerUnreadable, CloudRefused, CloudUnavailable } from '../../../../core/errors.ts';
import {
  ACCESS_KEY,
  networkOf,
  REGION,
  rejection,
  START,
  useVirtualTime,
} from '../../../drill/clouds/fixture.ts';
import { listedEngine, type ListedEvent } from '../../../cli/executions.ts';
import { awsAnswering, jsonError, jsonOf, ok } from '../helpers.ts';

const ACCOUNT = '111122223333';

function world() {
  const state = listedEngine({ account: ACCOUNT, region: REGION });
  const calls: string[] = [];
  const network = networkOf([stepFunctionsService(state.engine)], {
    onCall: ({ request }) => calls.push((request.headers['x-amz-target'] ?? '').split('.')[1] ?? ''),
  });
  const workflow = makeWorkflow({
    account: ACCOUNT,
    region: REGION,
    transport: network.awsRequestHandler(),
    credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: 'secret' },
  });
  return { state, workflow, calls };
}

const input = { workload: 'petclinic', reason: 'x' };

describe('starting and stopping the workflow', () => {
  useVirtualTime();

  it('starts an execution under its name, once, however often it is asked while it runs', async () => {
    const { workflow, state } = world();
    expect(await workflow.start('run-1', input)).toEqual({ startedAt: START });
    expect(await workflow.start('run-1', input)).toEqual({ startedAt: START });
    expect([...state.executions.values()]).toMatchObject([
      { name: 'run-1', input: '{"workload":"petclinic","reason":"x"}', status: 'RUNNING' },
    ]);
  });

  it('refuses a name that another input has', async () => {
    const { workflow } = world();
    await workflow.start('run-1', input);
    const error = await rejection(workflow.start('run-1', { ...input, reason: 'y' }));
    expect(error).toBeInstanceOf(CloudRefused);
    expect(error.message).toContain('ExecutionAlreadyExists');
  });

  it('ends an execution with the words of the person', async () => {
    const { workflow } = world();
    await workflow.start('run-1', input);
    expect(await workflow.stop('run-1', 'jane: wrong workload')).toEqual({ stoppedAt: START });
    expect(await workflow.describe('run-1')).toEqual({
      name: 'run-1',
      status: 'ABORTED',
      startedAt: START,
      stoppedAt: START,
      error: 'StoppedByHand',
      cause: 'jane: wrong workload',
    });
  });

  it('answers null for an execution that does not exist', async () => {
    const { workflow } = world();
    expect(await workflow.stop('run-9', 'x')).toBeNull();
    expect(await workflow.describe('run-9')).toBeNull();
  });

  it('lists the executions of one status, newest first', async () => {
    const { workflow } = world();
    await workflow.start('run-1', input);
    jest.setSystemTime(START + 1_000);
    await workflow.start('run-2', input);
    await workflow.start('run-3', input);
    await workflow.stop('run-3', 'x');
    expect((await workflow.list('RUNNING', 10)).map(({ name }) => name)).toEqual(['run-2', 'run-1']);
    expect((await workflow.list('RUNNING', 1)).map(({ name }) => name)).toEqual(['run-2']);
  });
});

describe('the two workflows', () => {
  useVirtualTime();

  it('are started by the name of the run: one that begins with failback- goes home', async () => {
    const { access, sent } = awsAnswering(ok({ startDate: 1 }), ok({ startDate: 1 }), ok({ startDate: 1 }));
    const workflow = makeWorkflow({ ...access, account: ACCOUNT });
    for (const name of ['failback-petclinic-1', 'failover-petclinic-1', 'planned-petclinic-1'])
      await workflow.start(name, input);
    expect(sent.map((request) => (jsonOf(request) as { stateMachineArn: string }).stateMachineArn)).toEqual([
      'arn:aws:states:us-west-2:111122223333:stateMachine:pilotlight-failback',
      'arn:aws:states:us-west-2:111122223333:stateMachine:pilotlight-failover',
      'arn:aws:states:us-west-2:111122223333:stateMachine:pilotlight-failover',
    ]);
  });

  it('are found by that name again', async () => {
    const { workflow } = world();
    await workflow.start('failback-1', input);
    expect(await workflow.describe('failback-1')).toMatchObject({ name: 'failback-1', status: 'RUNNING' });
    expect(await workflow.events('failback-1', 0)).toMatchObject([{ id: 1, type: 'ExecutionStarted' }]);
    expect(await workflow.stop('failback-1', 'x')).toEqual({ stoppedAt: START });
  });

  it('are both asked for a list, which has the newest of either first', async () => {
    const { workflow, calls } = world();
    for (const [second, name] of ['run-1', 'failback-1', 'run-2'].entries()) {
      jest.setSystemTime(START + second * 1_000);
      await workflow.start(name, input);
    }
    const before = calls.length;
    expect((await workflow.list('RUNNING', 10)).map(({ name }) => name)).toEqual([
      'run-2',
      'failback-1',
      'run-1',
    ]);
    expect(calls.slice(before)).toEqual(['ListExecutions', 'ListExecutions']);
    expect((await workflow.list('RUNNING', 2)).map(({ name }) => name)).toEqual(['run-2', 'failback-1']);
  });
});

describe('following the workflow', () => {
  useVirtualTime();

  it('gives the events after the known one, in their order, with what people follow', async () => {
    const { workflow, state } = world();
    await workflow.start('run-1', input);
    const failed = { error: 'CloudRefused', cause: 'no' };
    const more: ListedEvent[] = [
      { at: START + 1, type: 'TaskStateEntered', details: { stateEnteredEventDetails: { name: 'Begin' } } },
      { at: START + 2, type: 'TaskFailed', details: { taskFailedEventDetails: failed } },
    ];
    state.executions.get('run-1')!.events.push(...more);
    expect(await workflow.events('run-1', 1)).toEqual([
      { id: 2, at: START + 1, type: 'TaskStateEntered', state: 'Begin', error: null, cause: null },
      { id: 3, at: START + 2, type: 'TaskFailed', state: null, error: 'CloudRefused', cause: 'no' },
    ]);
    expect(await workflow.events('run-1', 3)).toEqual([]);
  });

  it('reads all pages of a long history once, and one page for what is new', async () => {
    const { workflow, state, calls } = world();
    await workflow.start('run-1', input);
    const events = Array.from({ length: 249 }, (_, n) => ({ at: START + n, type: 'WaitStateEntered' }));
    state.executions.get('run-1')!.events.push(...events);
    const ids = (await workflow.events('run-1', 0)).map(({ id }) => id);
    expect(ids).toEqual(Array.from({ length: 250 }, (_, n) => n + 1));
    expect(calls.filter((call) => call === 'GetExecutionHistory')).toHaveLength(3);
    expect((await workflow.events('run-1', 248)).map(({ id }) => id)).toEqual([249, 250]);
    expect(calls.filter((call) => call === 'GetExecutionHistory')).toHaveLength(4);
  });
});

describe('what the workflow asks and cannot understand', () => {
  it('never asks for the data of an execution: it holds task tokens', async () => {
    const { access, sent } = awsAnswering(ok({ events: [] }));
    await makeWorkflow({ ...access, account: ACCOUNT }).events('run-1', 0);
    expect(jsonOf(sent[0])).toMatchObject({ includeExecutionData: false, reverseOrder: true });
  });

  it('tells throttling from a refusal from nonsense', async () => {
    const refused = awsAnswering(jsonError(400, 'AccessDeniedException'));
    const call = (access: typeof refused.access) =>
      rejection(makeWorkflow({ ...access, account: ACCOUNT }).describe('run-1'));
    expect(await call(refused.access)).toBeInstanceOf(CloudRefused);
    const throttled = jsonError(400, 'ThrottlingException');
    expect(await call(awsAnswering(throttled, throttled, throttled).access)).toBeInstanceOf(CloudUnavailable);
    const nonsense = ok({ name: 'run-1', status: 'DANCING', startDate: 1 });
    const error = await call(awsAnswering(nonsense).access);
    expect(error).toBeInstanceOf(CloudAnswerUnreadable);
    expect(error.message).toContain('status: got "DANCING"');
  });
});
