import { allOf, anyOf, bind, clauses } from '../../../../clouds/aws/ledger/ledger-clauses.ts';

describe('conditions from named clauses', () => {
  it('joins clauses so that an "or" inside an "and" keeps its meaning', () => {
    expect(allOf(clauses.epochIsAsRead, anyOf(clauses.leaseIsFree, clauses.leaseHasExpired))).toBe(
      '#epoch = :epochAsRead AND (attribute_not_exists(#holder) OR #expiresAt <= :now)',
    );
    expect(allOf(clauses.brakeIsOff, clauses.holderIsStillUs)).toBe(
      '(attribute_not_exists(#pk) OR #on = :off) AND #holder = :execution',
    );
  });

  it('takes automation for armed only where nothing says otherwise', () => {
    expect(clauses.automationIsArmed).toBe('attribute_not_exists(#disarmed)');
    expect(bind([clauses.automationIsArmed], {})).toEqual({
      ExpressionAttributeNames: { '#disarmed': 'disarmed' },
      ExpressionAttributeValues: {},
    });
  });

  it('binds what the expressions use and nothing else, because DynamoDB refuses one placeholder too many', () => {
    const values = { epoch: { N: '4' }, epochAsRead: { N: '3' }, execution: { S: 'run-1' } };
    expect(bind([clauses.holderIsStillUs, clauses.epochIsAsRead], values)).toEqual({
      ExpressionAttributeNames: { '#holder': 'holder', '#epoch': 'epoch' },
      ExpressionAttributeValues: { ':epochAsRead': { N: '3' }, ':execution': { S: 'run-1' } },
    });
  });
});
