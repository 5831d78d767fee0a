import type { SlackClick } from '../../core/slack/interaction.ts';
import { decidedMessage } from '../../core/slack/message.ts';
import { questionMessage } from '../../core/slack/question.ts';
import { makeSlackWorker } from '../../lambdas/slack-worker/slack-worker.ts';
import { makeLedger } from '../../clouds/aws/ledger/ledger.ts';
import { makeOrderBook } from '../../clouds/aws/ledger/order-book.ts';
import { CHANNEL, jun, mina, NOW, pendingApproval, slackWorld, stranger, TABLE } from './slack-fixture.ts';

const call = { remainingMs: () => 10_000 };

/** A world in which the question of run-1 stands in Slack. */
async function asked(needed: 1 | 2 = 1) {
  const world = slackWorld();
  const workload = world.config.workloads['petclinic']!;
  const approval = await world.approvals.open(pendingApproval({ needed }), world.wait('token-1'));
  const run = {
    execution: 'run-1',
    workload: 'petclinic',
    startedAt: '2026-11-23T02:58:00.000Z',
    trigger: 'alarm',
    reason: 'an alarm',
    requestedBy: 'CloudWatch',
    skipConfirmation: false,
    dryRun: false,
    planned: false,
    workflow: 'failover',
  } as const;
  const place = await world.messenger.post(questionMessage({ approval, workload, state: { run } }));
  await world.approvals.noteMessage('petclinic', 'run-1', place);
  const access = { ...world.aws, tableName: TABLE };
  const orders = makeOrderBook(access);
  const step = makeSlackWorker({ ...world, orders });
  const click = (user: { id: string; name: string }, parts: Partial<SlackClick> = {}): Promise<unknown> =>
    step(
      {
        workload: 'petclinic',
        execution: 'run-1',
        answer: 'approve',
        user,
        message: place,
        at: NOW + 1_000,
        ...parts,
      },
      call,
    );
  const [question] = world.slack.posts;
  const hasButtons = () => JSON.stringify(question?.blocks).includes('pilotlight-approve');
  const holdLease = () =>
    makeLedger({ ...access, log: world.log }).takeLease({
      ...{ workload: 'petclinic', execution: 'run-1', now: NOW, expiresAt: NOW + 900_000, byPerson: true },
    });
  return { ...world, orders, holdLease, place, click, question: question!, hasButtons, workload };
}

describe('the Slack worker', () => {
  it('takes the deciding click: tells the step, takes the buttons away, says who it was', async () => {
    const { click, told, slack, question, hasButtons, place, lines } = await asked();
    expect(hasButtons()).toBe(true);
    await expect(click(mina)).resolves.toEqual({ result: 'decided' });
    expect(told.map(({ output }) => output)).toEqual([
      { decision: 'approved', by: ['Mina'], at: '2026-11-23T03:00:01.000Z' },
    ]);
    expect(hasButtons()).toBe(false);
    expect(question.text).toBe('PetClinic: the failover is approved');
    expect(slack.posts.slice(1)).toMatchObject([
      { text: 'Mina: Approved: the failover goes on.', thread: place.ts, onlyFor: null },
    ]);
    expect(lines).toEqual([
      {
        level: 'info',
        message: 'an answer was taken',
        facts: {
          workload: 'petclinic',
          execution: 'run-1',
          user: 'U0MINA',
          answer: 'approve',
          result: 'decided',
        },
      },
    ]);
  });

  it('keeps the buttons while a second person must approve', async () => {
    const { click, hasButtons, slack } = await asked(2);
    await expect(click(mina)).resolves.toEqual({ result: 'counted' });
    expect(hasButtons()).toBe(true);
    expect(slack.posts.at(-1)?.text).toBe('Mina: Counted. 1 more approval by another person is needed.');
    await expect(click(jun, { at: NOW + 2_000 })).resolves.toEqual({ result: 'decided' });
    expect(hasButtons()).toBe(false);
  });

  it.each([
    ['not-allowed', stranger, {}, 'You are not among the approvers'],
    ['too-late', mina, { at: NOW + 600_001 }, 'The time limit of this approval is over'],
    ['unknown', mina, { execution: 'run-9' }, 'There is no such approval'],
  ])(
    'tells only the person where the answer is %s, and changes nothing',
    async (kind, user, parts, words) => {
      const { click, slack, hasButtons, told } = await asked();
      await expect(click(user, parts)).resolves.toEqual({ result: kind });
      expect(slack.posts.at(-1)).toMatchObject({ onlyFor: user.id, text: expect.stringContaining(words) });
      expect(hasButtons()).toBe(true);
      expect(told).toEqual([]);
    },
  );

  it('gives a click that is delivered twice the same effect, once', async () => {
    const { click, told, question } = await asked();
    await click(mina);
    await expect(click(mina)).resolves.toEqual({ result: 'decided' });
    expect(told).toHaveLength(1);
    expect(question.text).toBe('PetClinic: the failover is approved');
  });

  it('tells the second of two people who clicked at once, and shows the one decision', async () => {
    const { click, slack, told } = await asked();
    await click(mina);
    await expect(click(jun, { answer: 'reject' })).resolves.toEqual({ result: 'already' });
    expect(slack.posts.at(-1)).toMatchObject({
      onlyFor: 'U0JUN',
      text: 'This is decided already: approved by Mina.',
    });
    expect(told).toHaveLength(1);
  });

  it('shows a decision of the command line at the next click', async () => {
    const { click, approvals, question } = await asked();
    await approvals.answer('petclinic', 'run-1', {
      decider: { kind: 'iam', id: 'arn:aws:sts::111122223333:assumed-role/on-call/kim', name: 'kim' },
      answer: 'reject',
      at: NOW,
    });
    await click(mina);
    expect(question.text).toBe('PetClinic: the failover is rejected');
  });

  it('leaves the last word of a run alone', async () => {
    const { click, approvals, threads, messenger, place, question, workload } = await asked();
    await approvals.close('petclinic', 'run-1');
    await messenger.update(place, { ...decidedMessage(pendingApproval(), workload), text: 'over' });
    await threads.claim('petclinic', 'run-1', 'end');
    await expect(click(mina)).resolves.toEqual({ result: 'already' });
    expect(question.text).toBe('over');
  });

  it('has decided though Slack is down, and asks to be called again', async () => {
    const { click, breakCalls, told, hasButtons } = await asked();
    breakCalls((service) => (service === 'slack' ? { status: 503 } : null));
    await expect(click(mina)).rejects.toMatchObject({ name: 'CloudUnavailable' });
    expect(told).toHaveLength(1);
    breakCalls(() => null);
    await click(mina);
    expect(hasButtons()).toBe(false);
  });

  it('writes down what will not pass by itself, and does not ask to be called again', async () => {
    const { click, slack, lines } = await asked();
    slack.posts.splice(0);
    await expect(click(mina)).resolves.toEqual({ result: 'decided' });
    expect(lines.at(-1)).toMatchObject({
      level: 'warn',
      facts: { problem: expect.stringContaining('message_not_found') },
    });
  });

  it('holds a run for a listed person, and says so to all; the same click again changes nothing', async () => {
    const { click, orders, holdLease, slack, place } = await asked();
    await holdLease();
    await expect(click(mina, { answer: 'pause' })).resolves.toEqual({ result: 'taken' });
    await expect(click(mina, { answer: 'pause' })).resolves.toEqual({ result: 'taken' });
    const known = await orders.read('petclinic');
    expect(known?.orders.given).toEqual([
      {
        order: 'pause',
        by: 'Mina (Slack U0MINA)',
        reason: 'by a button in Slack',
        at: '2026-11-23T03:00:01.000Z',
      },
    ]);
    expect(slack.posts.at(-1)).toMatchObject({ thread: place.ts, onlyFor: null });
    expect(slack.posts.at(-1)?.text).toMatch(/^Mina: It holds at the next safe point/);
  });

  it('tells the second of two people who was first', async () => {
    const { click, orders, holdLease, slack } = await asked();
    await holdLease();
    await click(mina, { answer: 'cancel' });
    await expect(click(jun, { answer: 'pause', at: NOW + 2_000 })).resolves.toEqual({ result: 'refused' });
    expect(slack.posts.at(-1)).toMatchObject({ onlyFor: 'U0JUN' });
    expect(slack.posts.at(-1)?.text).toContain('It is being cancelled already: Mina (Slack U0MINA)');
    expect((await orders.read('petclinic'))?.orders.given).toHaveLength(1);
  });

  it('lets nobody steer who is not listed, and no run that does not act any more', async () => {
    const { click, orders, holdLease, slack } = await asked();
    await expect(click(mina, { answer: 'pause' })).resolves.toEqual({ result: 'refused' });
    expect(slack.posts.at(-1)?.text).toBe('No run acts on petclinic. Nothing was changed.');
    await holdLease();
    await expect(click(stranger, { answer: 'cancel' })).resolves.toEqual({ result: 'refused' });
    expect(slack.posts.at(-1)?.text).toContain('You are not among the approvers');
    await expect(click(mina, { answer: 'resume' })).resolves.toEqual({ result: 'refused' });
    expect(slack.posts.at(-1)?.text).toContain('It does not wait for anybody.');
    expect((await orders.read('petclinic'))?.orders.given).toEqual([]);
  });

  it('refuses an input that is no click', async () => {
    const { click } = await asked();
    await expect(click(mina, { message: { channel: CHANNEL, ts: '' } })).rejects.toMatchObject({
      name: 'InvalidInput',
    });
  });
});
