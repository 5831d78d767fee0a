import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type TransactWriteItem,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { z } from 'zod';
import { CloudRefused, CloudUnavailable } from '../../../core/errors.ts';
import type { BrakeItem, LeaseItem } from '../../../core/ledger/lease.ts';
import type { Run } from '../../../core/run/run.ts';
import { readAnswer } from '../answer.ts';
import { type AwsAccess, clientOptions, lazily } from '../client.ts';
import { translate } from '../errors.ts';
import {
  brakeItemSchema,
  brakeKey,
  leaseItemSchema,
  leaseKey,
  runItemSchema,
  runKey,
  type ItemKey,
} from './ledger-items.ts';

const GET = 'DynamoDB GetItem';
const UPDATE = 'DynamoDB UpdateItem';
const TRANSACT = 'DynamoDB TransactWriteItems';

/** Reasons of a cancelled transaction that pass by themselves: another transaction, or too much traffic. */
const passingReasons: ReadonlySet<string> = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

/** An update that either holds its condition or says what stood against it. */
type UpdateResult =
  | { readonly done: true; readonly lease: LeaseItem }
  | { readonly done: false; readonly found: LeaseItem | null };

/** The calls that the ledger makes to its table, with DynamoDB's refusals turned into answers. */
export interface LedgerTable {
  readonly name: string;
  readLease(workload: string): Promise<LeaseItem | null>;
  readBrake(workload: string): Promise<BrakeItem | null>;
  /** Whether the item of this run is there. */
  hasRun(run: Run): Promise<boolean>;
  /** False when a condition of one of the items did not hold: nothing was written then. */
  transact(items: readonly TransactWriteItem[]): Promise<boolean>;
  /** Updates the lease of a workload on a condition. */
  updateLease(workload: string, update: LeaseUpdate): Promise<UpdateResult>;
  /** Updates an item without a condition and answers all of its attributes afterwards. */
  upsert<Schema extends z.ZodType>(update: ItemUpdate, schema: Schema): Promise<z.output<Schema>>;
}

type LeaseUpdate = Omit<UpdateItemCommandInput, 'TableName' | 'Key'>;
type ItemUpdate = LeaseUpdate & { readonly Key: ItemKey };

export function makeLedgerTable(access: AwsAccess, name: string): LedgerTable {
  const client = lazily(() => new DynamoDBClient(clientOptions(access)));
  async function read<Item>(schema: z.ZodType<Item>, Key: ItemKey): Promise<Item | null> {
    try {
      // Consistent: an old copy of the brake or of the lease would be worse than no answer.
      const answer = await client().send(new GetItemCommand({ TableName: name, Key, ConsistentRead: true }));
      return answer.Item === undefined ? null : readAnswer(GET, schema, answer.Item);
    } catch (error) {
      throw translate(GET, error);
    }
  }
  return {
    name,
    readLease: (workload) => read(leaseItemSchema, leaseKey(workload)),
    hasRun: async (run) => (await read(runItemSchema, runKey(run))) !== null,
    readBrake: (workload) => read(brakeItemSchema, brakeKey(workload)),
    async transact(items) {
      try {
        // No ClientRequestToken of ours: a token is bound to the exact request for ten minutes, and a retried step
        // asks with another `now`. The SDK draws one for each call, which covers its own repeats.
        await client().send(new TransactWriteItemsCommand({ TransactItems: [...items] }));
        return true;
      } catch (error) {
        if (error instanceof TransactionCanceledException) return readCancellation(error);
        throw translate(TRANSACT, error);
      }
    },
    async updateLease(workload, update) {
      const ReturnValuesOnConditionCheckFailure = 'ALL_OLD';
      const Key = leaseKey(workload);
      try {
        const returns = { ReturnValues: 'ALL_NEW', ReturnValuesOnConditionCheckFailure } as const;
        const answer = await client().send(
          new UpdateItemCommand({ TableName: name, Key, ...returns, ...update }),
        );
        return { done: true, lease: readAnswer(UPDATE, leaseItemSchema, answer.Attributes) };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw translate(UPDATE, error);
        return {
          done: false,
          found: error.Item === undefined ? null : readAnswer(UPDATE, leaseItemSchema, error.Item),
        };
      }
    },
    async upsert(update, schema) {
      try {
        const answer = await client().send(
          new UpdateItemCommand({ TableName: name, ReturnValues: 'ALL_NEW', ...update }),
        );
        return readAnswer(UPDATE, schema, answer.Attributes);
      } catch (error) {
        throw translate(UPDATE, error);
      }
    },
  };
}

/**
 * False when a condition did not hold. Every other reason is an error: one that passes, or one that a person must see.
 */
function readCancellation(error: TransactionCanceledException): false {
  const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code ?? 'None');
  if (codes.includes('ConditionalCheckFailed')) return false;
  const facts = { call: TRANSACT, got: `cancelled for [${codes.join(', ')}]: ${error.message}` };
  if (codes.some((code) => passingReasons.has(code))) {
    throw new CloudUnavailable({ ...facts, next: 'The workflow tries again by itself.' }, { cause: error });
  }
  const next =
    'Nothing was written. Compare the request with what the reasons name; a retry changes nothing.';
  throw new CloudRefused({ ...facts, next }, { cause: error });
}
