import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { names } from '../names.ts';

/** How far back the table can be restored; the most that DynamoDB offers. Days. */
const RECOVERY_DAYS = 35;

/** What must outlive every deployment of the rest: the ledger of leases, brakes and history. */
export class LedgerStack extends Stack {
  readonly table: Table;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, {
      ...props,
      description: 'Pilotlight: the ledger of leases, brakes and history. Kept when the stack is deleted.',
      terminationProtection: true,
    });
    this.table = new Table(this, 'Ledger', {
      tableName: names.ledgerTable,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      // A failover is a burst after months of silence: nothing to provision for.
      billingMode: BillingMode.PAY_PER_REQUEST,
      // DynamoDB's own key, not one of ours: the records are no secrets, and a key policy or a limit of KMS would be one
      // more thing that can keep us from the lease on the day.
      encryption: TableEncryption.DEFAULT,
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        recoveryPeriodInDays: RECOVERY_DAYS,
      },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
