import { makeParkedLedger } from '../../../../clouds/aws/standby/parked-ledger.ts';
import { parkedText, recordOf } from '../../../../core/standby/parked.ts';
import { type Answer, awsAnswering, jsonError, jsonOf, ok } from '../helpers.ts';

const by = { kind: 'run', name: 'run-1' } as const;
const record = recordOf(null, { wanted: 'awake', by, at: '2026-03-02T10:00:00.000Z', why: 'outage' });
const stored = (text: string, version = '4'): Answer =>
  ok({ Item: { memory: { S: text }, version: { N: version } } });
const taken = jsonError(400, 'ConditionalCheckFailedException');

function ledgerAnswering(...answers: Answer[]) {
  const { access, sent } = awsAnswering(...answers);
  return { ledger: makeParkedLedger({ ...access, tableName: 'pilotlight-ledger' }), sent };
}

describe('what is remembered of a parked standby', () => {
  it('is read from its own item', async () => {
    const { ledger, sent } = ledgerAnswering(stored(parkedText(record)));
    expect(await ledger.read('shop')).toEqual(record);
    expect(jsonOf(sent[0])).toMatchObject({ Key: { pk: { S: 'workload#shop' }, sk: { S: 'parked' } } });
  });

  it.each([
    ['there is none', ok({})],
    ['it is damaged', stored('{')],
  ])('is none where %s', async (_, answer) => {
    expect(await ledgerAnswering(answer).ledger.read('shop')).toBeNull();
  });

  it('is changed from its newest version, again where somebody else wrote meanwhile', async () => {
    const { ledger, sent } = ledgerAnswering(
      stored('{', '4'),
      taken,
      stored(parkedText(record), '5'),
      ok({}),
    );
    const seen: unknown[] = [];
    await ledger.change('shop', (before) => {
      seen.push(before?.wanted ?? null);
      return { ...record, wanted: 'parked' };
    });
    expect(seen).toEqual([null, 'awake']);
    expect(jsonOf(sent[3])).toMatchObject({
      ConditionExpression: '#version = :read',
      ExpressionAttributeValues: { ':read': { N: '5' }, ':next': { N: '6' } },
    });
  });

  it('is given up where it never stays as it was read', async () => {
    const { ledger } = ledgerAnswering(
      ...Array.from({ length: 5 }, () => [stored(parkedText(record)), taken]).flat(),
    );
    await expect(ledger.change('shop', () => record)).rejects.toMatchObject({ name: 'RouteContended' });
  });
});
