import { answerSchema, applierSchema, requestSchema } from '../../../core/data/handover.ts';

const at = '2026-11-27T08:00:00.000Z';
const applied = { dump: '20261127T030000Z', appliedUntil: at, lastTransactionAt: at, transactions: 3 };
const request = { schemaVersion: 1, correlationId: 'run-1', execution: 'arn:aws:states:x', askedAt: at };
const open = { schemaVersion: 1, outcome: 'open', at, ...applied, seconds: 1.5 };
const failed = { schemaVersion: 1, outcome: 'failed', at, ...applied, code: 'DATABASE_IN_USE', detail: 'x' };
const state = { schemaVersion: 1, at, state: 'following', ...applied, backlogBytes: 0, fault: null };
const nothingYet = { dump: null, appliedUntil: null, lastTransactionAt: null, transactions: 0 };

describe('what the two sides ask of each other', () => {
  it.each([
    ['a request', requestSchema, request],
    ['an answer that it is open', answerSchema, open],
    ['an answer that it is open after a dump alone', answerSchema, { ...open, lastTransactionAt: null }],
    ['an answer that it failed', answerSchema, failed],
    ['an answer that it failed before a dump was there', answerSchema, { ...failed, ...nothingYet }],
    [
      'the state of an applier that has nothing yet',
      applierSchema,
      { ...state, state: 'loading', ...nothingYet },
    ],
    [
      'the state of one that cannot go on',
      applierSchema,
      { ...state, state: 'failed', fault: { code: 'X', detail: 'y' } },
    ],
  ])('%s is accepted', (_, schema, value) => {
    expect(schema.safeParse(value).error).toBeUndefined();
  });

  it.each([
    ['a request without a name', requestSchema, { ...request, correlationId: '' }],
    ['a request whose moment is none', requestSchema, { ...request, askedAt: 'now' }],
    ['a request of a later version', requestSchema, { ...request, schemaVersion: 2 }],
    ['an answer that is neither', answerSchema, { ...open, outcome: 'ajar' }],
    ['an answer that it is open, without how long it took', answerSchema, { ...open, seconds: undefined }],
    ['an answer that took less than nothing', answerSchema, { ...open, seconds: -1 }],
    ['an answer that it failed, without why', answerSchema, { ...failed, detail: '' }],
    ['an answer of no dump', answerSchema, { ...open, dump: 'newest' }],
    ['an answer with half a transaction', answerSchema, { ...open, transactions: 0.5 }],
    ['a state that no applier has', applierSchema, { ...state, state: 'resting' }],
    ['a backlog below nothing', applierSchema, { ...state, backlogBytes: -1 }],
  ])('%s is refused', (_, schema, value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });
});
