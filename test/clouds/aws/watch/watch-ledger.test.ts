import { makeWatchLedger } from '../../../../clouds/aws/watch/watch-ledger.ts';
import { newMemory } from '../../../../core/watch/memory.ts';
import { memoryText } from '../../../../core/watch/memory-text.ts';
import { type Answer, awsAnswering, jsonError, jsonOf, ok } from '../helpers.ts';

const memory = newMemory('https://a https://b', 1_772_334_000_000);
const stored = (text: string, version = '4'): Answer =>
  ok({ Item: { memory: { S: text }, version: { N: version } } });

function ledgerAnswering(...answers: Answer[]) {
  const { access, sent } = awsAnswering(...answers);
  const ledger = makeWatchLedger({
    ...access,
    tableName: 'pilotlight-ledger',
  });
  return { ledger, sent };
}

describe('what the watch remembers', () => {
  it('is read with its version, and consistently: another one may just have written', async () => {
    const { ledger, sent } = ledgerAnswering(stored(memoryText(memory)));
    expect(await ledger.read('shop')).toEqual({ memory, version: 4 });
    expect(jsonOf(sent[0])).toEqual({
      TableName: 'pilotlight-ledger',
      Key: { pk: { S: 'workload#shop' }, sk: { S: 'watch' } },
      ConsistentRead: true,
    });
  });

  it('is nothing where there is none yet', async () => {
    const { ledger } = ledgerAnswering(ok({}));
    expect(await ledger.read('shop')).toEqual({ memory: null, version: 0 });
  });

  it.each([
    ['of an older shape', '{"health":"well"}'],
    ['that is damaged', '{'],
  ])('%s is nothing, and is written over by its version: the watch learns anew', async (_, text) => {
    const { ledger } = ledgerAnswering(stored(text));
    expect(await ledger.read('shop')).toEqual({ memory: null, version: 4 });
  });

  it('is an unreadable answer where it has no version, for it could not be written over', async () => {
    const { ledger } = ledgerAnswering(ok({ Item: { memory: { S: memoryText(memory) } } }));
    await expect(ledger.read('shop')).rejects.toMatchObject({ name: 'CloudAnswerUnreadable' });
  });

  it('is written on the condition that nobody wrote since', async () => {
    const { ledger, sent } = ledgerAnswering(ok({}));
    expect(await ledger.write('shop', memory, 4)).toBe(true);
    expect(jsonOf(sent[0])).toMatchObject({
      UpdateExpression: 'SET #memory = :memory, #version = :next',
      ConditionExpression: '#version = :read',
      ExpressionAttributeValues: { ':next': { N: '5' }, ':read': { N: '4' } },
    });
  });

  it('is written for the first time on the condition that nobody else was first', async () => {
    const { ledger, sent } = ledgerAnswering(ok({}));
    expect(await ledger.write('shop', memory, 0)).toBe(true);
    expect(jsonOf(sent[0])).toMatchObject({ ConditionExpression: 'attribute_not_exists(#version)' });
  });

  it('is not written where somebody else was first', async () => {
    const { ledger } = ledgerAnswering(jsonError(400, 'ConditionalCheckFailedException'));
    expect(await ledger.write('shop', memory, 4)).toBe(false);
  });

  it.each([
    ['AccessDeniedException', 400, 'CloudRefused'],
    ['InternalServerError', 500, 'CloudUnavailable'],
  ])('says what is wrong with the ledger: %s', async (code, status, name) => {
    const { ledger } = ledgerAnswering(...Array.from({ length: 3 }, () => jsonError(status, code)));
    await expect(ledger.read('shop')).rejects.toMatchObject({ name });
  });
});
