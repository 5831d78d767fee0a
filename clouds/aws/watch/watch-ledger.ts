import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { WatchMemories } from '../../../core/ports.ts';
import { watchMemorySchema } from '../../../core/watch/memory.ts';
import { readAnswer } from '../answer.ts';
import { type AwsAccess, clientOptions, lazily } from '../client.ts';
import { translate } from '../errors.ts';
import { updateIf } from '../ledger/ledger-clauses.ts';
import { number, text, watchKey } from '../ledger/ledger-items.ts';

const GET = 'DynamoDB GetItem';
const UPDATE = 'DynamoDB UpdateItem';

const memoryText = z.object({ S: z.string() }).transform(({ S }, context) => {
  try {
    return watchMemorySchema.safeParse(JSON.parse(S)).data ?? null;
  } catch {
    context.addIssue({ code: 'custom', message: 'no JSON' });
    return z.NEVER;
  }
});

/** A memory of an older shape counts as none: the watch learns anew, within minutes. */
const itemSchema = z.object({
  memory: memoryText,
  version: z.object({ N: z.string().regex(/^\d{1,15}$/) }).transform(({ N }) => Number(N)),
});

/** What the watch remembers of each workload, one item of the ledger's table. */
export function makeWatchLedger(options: AwsAccess & { readonly tableName: string }): WatchMemories {
  const client = lazily(() => new DynamoDBClient(clientOptions(options)));
  const TableName = options.tableName;
  return {
    async read(workload) {
      try {
        // Consistent: two watchers may write, and an old copy would forget what the other one saw.
        const command = new GetItemCommand({ TableName, Key: watchKey(workload), ConsistentRead: true });
        const { Item } = await client().send(command);
        return Item === undefined ? { memory: null, version: 0 } : readAnswer(GET, itemSchema, Item);
      } catch (error) {
        throw translate(GET, error);
      }
    },
    async write(workload, memory, version) {
      const condition = version === 0 ? 'attribute_not_exists(#version)' : '#version = :read';
      const update = 'SET #memory = :memory, #version = :next';
      const values = {
        memory: text(JSON.stringify(memory)),
        next: number(version + 1),
        read: number(version),
      };
      try {
        await client().send(
          new UpdateItemCommand({
            TableName,
            Key: watchKey(workload),
            ...updateIf(update, condition, values),
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw translate(UPDATE, error);
      }
    },
  };
}
