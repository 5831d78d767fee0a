import { makeTurnLedger } from '../../../../clouds/aws/ledger/turn-ledger.ts';
import { noTurns, type Turns } from '../../../../core/fleet/turns.ts';
import { type Answer, awsAnswering, jsonError, jsonOf, ok } from '../helpers.ts';

/* Goal: the turns of a fleet are one item that nobody overwrites unseen, and a damaged one keeps nobody waiting. */

const turns: Turns = {
  holders: { 'run-1': { workload: 'shop', until: 1_772_445_660_000 } },
  waiting: { 'run-2': { workload: 'vets', priority: 5, since: 1_772_445_600_000, until: 1_772_445_660_000 } },
};
const stored = (text: string): Answer => ok({ Item: { memory: { S: text }, version: { N: '4' } } });

function ledgerAnswering(...answers: readonly Answer[]) {
  const { access, sent } = awsAnswering(...answers);
  return { ledger: makeTurnLedger({ ...access, tableName: 'pilotlight-ledger' }), sent };
}

describe('the turns of a fleet, in the ledger', () => {
  it('are read with their version, and consistently: another one may just have written', async () => {
    const { ledger, sent } = ledgerAnswering(stored(JSON.stringify(turns)));
    expect(await ledger.read()).toEqual({ turns, version: 4 });
    expect(jsonOf(sent[0])).toMatchObject({ TableName: 'pilotlight-ledger', ConsistentRead: true });
  });

  it('are none where nobody has asked yet', async () => {
    const { ledger } = ledgerAnswering(ok({}));
    expect(await ledger.read()).toEqual({ turns: noTurns, version: 0 });
  });

  it.each([
    ['no JSON', '{'],
    ['another shape', '{"holders":{}}'],
  ])('are none where the item is damaged, and are written over by its version: %s', async (_, text) => {
    const { ledger } = ledgerAnswering(stored(text));
    expect(await ledger.read()).toEqual({ turns: noTurns, version: 4 });
  });

  it('are written where they were read, on the condition that nobody wrote since', async () => {
    const { ledger, sent } = ledgerAnswering(ok({}), ok({}), stored('{}'));
    expect(await ledger.write(turns, 4)).toBe(true);
    expect(await ledger.write(turns, 0)).toBe(true);
    await ledger.read();
    const [known, first, read] = sent.map((request) => jsonOf(request) as Record<string, unknown>);
    expect(known).toMatchObject({
      ConditionExpression: '#version = :read',
      ExpressionAttributeValues: {
        ':memory': { S: JSON.stringify(turns) },
        ':next': { N: '5' },
        ':read': { N: '4' },
      },
    });
    expect(first).toMatchObject({ ConditionExpression: 'attribute_not_exists(#version)' });
    expect(known?.['Key']).toEqual(read?.['Key']);
  });

  it('are not written where somebody else was first', async () => {
    const { ledger } = ledgerAnswering(jsonError(400, 'ConditionalCheckFailedException'));
    expect(await ledger.write(turns, 4)).toBe(false);
  });

  it.each([
    ['AccessDeniedException', 400, 'CloudRefused'],
    ['InternalServerError', 500, 'CloudUnavailable'],
  ])('say what is wrong with the ledger: %s', async (code, status, name) => {
    const { ledger } = ledgerAnswering(...Array.from({ length: 6 }, () => jsonError(status, code)));
    await expect(ledger.read()).rejects.toMatchObject({ name });
    await expect(ledger.write(turns, 4)).rejects.toMatchObject({ name });
  });
});
