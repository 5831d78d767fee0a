import type { Answer, AnswerResult } from '../../../../core/approval/approval.ts';
import { jun, mina, NOW, pendingApproval, slackWorld, stranger } from '../../../lambdas/slack-fixture.ts';

const by = (
  person: { id: string; name: string },
  answer: Answer['answer'] = 'approve',
  at = NOW + 1_000,
): Answer => ({ decider: { kind: 'slack', ...person }, answer, at });

const byRole = (role: string, answer: Answer['answer'] = 'approve', at = NOW + 1_000): Answer => ({
  decider: { kind: 'iam', id: `arn:aws:sts::111122223333:assumed-role/${role}/kim`, name: role },
  answer,
  at,
});

/** A world in which the step of run-1 waits under `token-1` for its approval. */
async function asked(parts: Parameters<typeof pendingApproval>[0] = {}) {
  const world = slackWorld();
  await world.approvals.open(pendingApproval(parts), world.wait('token-1'));
  const answer = (one: Answer): Promise<AnswerResult> => world.approvals.answer('petclinic', 'run-1', one);
  return { ...world, answer };
}

describe('approvals in the ledger', () => {
  it('tells the waiting step who approved and when', async () => {
    const { answer, told } = await asked();
    await expect(answer(by(mina))).resolves.toMatchObject({ kind: 'decided', state: 'approved' });
    expect(told).toEqual([
      {
        token: 'token-1',
        output: { decision: 'approved', by: ['Mina'], at: '2026-11-23T03:00:01.000Z' },
      },
    ]);
  });

  it('tells the waiting step who rejected, and leaves out who had approved before', async () => {
    const { answer, told } = await asked({ needed: 2 });
    await answer(by(mina));
    await answer(by(jun, 'reject', NOW + 5_000));
    expect(told.map(({ output }) => output)).toEqual([
      { decision: 'rejected', by: ['Jun'], at: '2026-11-23T03:00:05.000Z' },
    ]);
  });

  it('keeps the token to itself', async () => {
    const { approvals, ledger } = await asked();
    const found = [
      await approvals.find('petclinic', 'run-1'),
      await approvals.pending('petclinic'),
      await approvals.open(pendingApproval(), 'token-2'),
    ];
    expect(JSON.stringify(found)).not.toContain('token-');
    const [item] = [...ledger.tables.values()].flatMap((table) => [...table.items.values()]);
    expect(item).toMatchObject({ taskToken: { S: 'token-2' }, state: { S: 'pending' } });
    expect(item?.['approval']).not.toEqual(expect.objectContaining({ S: expect.stringContaining('token-') }));
  });

  it('counts two different people where two must approve, of Slack and of IAM alike', async () => {
    const { answer, told } = await asked({ needed: 2 });
    await expect(answer(by(mina))).resolves.toMatchObject({ kind: 'counted', missing: 1 });
    await expect(answer(by(mina, 'approve', NOW + 2_000))).resolves.toEqual({ kind: 'same-person' });
    expect(told).toEqual([]);
    await expect(answer(byRole('on-call'))).resolves.toMatchObject({ kind: 'decided' });
    expect(told[0]?.output).toMatchObject({ by: ['Mina', 'on-call'] });
  });

  it.each([
    ['nobody asked', null, by(mina), { kind: 'unknown' }],
    ['a person who is no approver', {}, by(stranger), { kind: 'not-allowed' }],
    [
      'a principal who is no approver',
      {},
      {
        ...byRole('x'),
        decider: { kind: 'iam', id: 'arn:aws:sts::999900001111:assumed-role/x/kim', name: 'x' },
      },
      { kind: 'not-allowed' },
    ],
    ['the last millisecond', {}, by(mina, 'approve', NOW + 600_000), { kind: 'decided', state: 'approved' }],
    ['a click after the time limit', {}, by(mina, 'approve', NOW + 600_001), { kind: 'too-late' }],
    ['a rejection after the time limit', {}, by(mina, 'reject', NOW + 600_001), { kind: 'too-late' }],
    [
      'a rejection where two must approve',
      { needed: 2 },
      by(mina, 'reject'),
      { kind: 'decided', state: 'rejected' },
    ],
    ['a click after the run ended', { state: 'closed' }, by(mina), { kind: 'already', state: 'closed' }],
    [
      'an approval after a rejection',
      { state: 'rejected', answers: [by(jun, 'reject', NOW)] },
      by(mina),
      { kind: 'already', state: 'rejected' },
    ],
    [
      'a rejection after an approval',
      { state: 'approved', answers: [by(jun, 'approve', NOW)] },
      by(mina, 'reject'),
      { kind: 'already', state: 'approved' },
    ],
  ] as const)('answers %s', async (_, parts, one, expected) => {
    const world = slackWorld();
    if (parts !== null) {
      await world.approvals.open(
        pendingApproval(parts as Parameters<typeof pendingApproval>[0]),
        'none-waits',
      );
    }
    const result = await world.approvals.answer('petclinic', 'run-1', one);
    expect(result).toMatchObject(expected);
    // Only a decision changes the record.
    const after = await world.approvals.find('petclinic', 'run-1');
    const before = parts === null ? null : pendingApproval(parts as Parameters<typeof pendingApproval>[0]);
    if (result.kind === 'decided') expect(after).not.toEqual(before);
    else expect(after).toEqual(before);
  });

  it('decides once when two people answer at the same moment, and tells the loser', async () => {
    const { answer, told, approvals } = await asked();
    const results = await Promise.all([answer(by(mina)), answer(by(jun, 'reject'))]);
    expect(results.map(({ kind }) => kind).sort()).toEqual(['already', 'decided']);
    const decided = results.find(({ kind }) => kind === 'decided');
    expect(told).toHaveLength(1);
    expect((await approvals.find('petclinic', 'run-1'))?.state).toBe(
      decided?.kind === 'decided' ? decided.state : 'none',
    );
  });

  it('counts both when two people approve at the same moment and two must', async () => {
    const { answer, told } = await asked({ needed: 2 });
    const results = await Promise.all([answer(by(mina)), answer(by(jun))]);
    expect(results.map(({ kind }) => kind).sort()).toEqual(['counted', 'decided']);
    expect(told).toHaveLength(1);
  });

  it('gives the same click the same answer, however often it is delivered', async () => {
    const { answer, told, approvals } = await asked({ needed: 2 });
    await answer(by(mina));
    await expect(answer(by(mina))).resolves.toMatchObject({ kind: 'counted', missing: 1 });
    await answer(by(jun));
    await expect(answer(by(jun))).resolves.toMatchObject({ kind: 'decided', state: 'approved' });
    expect(told).toHaveLength(1);
    expect((await approvals.find('petclinic', 'run-1'))?.answers).toHaveLength(2);
  });

  it('lists what waits, and nothing that is decided, closed or past its time', async () => {
    const { approvals, answer, pass } = await asked();
    await approvals.open(pendingApproval({ execution: 'run-2' }), 'token-2');
    await approvals.open(pendingApproval({ execution: 'run-3', workload: 'other' }), 'token-3');
    await answer(by(mina));
    expect((await approvals.pending('petclinic')).map(({ execution }) => execution)).toEqual(['run-2']);
    pass(600_001);
    expect(await approvals.pending('petclinic')).toEqual([]);
  });

  it('closes an open question, keeps a decision, and forgets the token', async () => {
    const { approvals, answer, ledger } = await asked();
    await approvals.close('petclinic', 'run-1');
    expect((await approvals.find('petclinic', 'run-1'))?.state).toBe('closed');
    await expect(answer(by(mina))).resolves.toEqual({ kind: 'already', state: 'closed', by: null });
    await approvals.open(pendingApproval({ execution: 'run-2' }), 'token-2');
    await approvals.answer('petclinic', 'run-2', by(mina));
    await approvals.close('petclinic', 'run-2');
    await approvals.close('petclinic', 'nobody-asked');
    expect((await approvals.find('petclinic', 'run-2'))?.state).toBe('approved');
    expect(JSON.stringify([...ledger.tables.values()].map((table) => [...table.items]))).not.toContain(
      'token-',
    );
  });

  it('notes where the question stands, and refuses to for a question that nobody asked', async () => {
    const { approvals } = await asked();
    await approvals.noteMessage('petclinic', 'run-1', { channel: 'C1', ts: '1.2' });
    expect((await approvals.find('petclinic', 'run-1'))?.message).toEqual({ channel: 'C1', ts: '1.2' });
    await expect(approvals.noteMessage('petclinic', 'run-9', { channel: 'C1', ts: '1.2' })).rejects.toThrow(
      'no approval of the execution run-9',
    );
  });
});

describe('approvals, when something dies in between', () => {
  it('tells a decision that was written and not told, as soon as the step asks again', async () => {
    const { answer, approvals, breakCalls, told, wait } = await asked();
    breakCalls((service) =>
      service === 'step-functions' ? { status: 400, body: '{"__type":"AccessDeniedException"}' } : null,
    );
    await expect(answer(by(mina))).rejects.toMatchObject({ name: 'CloudRefused' });
    breakCalls(() => null);
    expect(told).toEqual([]);
    const found = await approvals.open(pendingApproval(), wait('token-2'));
    expect(found.state).toBe('approved');
    expect(told).toMatchObject([{ token: 'token-2', output: { decision: 'approved', by: ['Mina'] } }]);
  });

  it('tells it when the same click is delivered again, and when another person clicks', async () => {
    const { answer, breakCalls, told } = await asked();
    breakCalls((service) =>
      service === 'step-functions' ? { status: 400, body: '{"__type":"AccessDeniedException"}' } : null,
    );
    await expect(answer(by(mina))).rejects.toThrow('AccessDenied');
    breakCalls(() => null);
    await expect(answer(by(jun))).resolves.toMatchObject({ kind: 'already', state: 'approved' });
    expect(told).toHaveLength(1);
  });

  it('knows its own write again when only the answer to it was lost', async () => {
    const { answer, approvals, breakCalls, told } = await asked();
    let lost = 0;
    breakCalls((_, operation) => (operation === 'PutItem' && (lost += 1) === 1 ? 'answer-lost' : null));
    await expect(answer(by(mina))).resolves.toMatchObject({ kind: 'decided', state: 'approved' });
    expect((await approvals.find('petclinic', 'run-1'))?.answers).toHaveLength(1);
    expect(told).toHaveLength(1);
  });

  it('changes nothing where the ledger does not answer', async () => {
    const { answer, approvals, breakCalls, told } = await asked();
    breakCalls((_, operation) => (operation === 'PutItem' ? 'reset' : null));
    await expect(answer(by(mina))).rejects.toMatchObject({ name: 'CloudUnavailable' });
    breakCalls(() => null);
    expect((await approvals.find('petclinic', 'run-1'))?.state).toBe('pending');
    expect(told).toEqual([]);
  });

  it.each(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'])(
    'takes %s as a step that waits no more',
    async (type) => {
      const { answer, approvals, breakCalls } = await asked();
      breakCalls((service) =>
        service === 'step-functions' ? { status: 400, body: `{"__type":"${type}"}` } : null,
      );
      await expect(answer(by(mina))).resolves.toMatchObject({ kind: 'decided' });
      expect((await approvals.find('petclinic', 'run-1'))?.state).toBe('approved');
    },
  );

  it('replaces only the token when the question is asked again', async () => {
    const { approvals, answer, told, wait } = await asked();
    await approvals.noteMessage('petclinic', 'run-1', { channel: 'C1', ts: '1.2' });
    const again = await approvals.open(
      pendingApproval({ requestedAt: NOW + 120_000, expiresAt: NOW + 720_000 }),
      wait('token-2'),
    );
    expect(again).toEqual(pendingApproval({ message: { channel: 'C1', ts: '1.2' } }));
    await answer(by(mina));
    expect(told.map(({ token }) => token)).toEqual(['token-2']);
  });

  it('gives up after eight writers in a row that were quicker', async () => {
    const { approvals, breakCalls } = await asked();
    breakCalls((_, operation) =>
      operation === 'PutItem' ? { status: 400, body: '{"__type":"ConditionalCheckFailedException"}' } : null,
    );
    await expect(approvals.open(pendingApproval(), 'token-2')).rejects.toMatchObject({
      name: 'CloudUnavailable',
      message: expect.stringContaining('8 times another writer was quicker'),
    });
  });

  it('refuses a record that it cannot read', async () => {
    const { approvals, ledger } = await asked();
    const [table] = [...ledger.tables.values()];
    const [[key, item] = ['', {}]] = [...(table?.items ?? [])];
    table?.items.set(key, { ...item, approval: { S: '{' } });
    await expect(approvals.find('petclinic', 'run-1')).rejects.toMatchObject({
      name: 'CloudAnswerUnreadable',
    });
  });
});
