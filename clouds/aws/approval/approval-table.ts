import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import type { Approval } from '../../../core/approval/approval.ts';
import { CloudUnavailable } from '../../../core/errors.ts';
import { APPROVAL_PREFIX, approvalAttributes, approvalKey, partitionOf } from './approval-items.ts';
import { readApprovalItem, type ApprovalItem } from './approval-items.ts';
import { type AwsAccess, clientOptions, lazily } from '../client.ts';
import { translate } from '../errors.ts';
import { bind } from '../ledger/ledger-clauses.ts';
import { number, text } from '../ledger/ledger-items.ts';

const GET = 'DynamoDB GetItem';
const PUT = 'DynamoDB PutItem';
const QUERY = 'DynamoDB Query';

/** A handful of people and one workflow write to an approval; who loses so often in a row is not alone with them. */
const ATTEMPTS_MAX = 8;

/** Which approval, by its two names. */
export interface ApprovalId {
  readonly workload: string;
  readonly execution: string;
}

/** What a change comes to: what is written, if anything, and what the caller is told. */
export interface Change<Result> {
  readonly next: Omit<ApprovalItem, 'version'> | null;
  readonly result: Result;
}

export interface ApprovalTable {
  read(id: ApprovalId): Promise<ApprovalItem | null>;
  list(workload: string): Promise<readonly Approval[]>;
  /**
   * Reads, decides and writes, on the condition that nobody wrote in between; else it reads and decides again.
   * @returns the item after the change, and what `decide` said of it.
   */
  change<Result>(
    id: ApprovalId,
    decide: (item: ApprovalItem | null) => Change<Result>,
  ): Promise<{ readonly item: ApprovalItem | null; readonly result: Result }>;
}

/** The conditions, each under the name by which people speak of it. */
const clauses = { isNew: 'attribute_not_exists(#version)', isAsRead: '#version = :versionAsRead' } as const;

export function makeApprovalTable(options: AwsAccess & { readonly tableName: string }): ApprovalTable {
  const client = lazily(() => new DynamoDBClient(clientOptions(options)));
  const TableName = options.tableName;

  async function read({ workload, execution }: ApprovalId): Promise<ApprovalItem | null> {
    try {
      // Consistent: a decision must be made on what is there now.
      const { Item } = await client().send(
        new GetItemCommand({ TableName, Key: approvalKey(workload, execution), ConsistentRead: true }),
      );
      return Item === undefined ? null : readApprovalItem(GET, Item);
    } catch (error) {
      throw translate(GET, error);
    }
  }

  /** False when somebody else wrote since `versionAsRead`. */
  async function put(item: ApprovalItem, versionAsRead: number | null): Promise<boolean> {
    const ConditionExpression = versionAsRead === null ? clauses.isNew : clauses.isAsRead;
    const names = bind([ConditionExpression], { versionAsRead: number(versionAsRead ?? 0) });
    const { ExpressionAttributeNames, ExpressionAttributeValues } = names;
    try {
      await client().send(
        new PutItemCommand({
          TableName,
          Item: approvalAttributes(item),
          ConditionExpression,
          ExpressionAttributeNames,
          ...(versionAsRead === null ? {} : { ExpressionAttributeValues }),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw translate(PUT, error);
    }
  }

  async function change<Result>(id: ApprovalId, decide: (item: ApprovalItem | null) => Change<Result>) {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const before = await read(id);
      const { next, result } = decide(before);
      if (next === null) return { item: before, result };
      const item = { ...next, version: (before?.version ?? 0) + 1 };
      if (await put(item, before?.version ?? null)) return { item, result };
    }
    throw new CloudUnavailable({
      call: PUT,
      got: `${ATTEMPTS_MAX} times another writer was quicker on the approval of ${id.execution}`,
      next: 'Answer again; where it goes on, look at who writes to this record.',
    });
  }

  return { read, change, list: (workload) => listApprovals({ client: client(), TableName }, workload) };
}

async function listApprovals(
  table: { readonly client: DynamoDBClient; readonly TableName: string },
  workload: string,
): Promise<readonly Approval[]> {
  const KeyConditionExpression = '#pk = :pk AND begins_with(#sk, :prefix)';
  const values = { pk: partitionOf(workload), prefix: text(APPROVAL_PREFIX) };
  const found: Approval[] = [];
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const command = new QueryCommand({
      TableName: table.TableName,
      ConsistentRead: true,
      KeyConditionExpression,
      ...bind([KeyConditionExpression], values),
      ...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }),
    });
    try {
      const { Items = [], LastEvaluatedKey } = await table.client.send(command);
      found.push(...Items.map((item) => readApprovalItem(QUERY, item).approval));
      ExclusiveStartKey = LastEvaluatedKey;
    } catch (error) {
      throw translate(QUERY, error);
    }
  } while (ExclusiveStartKey !== undefined);
  return found;
}
