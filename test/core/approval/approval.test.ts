import {
  approvalSchema,
  approversSchema,
  describeAnswer,
  takeAnswer,
  type Answer,
  type AnswerResult,
  type Approval,
} from '../../../core/approval/approval.ts';

/*
 * Goal: what a person's answer comes to is the whole table: who may decide, until when, how many must agree, and what is
 * said of an answer that changes nothing.
 */

const REQUESTED = Date.UTC(2026, 10, 22, 3, 3, 0);
const EXPIRES = REQUESTED + 600_000;
const ROLE = 'arn:aws:sts::111122223333:assumed-role/on-call/';

const by = (id: string, answer: 'approve' | 'reject' = 'approve', at = REQUESTED + 1_000): Answer => ({
  decider: { kind: id.startsWith('arn:') ? 'iam' : 'slack', id, name: `name of ${id}` },
  answer,
  at,
});
const approval = (parts: Partial<Approval> = {}): Approval => ({
  execution: 'execution-1',
  workload: 'petclinic',
  state: 'pending',
  needed: 1,
  approvers: {
    slackUserIds: ['U0MINA', 'U0JUN'],
    principals: [`${ROLE}*`, 'arn:aws:iam::111122223333:user/sora'],
  },
  answers: [],
  requestedAt: REQUESTED,
  expiresAt: EXPIRES,
  message: null,
  ...parts,
});

describe('who may decide', () => {
  it.each([
    ['a listed Slack user', 'U0JUN'],
    ['a listed principal', 'arn:aws:iam::111122223333:user/sora'],
    ['a principal that begins like a pattern', `${ROLE}mina`],
    ['a principal that is what stands before the *', ROLE],
  ])('is %s', (_case, id) => {
    expect(takeAnswer(approval(), by(id))).toMatchObject({ kind: 'decided', state: 'approved' });
  });

  it.each([
    ['another Slack user', 'U0EVE'],
    ['a Slack user whose id only begins like one', 'U0MINA2'],
    ['another principal', 'arn:aws:iam::111122223333:user/eve'],
    ['a principal that only begins like one without a *', 'arn:aws:iam::111122223333:user/sora2'],
    [
      'a principal of another account under the same role name',
      'arn:aws:sts::999988887777:assumed-role/on-call/x',
    ],
    ['a role whose name only begins like that of the pattern', `${ROLE.slice(0, -1)}-2/mina`],
  ])('is not %s, whatever they answer', (_case, id) => {
    expect(takeAnswer(approval(), by(id))).toEqual({ kind: 'not-allowed' });
    expect(takeAnswer(approval(), by(id, 'reject'))).toEqual({ kind: 'not-allowed' });
  });

  it('is nobody of the other kind, even with the same id', () => {
    const disguised: Answer = { ...by('U0MINA'), decider: { kind: 'iam', id: 'U0MINA', name: 'Mina' } };
    expect(takeAnswer(approval(), disguised)).toEqual({ kind: 'not-allowed' });
    const principal = 'arn:aws:iam::111122223333:user/sora';
    const clicked: Answer = { ...by('U0MINA'), decider: { kind: 'slack', id: principal, name: 'Sora' } };
    expect(takeAnswer(approval(), clicked)).toEqual({ kind: 'not-allowed' });
  });

  it('is nobody where nobody is listed', () => {
    const nobody = approval({ approvers: { slackUserIds: [], principals: [] } });
    expect(takeAnswer(nobody, by('U0MINA'))).toEqual({ kind: 'not-allowed' });
  });
});

describe('an answer', () => {
  it('to no approval is unknown', () => {
    expect(takeAnswer(null, by('U0MINA'))).toEqual({ kind: 'unknown' });
  });

  it('counts in the last moment of the time limit, and not in the one after', () => {
    expect(takeAnswer(approval(), by('U0MINA', 'approve', EXPIRES))).toMatchObject({ kind: 'decided' });
    expect(takeAnswer(approval(), by('U0MINA', 'approve', EXPIRES + 1))).toEqual({ kind: 'too-late' });
    expect(takeAnswer(approval(), by('U0MINA', 'reject', EXPIRES + 1))).toEqual({ kind: 'too-late' });
  });

  it('of one person decides where one is enough', () => {
    const answer = by('U0MINA');
    expect(takeAnswer(approval(), answer)).toEqual({ kind: 'decided', state: 'approved', answers: [answer] });
  });

  it('of a first person is counted where two must agree, and that of a second decides', () => {
    const first = by('U0MINA');
    const second = by(`${ROLE}jun`);
    expect(takeAnswer(approval({ needed: 2 }), first)).toEqual({
      kind: 'counted',
      answers: [first],
      missing: 1,
    });
    expect(takeAnswer(approval({ needed: 2, answers: [first] }), second)).toEqual({
      kind: 'decided',
      state: 'approved',
      answers: [first, second],
    });
  });

  it('of the same person does not count twice', () => {
    const once = approval({ needed: 2, answers: [by('U0MINA')] });
    expect(takeAnswer(once, by('U0MINA', 'approve', REQUESTED + 60_000))).toEqual({ kind: 'same-person' });
  });

  it('that rejects decides at once, whoever approved before, themselves included', () => {
    for (const id of ['U0JUN', 'U0MINA']) {
      const rejection = by(id, 'reject');
      expect(takeAnswer(approval({ needed: 2, answers: [by('U0MINA')] }), rejection)).toEqual({
        kind: 'decided',
        state: 'rejected',
        answers: [by('U0MINA'), rejection],
      });
    }
    expect(takeAnswer(approval(), by('U0MINA', 'reject'))).toMatchObject({
      kind: 'decided',
      state: 'rejected',
    });
  });

  it.each(['approved', 'rejected', 'closed'] as const)('after it is %s changes nothing', (state) => {
    const last = by('U0MINA');
    for (const answer of ['approve', 'reject'] as const) {
      expect(takeAnswer(approval({ state, answers: [last] }), by('U0JUN', answer))).toEqual({
        kind: 'already',
        state,
        by: last,
      });
    }
    expect(takeAnswer(approval({ state }), by('U0JUN'))).toEqual({ kind: 'already', state, by: null });
  });

  it('is told first that its author may not decide, then that it is decided, then that it is late', () => {
    const late = EXPIRES + 1;
    const decided = approval({ state: 'approved' });
    expect(takeAnswer(decided, by('U0EVE', 'approve', late)).kind).toBe('not-allowed');
    expect(takeAnswer(decided, by('U0MINA', 'approve', late)).kind).toBe('already');
    expect(takeAnswer(approval({ answers: [by('U0MINA')] }), by('U0MINA', 'approve', late)).kind).toBe(
      'too-late',
    );
  });

  it('leaves the record that it is given as it is', () => {
    const record = approval({ needed: 2, answers: [by('U0MINA')] });
    takeAnswer(record, by('U0JUN'));
    expect(record.answers).toEqual([by('U0MINA')]);
  });
});

describe('the words for an answer', () => {
  it.each<[AnswerResult, string]>([
    [{ kind: 'decided', state: 'approved', answers: [] }, 'Approved: the failover goes on.'],
    [{ kind: 'decided', state: 'rejected', answers: [] }, 'Rejected: the failover stops.'],
    [{ kind: 'counted', answers: [], missing: 1 }, 'Counted. 1 more approval by another person is needed.'],
    [{ kind: 'unknown' }, 'There is no such approval; look at "pilotlight status" for what is waiting.'],
    [
      { kind: 'not-allowed' },
      'You are not among the approvers of this workload (policy.approval.approvers); nothing was changed.',
    ],
    [
      { kind: 'too-late' },
      'The time limit of this approval is over; nothing was changed. Start a new run if it is still needed.',
    ],
    [{ kind: 'same-person' }, 'You have approved already; a second person must.'],
    [
      { kind: 'already', state: 'rejected', by: by('U0MINA') },
      'This is decided already: rejected by name of U0MINA.',
    ],
    [{ kind: 'already', state: 'closed', by: null }, 'This is decided already: closed.'],
  ])('%j', (result, words) => {
    expect(describeAnswer(result)).toBe(words);
  });
});

describe('what is kept of an approval', () => {
  it('is read where it is right', () => {
    const kept = approval({ answers: [by('U0MINA')], message: { channel: 'C012AB3CD', ts: '1.2' } });
    expect(approvalSchema.parse(kept)).toEqual(kept);
  });

  it.each([
    ['needs three people', { needed: 3 }],
    ['has a state that does not exist', { state: 'perhaps' }],
    ['carries the token of the waiting step', { taskToken: 'secret' }],
    ['has an answer of nobody', { answers: [{ answer: 'approve', at: 1 }] }],
  ])('is refused where it %s', (_case, change) => {
    expect(approvalSchema.safeParse({ ...approval(), ...change }).success).toBe(false);
  });

  it('names nobody where nobody is named', () => {
    expect(approversSchema.parse({})).toEqual({ slackUserIds: [], principals: [] });
  });

  it.each([
    ['a name in place of an id', { slackUserIds: ['mina'] }],
    ['everybody', { principals: ['*'] }],
    ['everybody of every account', { principals: ['arn:aws:iam::*'] }],
    ['another service', { principals: ['arn:aws:lambda::111122223333:function:x'] }],
  ])('takes for approvers not %s', (_case, approvers) => {
    expect(approversSchema.safeParse(approvers).success).toBe(false);
  });
});
