import { configOf, templateOf, templatesOf } from './synthesized.ts';

const ledger = templateOf(templatesOf(configOf()), 'PilotlightLedger');

describe('the ledger', () => {
  it('outlives its stack, can be restored to any second of 35 days, and is not deleted by mistake', () => {
    ledger.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        TableName: 'pilotlight-ledger',
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
      },
    });
  });

  it('has the keys that the adapter writes: workload and kind of item', () => {
    ledger.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    });
  });

  it('depends on no key of ours: the stack holds the table and nothing else', () => {
    const { Resources } = ledger.toJSON() as { Resources: Record<string, { Type: string }> };
    expect(Object.values(Resources).map(({ Type }) => Type)).toEqual(['AWS::DynamoDB::Table']);
  });
});
