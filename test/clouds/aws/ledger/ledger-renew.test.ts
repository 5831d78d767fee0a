import { CloudRefused, LeaseLost } from '../../../../core/errors.ts';
import { jsonError, jsonOf, ok, rejectionOf } from '../helpers.ts';
import { heldBy, LATER, leaseItem, ledgerAnswering, NOW } from './ledger-fixtures.ts';

describe('renewing the lease', () => {
  const renewal = { workload: 'petclinic', execution: 'run-1', epoch: 4, expiresAt: LATER };
  const refused = (found: Record<string, unknown> | null) =>
    jsonError(400, 'ConditionalCheckFailedException', found === null ? {} : { Item: found });

  it('moves the expiry while holder and epoch are still ours', async () => {
    const { ledger, sent } = ledgerAnswering(ok({ Attributes: heldBy('run-1', '4', LATER) }));
    expect(await ledger.renewLease(renewal)).toEqual({ vouch: null });
    expect(jsonOf(sent[0])).toEqual({
      TableName: 'pilotlight-ledger',
      Key: { pk: { S: 'workload#petclinic' }, sk: { S: 'lease' } },
      UpdateExpression: 'SET #expiresAt = :expiresAt',
      ConditionExpression: '#holder = :execution AND #epoch = :epoch',
      ExpressionAttributeNames: { '#expiresAt': 'expiresAt', '#holder': 'holder', '#epoch': 'epoch' },
      ExpressionAttributeValues: {
        ':expiresAt': { N: '1795395600000' },
        ':execution': { S: 'run-1' },
        ':epoch': { N: '4' },
      },
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
  });

  const word = (execution: string) => ({
    vouch: {
      M: {
        execution: { S: execution },
        by: { S: 'the engineer on call' },
        reason: { S: 'Seoul is gone' },
        at: { S: '2026-11-23T00:00:00.000Z' },
      },
    },
  });

  it('hears of a person who vouches for the outage', async () => {
    const { ledger } = ledgerAnswering(
      ok({ Attributes: { ...heldBy('run-1', '4', LATER), ...word('run-1') } }),
    );
    expect(await ledger.renewLease(renewal)).toEqual({
      vouch: {
        execution: 'run-1',
        by: 'the engineer on call',
        reason: 'Seoul is gone',
        at: '2026-11-23T00:00:00.000Z',
      },
    });
  });

  it('does not take a word that was given to an earlier run', async () => {
    const { ledger } = ledgerAnswering(
      ok({ Attributes: { ...heldBy('run-1', '4', LATER), ...word('run-0') } }),
    );
    expect(await ledger.renewLease(renewal)).toEqual({ vouch: null });
  });

  it('gives a word only to the run that holds the lease', async () => {
    const given = { execution: 'run-1', by: 'x', reason: 'y', at: '2026-11-23T00:00:00.000Z' };
    const held = ledgerAnswering(ok({ Attributes: heldBy('run-1', '4', LATER) }));
    expect(await held.ledger.vouch('petclinic', given)).toBe(true);
    expect(jsonOf(held.sent[0])).toMatchObject({
      UpdateExpression: 'SET #vouch = :vouch',
      ConditionExpression: '#holder = :execution',
    });
    const lost = ledgerAnswering(refused(heldBy('run-2', '5', LATER)));
    expect(await lost.ledger.vouch('petclinic', given)).toBe(false);
  });

  it.each([
    [
      'another execution holds it',
      heldBy('run-2', '5', NOW),
      'execution run-2 holds it at epoch 5 until 2026-11-23T00:00:00.000Z',
    ],
    ['nobody holds it', leaseItem({ epoch: { N: '4' } }), 'nobody holds it now (epoch 4)'],
    ['the ledger has none', null, 'the ledger has no lease of this workload'],
  ])('is lost when %s, and says so', async (_what, found, words) => {
    const { ledger } = ledgerAnswering(refused(found));
    const error = await rejectionOf(ledger.renewLease(renewal));
    expect(error).toBeInstanceOf(LeaseLost);
    expect((error as LeaseLost).message).toBe(
      `the lease of petclinic is no longer held by run-1 at epoch 4: ${words}. ` +
        'This execution must not act any more; what the other one does is in its own record.',
    );
  });

  it('is not lost when DynamoDB cannot say', async () => {
    const { ledger } = ledgerAnswering(
      ok({ Attributes: heldBy('run-1', '4', LATER) }),
      jsonError(400, 'AccessDeniedException'),
    );
    await ledger.renewLease(renewal);
    expect(await rejectionOf(ledger.renewLease(renewal))).toBeInstanceOf(CloudRefused);
  });
});
