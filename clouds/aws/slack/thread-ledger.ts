import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type AttributeValue,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { CloudAnswerUnreadable } from '../../../core/errors.ts';
import { runRecordSchema, type RunRecord } from '../../../core/run/record.ts';
import { readAnswer } from '../answer.ts';
import { type AwsAccess, clientOptions, lazily } from '../client.ts';
import { translate } from '../errors.ts';
import { bind, updateIf } from '../ledger/ledger-clauses.ts';
import { leaseKey, text, type ItemKey } from '../ledger/ledger-items.ts';

const GET = 'DynamoDB GetItem';
const UPDATE = 'DynamoDB UpdateItem';
const QUERY = 'DynamoDB Query';

/** Newest runs of a workload among which a run is looked for: it has just ended. */
const RUNS_LOOKED_AT = 25;

/** Where a message stands in Slack. */
export interface MessagePlace {
  readonly channel: string;
  readonly ts: string;
}

/** What is remembered of the thread of a run, so that a repeated delivery says nothing twice. */
export interface ThreadLedger {
  /** Whether an execution holds the lease of a workload, or held it last. */
  isAbout(workload: string, execution: string): Promise<boolean>;
  /** Where the message of a run stands that nobody was asked about; null where there is none. */
  message(workload: string, execution: string): Promise<MessagePlace | null>;
  noteMessage(workload: string, execution: string, message: MessagePlace): Promise<void>;
  /** True for one caller only, the first that asks: it may speak of this phase. */
  claim(workload: string, execution: string, phase: string): Promise<boolean>;
  /** Takes a claim back, because nothing could be said. */
  unclaim(workload: string, execution: string, phase: string): Promise<void>;
  /** Whether somebody has spoken of this phase. */
  isTold(workload: string, execution: string, phase: string): Promise<boolean>;
  /** The record of a run that has just ended; null where it is not written. */
  record(workload: string, execution: string): Promise<RunRecord | null>;
}

const textAttribute = z.object({ S: z.string() });
const threadSchema = z.object({
  channel: textAttribute.optional(),
  ts: textAttribute.optional(),
  told: z.object({ SS: z.array(z.string()) }).optional(),
});
const holderSchema = z.object({ holder: textAttribute.optional(), lastExecution: textAttribute.optional() });
const recordItemSchema = z.object({ record: textAttribute });

const threadKey = (workload: string, execution: string): ItemKey => ({
  ...leaseKey(workload),
  sk: text(`thread#${execution}`),
});

/** Threads in the ledger table: `pk` is the workload, `sk` is `thread#EXECUTION`; leases and records are only read. */
export function makeThreadLedger(options: AwsAccess & { readonly tableName: string }): ThreadLedger {
  const client = lazily(() => new DynamoDBClient(clientOptions(options)));
  const TableName = options.tableName;

  async function get<Schema extends z.ZodType>(
    Key: ItemKey,
    schema: Schema,
  ): Promise<z.output<Schema> | null> {
    try {
      const { Item } = await client().send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
      return Item === undefined ? null : readAnswer(GET, schema, Item);
    } catch (error) {
      throw translate(GET, error);
    }
  }

  /** False when the condition of the update did not hold. */
  async function update(Key: ItemKey, change: Partial<UpdateItemCommandInput>): Promise<boolean> {
    try {
      await client().send(new UpdateItemCommand({ TableName, Key, ...change }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw translate(UPDATE, error);
    }
  }

  return {
    async isAbout(workload, execution) {
      const lease = await get(leaseKey(workload), holderSchema);
      return lease?.holder?.S === execution || lease?.lastExecution?.S === execution;
    },
    async message(workload, execution) {
      const thread = await get(threadKey(workload, execution), threadSchema);
      const { channel, ts } = thread ?? {};
      return channel === undefined || ts === undefined ? null : { channel: channel.S, ts: ts.S };
    },
    async noteMessage(workload, execution, { channel, ts }) {
      const expression = 'SET #channel = :channel, #ts = :ts';
      const values = { channel: text(channel), ts: text(ts) };
      await update(threadKey(workload, execution), {
        UpdateExpression: expression,
        ...bind([expression], values),
      });
    },
    claim: (workload, execution, phase) =>
      update(
        threadKey(workload, execution),
        // A set grows by ADD without being read, and the condition makes the first one known.
        updateIf('ADD #told :phases', 'NOT contains(#told, :phase)', {
          phases: { SS: [phase] },
          phase: text(phase),
        }),
      ),
    async unclaim(workload, execution, phase) {
      const expression = 'DELETE #told :phases';
      await update(threadKey(workload, execution), {
        UpdateExpression: expression,
        ...bind([expression], { phases: { SS: [phase] } }),
      });
    },
    async isTold(workload, execution, phase) {
      const thread = await get(threadKey(workload, execution), threadSchema);
      return thread?.told?.SS.includes(phase) ?? false;
    },
    async record(workload, execution) {
      const items = await newestRuns({ client: client(), TableName }, workload);
      const records = items.map((item) => readRecord(readAnswer(QUERY, recordItemSchema, item).record.S));
      return records.find(({ run }) => run.execution === execution) ?? null;
    },
  };
}

async function newestRuns(
  table: { readonly client: DynamoDBClient; readonly TableName: string },
  workload: string,
): Promise<readonly Record<string, AttributeValue>[]> {
  const KeyConditionExpression = '#pk = :pk AND begins_with(#sk, :prefix)';
  const values = { pk: leaseKey(workload).pk, prefix: text('run#') };
  try {
    const command = new QueryCommand({
      TableName: table.TableName,
      ConsistentRead: true,
      ScanIndexForward: false,
      Limit: RUNS_LOOKED_AT,
      KeyConditionExpression,
      ...bind([KeyConditionExpression], values),
    });
    return (await table.client.send(command)).Items ?? [];
  } catch (error) {
    throw translate(QUERY, error);
  }
}

function readRecord(json: string): RunRecord {
  try {
    return readAnswer(QUERY, runRecordSchema, JSON.parse(json));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new CloudAnswerUnreadable(QUERY, ['the record of a run in the ledger is not JSON']);
  }
}
