import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { dynamoDbService, makeDynamoDbState } from '../../../../drill/clouds/dynamodb/dynamodb.ts';
import { awsOptions, networkOf, REGION } from '../fixture.ts';

export const TableName = 'ledger';
export const key = (sk: string): Record<string, AttributeValue> => ({ pk: { S: 'w' }, sk: { S: sk } });
export const item = (sk: string, n: number): Record<string, AttributeValue> => ({
  ...key(sk),
  n: { N: String(n) },
});

/** One table with a partition and a sort key, and the calls that the tests make. */
export function world() {
  const state = makeDynamoDbState(REGION, [
    { name: TableName, partitionKey: { name: 'pk', type: 'S' }, sortKey: { name: 'sk', type: 'S' } },
  ]);
  const network = networkOf([dynamoDbService(state)]);
  const client = new DynamoDBClient(awsOptions(network));
  const put = (sk: string, n: number) => client.send(new PutItemCommand({ TableName, Item: item(sk, n) }));
  const read = async (sk: string) =>
    (await client.send(new GetItemCommand({ TableName, Key: key(sk) }))).Item;
  return { state, network, client, put, read };
}
