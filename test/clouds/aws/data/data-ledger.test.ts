import { makeDataLedger } from '../../../../clouds/aws/data/data-ledger.ts';
import { reportAt } from '../../../lambdas/data-helpers.ts';
import { type Answer, awsAnswering, jsonError, jsonOf, ok } from '../helpers.ts';

const report = reportAt('2026-03-02T10:00:00.000Z', '2026-03-02T09:59:48.000Z');
const stored = (value: unknown): Answer =>
  ok({
    Item: { memory: { S: typeof value === 'string' ? value : JSON.stringify(value) }, version: { N: '4' } },
  });

function ledgerAnswering(...answers: Answer[]) {
  const { access, sent } = awsAnswering(...answers);
  return { ledger: makeDataLedger({ ...access, tableName: 'pilotlight-ledger' }), sent };
}

describe('the report on the data of a workload', () => {
  it('is read from its own item', async () => {
    const { ledger, sent } = ledgerAnswering(stored(report));
    expect(await ledger.read('shop')).toEqual(report);
    expect(jsonOf(sent[0])).toMatchObject({ Key: { pk: { S: 'workload#shop' }, sk: { S: 'data' } } });
  });

  it.each([
    ['there is none', ok({})],
    ['it is of another version', stored({ ...report, schemaVersion: 2 })],
    ['it is damaged', stored('{')],
  ])('is none where %s', async (_, answer) => {
    expect(await ledgerAnswering(answer).ledger.read('shop')).toBeNull();
  });

  it('is written over an older one, on the condition that nobody wrote since', async () => {
    const older = { ...report, measuredAt: '2026-03-02T09:59:00.000Z' };
    const { ledger, sent } = ledgerAnswering(stored(older), ok({}));
    await ledger.write('shop', report);
    expect(jsonOf(sent[1])).toMatchObject({
      ConditionExpression: '#version = :read',
      ExpressionAttributeValues: { ':read': { N: '4' }, ':memory': { S: JSON.stringify(report) } },
    });
  });

  it('is not written over a newer one', async () => {
    const { ledger, sent } = ledgerAnswering(stored({ ...report, measuredAt: '2026-03-02T10:01:00.000Z' }));
    await ledger.write('shop', report);
    expect(sent).toHaveLength(1);
  });

  it('gives way to whoever wrote in between', async () => {
    const { ledger } = ledgerAnswering(ok({}), jsonError(400, 'ConditionalCheckFailedException'));
    await expect(ledger.write('shop', report)).resolves.toBeUndefined();
  });
});
