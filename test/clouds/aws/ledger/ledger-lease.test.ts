import { CloudAnswerUnreadable, CloudRefused, CloudUnavailable } from '../../../../core/errors.ts';
import { jsonError, jsonOf, ok, rejectionOf } from '../helpers.ts';
import {
  cancelled,
  done,
  heldBy,
  item,
  LATER,
  leaseItem,
  ledgerAnswering,
  request,
} from './ledger-fixtures.ts';

const brakeOn = {
  on: { BOOL: true },
  owner: { S: 'the person on call' },
  reason: { S: 'database migration' },
};

describe('taking the lease', () => {
  it('takes a lease that nobody ever took, with epoch 1, in one transaction with the check of the brake', async () => {
    const { ledger, calls, transaction } = ledgerAnswering(item(null), done);
    expect(await ledger.takeLease(request)).toEqual({
      taken: true,
      epoch: 1,
      expiresAt: LATER,
      recentMoves: 0,
    });
    expect(calls()).toEqual(['GetItem', 'TransactWriteItems']);
    expect(transaction(1)).toEqual([
      {
        ConditionCheck: {
          TableName: 'pilotlight-ledger',
          Key: { pk: { S: 'workload#petclinic' }, sk: { S: 'brake' } },
          ConditionExpression: '(attribute_not_exists(#pk) OR #on = :off)',
          ExpressionAttributeNames: { '#pk': 'pk', '#on': 'on' },
          ExpressionAttributeValues: { ':off': { BOOL: false } },
        },
      },
      {
        Update: {
          TableName: 'pilotlight-ledger',
          Key: { pk: { S: 'workload#petclinic' }, sk: { S: 'lease' } },
          UpdateExpression:
            'SET #holder = :execution, #epoch = :epoch, #expiresAt = :expiresAt, #status = :held',
          ConditionExpression:
            'attribute_not_exists(#epoch) AND (attribute_not_exists(#holder) OR #expiresAt <= :now) AND ' +
            'attribute_not_exists(#disarmed) AND (attribute_not_exists(#cooldownUntil) OR #cooldownUntil <= :now)',
          ExpressionAttributeNames: {
            '#holder': 'holder',
            '#epoch': 'epoch',
            '#expiresAt': 'expiresAt',
            '#status': 'status',
            '#disarmed': 'disarmed',
            '#cooldownUntil': 'cooldownUntil',
          },
          ExpressionAttributeValues: {
            ':execution': { S: 'run-1' },
            ':epoch': { N: '1' },
            ':expiresAt': { N: '1795395600000' },
            ':now': { N: '1795392000000' },
            ':held': { S: 'HELD' },
          },
        },
      },
    ]);
  });

  it('reads the lease consistently', async () => {
    const { ledger, sent } = ledgerAnswering(item(leaseItem()), done);
    await ledger.takeLease(request);
    expect(jsonOf(sent[0])).toEqual({
      TableName: 'pilotlight-ledger',
      Key: { pk: { S: 'workload#petclinic' }, sk: { S: 'lease' } },
      ConsistentRead: true,
    });
  });

  it('counts the epoch on from the one before, on the condition that it is still that one', async () => {
    const { ledger, transaction } = ledgerAnswering(item(leaseItem({ epoch: { N: '41' } })), done);
    expect(await ledger.takeLease(request)).toEqual({
      taken: true,
      epoch: 42,
      expiresAt: LATER,
      recentMoves: 0,
    });
    expect(transaction(1)[1]).toMatchObject({
      Update: {
        ConditionExpression: expect.stringMatching(/^#epoch = :epochAsRead AND /),
        ExpressionAttributeValues: { ':epoch': { N: '42' }, ':epochAsRead': { N: '41' } },
      },
    });
  });

  it('lets a person past brake, cooldown and a failover that nobody acknowledged, but not past a holder', async () => {
    const { ledger, transaction } = ledgerAnswering(item(leaseItem()), done);
    await ledger.takeLease({ ...request, byPerson: true });
    expect(transaction(1)).toHaveLength(1);
    expect(transaction(1)[0]).toMatchObject({
      Update: {
        ConditionExpression:
          '#epoch = :epochAsRead AND (attribute_not_exists(#holder) OR #expiresAt <= :now)',
      },
    });
  });

  it('answers the same grant with the same epoch when the same execution asks again', async () => {
    const { ledger, transaction } = ledgerAnswering(item(heldBy('run-1', '4', LATER - 1)), done);
    expect(await ledger.takeLease(request)).toEqual({
      taken: true,
      epoch: 4,
      expiresAt: LATER,
      recentMoves: 0,
    });
    expect(transaction(1)[1]).toMatchObject({
      Update: { ConditionExpression: '#holder = :execution AND #epoch = :epochAsRead' },
    });
  });

  it('is ours where the write got through and only its answer was lost', async () => {
    const { ledger } = ledgerAnswering(
      item(leaseItem()),
      cancelled('None', 'ConditionalCheckFailed'),
      item(heldBy('run-1', '4', LATER)),
      item(null),
    );
    expect(await ledger.takeLease(request)).toEqual({
      taken: true,
      epoch: 4,
      expiresAt: LATER,
      recentMoves: 0,
    });
  });
});

describe('a lease that is not given', () => {
  it('says who holds it and until when', async () => {
    const { ledger, calls } = ledgerAnswering(
      item(heldBy('run-0', '3', LATER)),
      cancelled('None', 'ConditionalCheckFailed'),
      item(heldBy('run-0', '3', LATER)),
      item(null),
    );
    expect(await ledger.takeLease(request)).toEqual({
      taken: false,
      reason: 'held',
      detail: 'execution run-0 holds the lease until 2026-11-23T01:00:00.000Z',
      holder: 'run-0',
    });
    expect(calls()).toEqual(['GetItem', 'TransactWriteItems', 'GetItem', 'GetItem']);
  });

  it('says who pulled the brake and why', async () => {
    const { ledger } = ledgerAnswering(
      item(leaseItem()),
      cancelled('ConditionalCheckFailed', 'None'),
      item(leaseItem()),
      item(brakeOn),
    );
    expect(await ledger.takeLease(request)).toEqual({
      taken: false,
      reason: 'brake',
      detail: 'the brake is on: database migration (the person on call)',
    });
  });

  it('says how long the cooldown lasts', async () => {
    const resting = leaseItem({ cooldownUntil: { N: String(LATER) } });
    const { ledger } = ledgerAnswering(
      item(resting),
      cancelled('None', 'ConditionalCheckFailed'),
      item(resting),
      item({ ...brakeOn, on: { BOOL: false } }),
    );
    expect(await ledger.takeLease(request)).toMatchObject({ taken: false, reason: 'cooldown' });
  });

  it.each([true, false])(
    'says that the last failover was not acknowledged, whatever stands there: %s',
    async (BOOL) => {
      const disarmed = leaseItem({ disarmed: { BOOL }, cooldownUntil: { N: String(LATER) } });
      const { ledger } = ledgerAnswering(
        item(disarmed),
        cancelled('None', 'ConditionalCheckFailed'),
        item(disarmed),
        item(null),
      );
      expect(await ledger.takeLease(request)).toEqual({
        taken: false,
        reason: 'disarmed',
        detail: 'the last failover was not acknowledged yet: "pilotlight acknowledge" arms automation again',
      });
    },
  );

  it('is the loser of a race where nothing else explains the refusal', async () => {
    const { ledger } = ledgerAnswering(
      item(leaseItem()),
      cancelled('None', 'ConditionalCheckFailed'),
      item(leaseItem({ epoch: { N: '4' } })),
      item(null),
    );
    expect(await ledger.takeLease(request)).toMatchObject({ taken: false, reason: 'held' });
  });

  it('does not read the brake for a person', async () => {
    const held = item(heldBy('run-0', '3', LATER));
    const { ledger, calls } = ledgerAnswering(held, cancelled('ConditionalCheckFailed'), held);
    expect(await ledger.takeLease({ ...request, byPerson: true })).toMatchObject({
      taken: false,
      reason: 'held',
    });
    expect(calls()).toEqual(['GetItem', 'TransactWriteItems', 'GetItem']);
  });

  it('gives back its own lease when the brake was pulled between two attempts', async () => {
    const ours = item(heldBy('run-1', '4', LATER));
    const { ledger, sent, calls } = ledgerAnswering(
      ours,
      cancelled('ConditionalCheckFailed', 'None'),
      ours,
      item(brakeOn),
      ok({ Attributes: leaseItem({ epoch: { N: '4' } }) }),
    );
    expect(await ledger.takeLease(request)).toMatchObject({ taken: false, reason: 'brake' });
    expect(calls().at(-1)).toBe('UpdateItem');
    expect(jsonOf(sent[4])).toMatchObject({
      Key: { pk: { S: 'workload#petclinic' }, sk: { S: 'lease' } },
      UpdateExpression: 'SET #status = :status REMOVE #holder',
      ConditionExpression: '#holder = :execution AND #epoch = :epoch',
      ExpressionAttributeValues: {
        ':execution': { S: 'run-1' },
        ':epoch': { N: '4' },
        ':status': { S: 'DONE' },
      },
    });
  });
});

describe('a ledger that cannot be read', () => {
  it('gives no lease on a lease item that does not parse', async () => {
    const { ledger, calls } = ledgerAnswering(item(leaseItem({ epoch: { N: 'many' } })));
    expect(await rejectionOf(ledger.takeLease(request))).toBeInstanceOf(CloudAnswerUnreadable);
    expect(calls()).toEqual(['GetItem']);
  });

  it('gives no lease on a brake item that does not parse', async () => {
    const { ledger } = ledgerAnswering(
      item(leaseItem()),
      cancelled('ConditionalCheckFailed', 'None'),
      item(leaseItem()),
      item({ on: { S: 'yes' } }),
    );
    expect(await rejectionOf(ledger.takeLease(request))).toBeInstanceOf(CloudAnswerUnreadable);
  });

  it.each([
    ['the table is denied', jsonError(400, 'AccessDeniedException'), CloudRefused],
    ['the table is not there', jsonError(400, 'ResourceNotFoundException'), CloudRefused],
    ['the transaction is malformed', cancelled('None', 'ValidationError'), CloudRefused],
    ['another transaction is under way', cancelled('None', 'TransactionConflict'), CloudUnavailable],
    ['the table is throttled', cancelled('ThrottlingError', 'None'), CloudUnavailable],
  ])('throws when %s', async (_what, answer, kind) => {
    const { ledger } = ledgerAnswering(item(leaseItem()), answer);
    expect(await rejectionOf(ledger.takeLease(request))).toBeInstanceOf(kind);
  });

  it('throws when DynamoDB does not answer', async () => {
    const { ledger, sent } = ledgerAnswering(
      jsonError(500, 'InternalServerError'),
      jsonError(500, 'InternalServerError'),
      {
        status: 503,
        body: '<html>',
      },
    );
    expect(await rejectionOf(ledger.takeLease(request))).toBeInstanceOf(CloudUnavailable);
    expect(sent).toHaveLength(3);
  });
});
