import { CloudAnswerUnreadable, CloudUnavailable } from '../../../../core/errors.ts';
import { jsonOf, ok, rejectionOf } from '../helpers.ts';
import {
  cancelled,
  done,
  heldBy,
  item,
  LATER,
  leaseItem,
  ledgerAnswering,
  NOW,
  record,
} from './ledger-fixtures.ts';

const release = { epoch: 4, status: 'DONE', cooldownUntil: null, disarms: false, movedAwayAt: null } as const;
const written = (more: Record<string, unknown> = {}) =>
  ok({ Attributes: { outcome: { S: 'FailedOver' }, ...more } });
const runKey = { pk: { S: 'workload#petclinic' }, sk: { S: 'run#2026-11-23T00:00:00.000Z#run-1' } };

describe('finishing a run that holds the lease', () => {
  it('writes the record and gives back the lease in one transaction', async () => {
    const { ledger, calls, transaction, warnings } = ledgerAnswering(done);
    await ledger.finish(record, release);
    expect(calls()).toEqual(['TransactWriteItems']);
    expect(warnings).toEqual([]);
    const [put, giveBack] = transaction(0) as { Update: Record<string, unknown> }[];
    expect(put?.Update).toMatchObject({
      TableName: 'pilotlight-ledger',
      Key: runKey,
      UpdateExpression:
        'SET #record = :record, #outcome = :outcome, #startedAt = :startedAt, #endedAt = :endedAt, ' +
        '#releasedEpoch = :releasedEpoch',
      ExpressionAttributeValues: {
        ':outcome': { S: 'FailedOver' },
        ':startedAt': { S: '2026-11-23T00:00:00.000Z' },
        ':endedAt': { S: '2026-11-23T00:20:00.000Z' },
        ':releasedEpoch': { N: '4' },
      },
    });
    expect(giveBack?.Update).toEqual({
      TableName: 'pilotlight-ledger',
      Key: { pk: { S: 'workload#petclinic' }, sk: { S: 'lease' } },
      UpdateExpression: 'SET #status = :status, #lastExecution = :execution REMOVE #holder',
      ConditionExpression: '#holder = :execution AND #epoch = :epoch',
      ExpressionAttributeNames: {
        '#status': 'status',
        '#lastExecution': 'lastExecution',
        '#holder': 'holder',
        '#epoch': 'epoch',
      },
      ExpressionAttributeValues: {
        ':status': { S: 'DONE' },
        ':execution': { S: 'run-1' },
        ':epoch': { N: '4' },
      },
    });
  });

  it('keeps the whole record as JSON', async () => {
    const { ledger, transaction } = ledgerAnswering(done);
    await ledger.finish(record, release);
    const [put] = transaction(0) as { Update: { ExpressionAttributeValues: { ':record': { S: string } } } }[];
    expect(JSON.parse(put?.Update.ExpressionAttributeValues[':record'].S ?? '')).toEqual(record);
  });

  it.each([
    ['starts the cooldown that it asks for', leaseItem(), LATER],
    ['replaces a cooldown that ends sooner', leaseItem({ cooldownUntil: { N: String(NOW) } }), LATER],
    ['never shortens a cooldown', leaseItem({ cooldownUntil: { N: '1795399200000' } }), 1795399200000],
  ])('%s', async (_what, lease, until) => {
    const { ledger, transaction } = ledgerAnswering(item(lease), done);
    await ledger.finish(record, {
      ...release,
      status: 'FAILED',
      cooldownUntil: LATER,
      disarms: false,
      movedAwayAt: null,
    });
    expect(transaction(1)[1]).toMatchObject({
      Update: {
        UpdateExpression:
          'SET #status = :status, #lastExecution = :execution, #cooldownUntil = :cooldownUntil REMOVE #holder',
        ExpressionAttributeValues: { ':status': { S: 'FAILED' }, ':cooldownUntil': { N: String(until) } },
      },
    });
  });

  it('disarms automation where the run asks for it, and touches that flag in no other case', async () => {
    const { ledger, transaction } = ledgerAnswering(done, item(leaseItem()), done, done);
    await ledger.finish(record, { ...release, disarms: true, movedAwayAt: null });
    expect(transaction(0)[1]).toMatchObject({
      Update: {
        UpdateExpression:
          'SET #status = :status, #lastExecution = :execution, #disarmed = :disarmed REMOVE #holder',
        ConditionExpression: '#holder = :execution AND #epoch = :epoch',
        ExpressionAttributeNames: { '#disarmed': 'disarmed' },
        ExpressionAttributeValues: { ':disarmed': { BOOL: true } },
      },
    });
    await ledger.finish(record, { ...release, cooldownUntil: LATER, disarms: true, movedAwayAt: null });
    expect(transaction(2)[1]).toMatchObject({
      Update: {
        UpdateExpression:
          'SET #status = :status, #lastExecution = :execution, #cooldownUntil = :cooldownUntil, ' +
          '#disarmed = :disarmed REMOVE #holder',
      },
    });
    await ledger.finish(record, release);
    expect(JSON.stringify(transaction(3))).not.toContain('disarmed');
  });

  it('arms automation and ends its cooldown where users came home, and in no other case', async () => {
    const { ledger, calls, transaction } = ledgerAnswering(done, done);
    await ledger.finish(record, { ...release, arms: true });
    expect(calls()).toEqual(['TransactWriteItems']);
    expect(transaction(0)[1]).toMatchObject({
      Update: {
        UpdateExpression:
          'SET #status = :status, #lastExecution = :execution REMOVE #holder, #disarmed, #cooldownUntil',
        ConditionExpression: '#holder = :execution AND #epoch = :epoch',
        ExpressionAttributeNames: {
          '#holder': 'holder',
          '#disarmed': 'disarmed',
          '#cooldownUntil': 'cooldownUntil',
        },
      },
    });
    await ledger.finish(record, release);
    expect(JSON.stringify(transaction(1))).not.toMatch(/disarmed|cooldownUntil/);
  });

  it('writes nothing else when the transaction failed for a passing reason', async () => {
    const { ledger, calls } = ledgerAnswering(cancelled('None', 'TransactionConflict'));
    expect(await rejectionOf(ledger.finish(record, release))).toBeInstanceOf(CloudUnavailable);
    expect(calls()).toEqual(['TransactWriteItems']);
  });
});

describe('finishing a run that does not know its lease', () => {
  const unknown = { ...release, epoch: null };

  it('gives back the one that it holds, whose grant was lost on the way', async () => {
    const { ledger, calls, transaction } = ledgerAnswering(item(heldBy('run-1', '9', LATER)), done);
    await ledger.finish(record, unknown);
    expect(calls()).toEqual(['GetItem', 'TransactWriteItems']);
    expect(transaction(1)[1]).toMatchObject({
      Update: { ExpressionAttributeValues: { ':execution': { S: 'run-1' }, ':epoch': { N: '9' } } },
    });
  });

  it('leaves the lease of another run alone', async () => {
    const { ledger, calls, warnings } = ledgerAnswering(item(heldBy('run-2', '9', LATER)), written());
    await ledger.finish(record, unknown);
    expect(calls()).toEqual(['GetItem', 'UpdateItem']);
    expect(warnings).toEqual([]);
  });
});

describe('asking whether a run is recorded', () => {
  it('looks for its own item', async () => {
    const { ledger, sent } = ledgerAnswering(item({ outcome: { S: 'FailedOver' } }), ok({}));
    expect(await ledger.isRecorded(record.run)).toBe(true);
    expect(jsonOf(sent[0])).toMatchObject({ Key: runKey, ConsistentRead: true });
    expect(await ledger.isRecorded(record.run)).toBe(false);
  });
});

describe('finishing a run that holds no lease', () => {
  it('writes the record alone where there is nothing to give back', async () => {
    const { ledger, sent, calls, warnings } = ledgerAnswering(written());
    await ledger.finish(record, null);
    expect(calls()).toEqual(['UpdateItem']);
    expect(jsonOf(sent[0])).toMatchObject({
      Key: runKey,
      UpdateExpression:
        'SET #record = :record, #outcome = :outcome, #startedAt = :startedAt, #endedAt = :endedAt',
      ReturnValues: 'ALL_NEW',
    });
    expect(warnings).toEqual([]);
  });

  it('writes the record even though the lease was lost, touches no lease, and warns', async () => {
    const { ledger, calls, warnings } = ledgerAnswering(
      cancelled('None', 'ConditionalCheckFailed'),
      written(),
      item(heldBy('run-2', '5', LATER)),
    );
    await ledger.finish(record, release);
    expect(calls()).toEqual(['TransactWriteItems', 'UpdateItem', 'GetItem']);
    expect(warnings).toEqual([
      'the lease of petclinic is no longer held by run-1 at epoch 4: execution run-2 holds it at epoch 5 until ' +
        '2026-11-23T01:00:00.000Z. This execution must not act any more; what the other one does is in its own record.',
    ]);
  });

  it('does no harm and no noise when the same run finishes a second time', async () => {
    const { ledger, calls, warnings } = ledgerAnswering(
      cancelled('None', 'ConditionalCheckFailed'),
      written({ releasedEpoch: { N: '4' } }),
    );
    await ledger.finish(record, release);
    expect(calls()).toEqual(['TransactWriteItems', 'UpdateItem']);
    expect(warnings).toEqual([]);
  });

  it('still warns where the run gave back an older lease, and not this one', async () => {
    const { ledger, warnings } = ledgerAnswering(
      cancelled('None', 'ConditionalCheckFailed'),
      written({ releasedEpoch: { N: '3' } }),
      item(null),
    );
    await ledger.finish(record, release);
    expect(warnings).toHaveLength(1);
  });

  it('calls an answer without the written item unreadable', async () => {
    const { ledger } = ledgerAnswering(ok({}));
    expect(await rejectionOf(ledger.finish(record, null))).toBeInstanceOf(CloudAnswerUnreadable);
  });

  it('keeps the moves of the last six hours, and adds this one once', async () => {
    const HOUR = 3_600_000;
    const moves = { L: [NOW - 7 * HOUR, NOW - HOUR, NOW].map((at) => ({ N: String(at) })) };
    const { ledger, transaction } = ledgerAnswering(item({ ...heldBy('run-1', '4', LATER), moves }), done);
    await ledger.finish(record, { ...release, movedAwayAt: NOW });
    expect(transaction(1)[1]).toMatchObject({
      Update: {
        UpdateExpression: expect.stringContaining('#moves = :moves') as string,
        ExpressionAttributeValues: {
          ':moves': { L: [{ N: String(NOW - HOUR) }, { N: String(NOW) }] },
        },
      },
    });
  });
});
