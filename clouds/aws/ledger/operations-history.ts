import { type AttributeValue, DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { actSchema, type Act, type BrakeView, type RunEntry } from '../../../core/ledger/operations.ts';
import { runRecordSchema } from '../../../core/run/record.ts';
import { readAnswer } from '../answer.ts';
import { type AwsAccess, clientOptions, lazily } from '../client.ts';
import { translate } from '../errors.ts';
import { brakeItemSchema, brakeKey, text, type ItemKey } from './ledger-items.ts';

const GET = 'DynamoDB GetItem';
const QUERY = 'DynamoDB Query';

/** Items of one page. A record is a few kilobytes and a page ends at a megabyte anyway. */
const PAGE = 50;

type Item = Record<string, AttributeValue>;

const textAttribute = z.object({ S: z.string() }).transform(({ S }) => S);

const movedSchema = z.object({ at: textAttribute.optional() });

const runItemSchema = z.object({
  sk: textAttribute,
  record: textAttribute,
  outcome: textAttribute,
  startedAt: textAttribute,
  endedAt: textAttribute,
});
const actItemSchema = z.object({ act: textAttribute });

/** Key of an act; the moment comes first, so that the history sorts by time. */
export const actKey = ({ workload, at, kind }: Act): ItemKey => ({
  pk: text(`workload#${workload}`),
  sk: text(`act#${at}#${kind}`),
});

/** What people read of the ledger. */
export interface LedgerReads {
  readBrake(workload: string): Promise<BrakeView | null>;
  runs(workload: string, limit: number): Promise<RunEntry[]>;
  acts(workload: string, limit: number): Promise<Act[]>;
  findRun(workload: string, execution: string): Promise<RunEntry | null>;
}

export function makeLedgerReads(access: AwsAccess, TableName: string): LedgerReads {
  const client = lazily(() => new DynamoDBClient(clientOptions(access)));
  async function get(Key: ItemKey): Promise<Item | null> {
    try {
      return (await client().send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item ?? null;
    } catch (error) {
      throw translate(GET, error);
    }
  }
  /** Pages of one kind of item, newest first, until the reader has enough. */
  async function* newest(workload: string, prefix: string): AsyncGenerator<Item> {
    let start: Item | undefined;
    do {
      const command = new QueryCommand({
        TableName,
        KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :prefix)',
        ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk' },
        ExpressionAttributeValues: { ':pk': text(`workload#${workload}`), ':prefix': text(prefix) },
        ScanIndexForward: false,
        ConsistentRead: true,
        Limit: PAGE,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      });
      const page = await client()
        .send(command)
        .catch((error: unknown) => {
          throw translate(QUERY, error);
        });
      yield* page.Items ?? [];
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
  }
  return {
    async readBrake(workload) {
      const item = await get(brakeKey(workload));
      if (item === null) return null;
      const { at } = readAnswer(GET, movedSchema, item);
      return { ...readAnswer(GET, brakeItemSchema, item), at: at ?? null };
    },
    runs: (workload, limit) => take(newest(workload, 'run#'), limit, runOf),
    acts: (workload, limit) => take(newest(workload, 'act#'), limit, actOf),
    async findRun(workload, execution) {
      for await (const item of newest(workload, 'run#')) {
        const run = runOf(item);
        if (run.execution === execution) return run;
      }
      return null;
    },
  };
}

async function take<T>(items: AsyncGenerator<Item>, limit: number, read: (item: Item) => T): Promise<T[]> {
  const taken: T[] = [];
  for await (const item of items) {
    taken.push(read(item));
    if (taken.length >= limit) break;
  }
  return taken;
}

/** Read leniently: one record of an older version must not hide all the others. */
function runOf(item: Item): RunEntry {
  const { sk, record, outcome, startedAt, endedAt } = readAnswer(QUERY, runItemSchema, item);
  const parsed = runRecordSchema.safeParse(parseJson(record));
  const execution = sk.split('#').slice(2).join('#');
  return { execution, startedAt, endedAt, outcome, record: parsed.success ? parsed.data : null };
}

const actOf = (item: Item): Act =>
  readAnswer(QUERY, actSchema, parseJson(readAnswer(QUERY, actItemSchema, item).act));

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
