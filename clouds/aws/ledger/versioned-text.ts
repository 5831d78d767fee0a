import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { readAnswer } from '../answer.ts';
import { type AwsAccess, clientOptions, lazily } from '../client.ts';
import { translate } from '../errors.ts';
import { updateIf } from './ledger-clauses.ts';
import { number, text, type ItemKey } from './ledger-items.ts';

const GET = 'DynamoDB GetItem';
const UPDATE = 'DynamoDB UpdateItem';

const itemSchema = z.object({
  memory: z.object({ S: z.string() }).transform(({ S }) => S),
  version: z.object({ N: z.string().regex(/^\d{1,15}$/) }).transform(({ N }) => Number(N)),
});

/** One text with a version, which many write: whoever wrote it since it was read is not overwritten. */
export interface VersionedText {
  /** `text` is null, and the version 0, where there is none yet. */
  read(key: ItemKey): Promise<{ readonly text: string | null; readonly version: number }>;
  /** False when somebody else wrote since `version` was read. */
  write(key: ItemKey, value: string, version: number): Promise<boolean>;
}

/** Texts with versions in the ledger's table. */
export function makeVersionedText(options: AwsAccess & { readonly tableName: string }): VersionedText {
  const client = lazily(() => new DynamoDBClient(clientOptions(options)));
  const TableName = options.tableName;
  return {
    async read(Key) {
      try {
        // Consistent: many write, and an old copy would forget what another one saw.
        const command = new GetItemCommand({ TableName, Key, ConsistentRead: true });
        const { Item } = await client().send(command);
        if (Item === undefined) return { text: null, version: 0 };
        const { memory, version } = readAnswer(GET, itemSchema, Item);
        return { text: memory, version };
      } catch (error) {
        throw translate(GET, error);
      }
    },
    async write(Key, value, version) {
      const condition = version === 0 ? 'attribute_not_exists(#version)' : '#version = :read';
      const update = 'SET #memory = :memory, #version = :next';
      const values = { memory: text(value), next: number(version + 1), read: number(version) };
      try {
        await client().send(
          new UpdateItemCommand({ TableName, Key, ...updateIf(update, condition, values) }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw translate(UPDATE, error);
      }
    },
  };
}
