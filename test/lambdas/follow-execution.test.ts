import { gzipSync } from 'node:zlib';
import { makeLedger } from '../../clouds/aws/ledger/ledger.ts';
import type { RunRecord } from '../../core/run/record.ts';
import { makeFollowExecution } from '../../lambdas/follow-execution/follow-execution.ts';
import { NOW, pendingApproval, slackWorld, TABLE } from './slack-fixture.ts';

const call = { remainingMs: () => 10_000 };
const ARN = 'arn:aws:states:ap-northeast-1:111122223333:execution:pilotlight-failover:';

interface Entry {
  readonly type?: string;
  readonly name?: string;
  readonly execution?: string;
}

/** What CloudWatch Logs delivers, from the names of states or whole entries. */
function delivery(...entries: readonly (string | Entry)[]) {
  const logEvents = entries.map((entry, index) => {
    const {
      type = 'TaskStateEntered',
      name,
      execution = 'run-1',
    } = typeof entry === 'string' ? { name: entry } : entry;
    return {
      id: String(index),
      timestamp: NOW,
      message: JSON.stringify({
        id: String(index + 1),
        type,
        ...(name === undefined ? {} : { details: { name } }),
        previous_event_id: String(index),
        event_timestamp: String(NOW + index),
        execution_arn: `${ARN}${execution}`,
        redrive_count: '0',
      }),
    };
  });
  return packed({ messageType: 'DATA_MESSAGE', logGroup: 'g', logStream: 's', logEvents });
}
const packed = (data: unknown) => ({
  awslogs: { data: gzipSync(JSON.stringify(data)).toString('base64') },
});

const record = (outcome: RunRecord['outcome']): RunRecord => ({
  run: {
    execution: 'run-1',
    workload: 'petclinic',
    startedAt: '2026-11-23T03:00:00.000Z',
    trigger: 'alarm',
    reason: 'an alarm',
    requestedBy: 'CloudWatch',
    skipConfirmation: false,
    dryRun: false,
    planned: false,
    workflow: 'failover',
  },
  outcome,
  why: 'Because.',
  endedAt: '2026-11-23T03:20:00.000Z',
  rto: outcome === 'FailedOver' ? { totalSeconds: 1200, phases: { prepare: 1200 } } : null,
  convergence: null,
  data: null,
  settle: null,
  planned: null,
  timeline: [{ at: '2026-11-23T03:00:00.000Z', event: 'the run began' }],
  evidence: [],
});

/** A world in which run-1 holds the lease of petclinic. */
async function running() {
  const world = slackWorld();
  const ledger = makeLedger({ ...world.aws, tableName: TABLE, log: world.log });
  await ledger.takeLease({
    workload: 'petclinic',
    execution: 'run-1',
    now: NOW,
    expiresAt: NOW + 900_000,
    byPerson: true,
  });
  let brake: { on: boolean; owner: string; reason: string } | Error | null = null;
  const step = makeFollowExecution({
    ...world,
    brakeOf: () => (brake instanceof Error ? Promise.reject(brake) : Promise.resolve(brake)),
  });
  const finish = (outcome: RunRecord['outcome']) => ledger.finish(record(outcome), null);
  return {
    ...world,
    finish,
    follow: (...entries: readonly (string | Entry)[]) => step(delivery(...entries), call),
    step,
    pull: (next: typeof brake) => {
      brake = next;
    },
    texts: () => world.slack.posts.map(({ text }) => text),
  };
}
const unattended = { type: 'PassStateEntered', name: 'No approval is needed' };

describe('following a run in Slack', () => {
  it('posts one message and one line a phase, however often a state is entered and a batch delivered', async () => {
    const { follow, texts, slack } = await running();
    const batch = [
      unattended,
      'Start the pipeline',
      'Check the pipeline',
      'Check the pipeline',
      'Check the standby',
    ];
    await expect(follow(...batch)).resolves.toEqual({ told: 3 });
    await follow('Check the standby', 'Switch to the standby', 'Check the standby');
    await expect(follow(...batch)).resolves.toEqual({ told: 0 });
    expect(texts()).toEqual([
      'PetClinic: a failover is under way',
      'Nobody has to approve: the policy lets the run go on.',
      'The pipeline builds the standby.',
      'The standby is there; its health is checked.',
      'The route moves to the standby.',
    ]);
    const [root, ...lines] = slack.posts;
    expect(lines.every(({ thread }) => thread === root?.ts)).toBe(true);
  });

  it('follows in the thread of the question, and does not begin before the question stands there', async () => {
    const { follow, approvals, messenger, slack } = await running();
    await follow('Start the pipeline');
    expect(slack.posts).toEqual([]);
    await approvals.open(pendingApproval(), 'token-1');
    const place = await messenger.post({ text: 'question' });
    await approvals.noteMessage('petclinic', 'run-1', place);
    await follow('Check the standby', 'Look again at the primary');
    expect(slack.posts.slice(1).map(({ thread }) => thread)).toEqual([place.ts, place.ts]);
  });

  it('begins late where the question could not be posted', async () => {
    const { follow, approvals, texts } = await running();
    await approvals.open(pendingApproval(), 'token-1');
    await follow('Check the standby', 'Switch to the standby');
    expect(texts()).toEqual(['PetClinic: a failover is under way', 'The route moves to the standby.']);
  });

  it('takes the buttons away where silence decided', async () => {
    const { follow, approvals, messenger, slack } = await running();
    await approvals.open(pendingApproval(), 'token-1');
    const place = await messenger.post({ text: 'question', blocks: [{ type: 'divider' }] });
    await approvals.noteMessage('petclinic', 'run-1', place);
    await follow({ type: 'PassStateEntered', name: 'Silence means proceed' });
    expect(slack.posts[0]?.text).toBe('PetClinic: the question is closed, nothing more can be answered');
    expect(slack.posts[1]?.text).toBe('Nobody answered in time; the policy says: proceed.');
  });

  it('gives the message its last word when the run is over, once', async () => {
    const { follow, finish, slack } = await running();
    await follow(unattended);
    await finish('FailedOver');
    await expect(follow('Announce the outcome')).resolves.toEqual({ told: 1 });
    await expect(follow('Announce the outcome')).resolves.toEqual({ told: 0 });
    expect(slack.posts[0]).toMatchObject({
      text: 'PetClinic: failed over to the standby. Because.',
      edits: 1,
    });
    expect(JSON.stringify(slack.posts[0]?.blocks)).toContain('1200 s');
  });

  it.each([
    ['StoodDown', []],
    ['NothingToDo', []],
    ['Escalated', ['PetClinic: A PERSON IS NEEDED. Because.']],
  ] as const)('of a run without a message that ended as %s says %j', async (outcome, expected) => {
    const { follow, finish, texts } = await running();
    await finish(outcome);
    await follow('Announce the outcome', { type: 'ExecutionFailed' });
    expect(texts()).toEqual(expected);
  });

  it.each([
    ['ExecutionAborted', 'was stopped by a person'],
    ['ExecutionTimedOut', 'reached its time limit'],
    ['ExecutionFailed', 'failed'],
  ])('says that a person is needed after %s without a record', async (type, how) => {
    const { follow, slack } = await running();
    await follow(unattended, { type });
    expect(slack.posts[0]?.text).toBe('PetClinic: the run was stopped, A PERSON IS NEEDED');
    expect(JSON.stringify(slack.posts[0]?.blocks)).toContain(`The execution ${how} without its last steps`);
  });

  it('says nothing of a run that never held the lease', async () => {
    const { follow, texts } = await running();
    const execution = 'run-2';
    await follow(
      { execution, name: 'Begin' },
      { execution, ...unattended },
      { execution, type: 'ExecutionFailed' },
    );
    expect(texts()).toEqual([]);
  });

  it('shows the brake where it is on, and does without where it cannot be read', async () => {
    const one = await running();
    one.pull({ on: true, owner: 'Jun', reason: 'moving house' });
    await one.follow(unattended);
    expect(JSON.stringify(one.slack.posts[0]?.blocks)).toContain('The brake is on: moving house (Jun)');
    const two = await running();
    two.pull(new Error('no ledger'));
    await two.follow(unattended);
    expect(two.texts()).toHaveLength(2);
  });

  it('never fails because of Slack: the line is lost and written down, and the next one is said', async () => {
    const { follow, breakCalls, texts, lines } = await running();
    breakCalls((service) => (service === 'slack' ? { status: 503 } : null));
    await expect(follow(unattended, 'Look again at the primary')).resolves.toEqual({ told: 0 });
    expect(lines.map(({ message }) => message)).toEqual([
      'a line of the thread is lost',
      'a line of the thread is lost',
    ]);
    breakCalls(() => null);
    await follow('Switch to the standby');
    expect(texts()).toEqual(['PetClinic: a failover is under way', 'The route moves to the standby.']);
  });

  it('reads the log in the order of its moments and leaves out what is no event', async () => {
    const { step, texts } = await running();
    const line = (id: number, at: number, name: string, type = 'TaskStateEntered') => ({
      message: JSON.stringify({
        id: String(id),
        type,
        details: { name },
        event_timestamp: String(at),
        execution_arn: `${ARN}run-1`,
      }),
    });
    const logEvents = [
      line(9, NOW + 9, 'Switch to the standby'),
      { message: 'START RequestId: x' },
      { message: '{"type":"TaskStateEntered"}' },
      line(2, NOW, 'Start the pipeline'),
      line(1, NOW, 'No approval is needed', 'PassStateEntered'),
    ];
    await step(packed({ messageType: 'DATA_MESSAGE', logEvents }), call);
    expect(texts().slice(1)).toEqual([
      'Nobody has to approve: the policy lets the run go on.',
      'The pipeline builds the standby.',
      'The route moves to the standby.',
    ]);
    await expect(step(packed({ messageType: 'CONTROL_MESSAGE', logEvents }), call)).resolves.toEqual({
      told: 0,
    });
  });

  it.each([
    ['nothing', undefined],
    ['no base64', { awslogs: { data: '***' } }],
    ['no gzip', { awslogs: { data: Buffer.from('{}').toString('base64') } }],
    ['no JSON', { awslogs: { data: gzipSync('x').toString('base64') } }],
    ['a bomb', { awslogs: { data: gzipSync(Buffer.alloc(30_000_000)).toString('base64') } }],
  ])('refuses %s', async (_, raw) => {
    const { step } = await running();
    await expect(step(raw, call)).rejects.toMatchObject({ name: 'InvalidInput' });
  });
});
