import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { key, TableName, world } from './dynamodb-fixture.ts';
import { awsOptions, REGION, rejection } from '../fixture.ts';

type Command = GetItemCommand | PutItemCommand | UpdateItemCommand;

/** The overloads of `send` take one command each, so a table of several kinds is told apart here. */
const send = (client: DynamoDBClient, command: Command): Promise<unknown> => {
  if (command instanceof GetItemCommand) return client.send(command);
  return command instanceof PutItemCommand ? client.send(command) : client.send(command);
};

describe('what the simulated DynamoDB refuses', () => {
  it.each([
    [
      'an unknown table',
      new GetItemCommand({ TableName: 'nope', Key: key('a') }),
      'ResourceNotFoundException',
      'Requested resource not found',
    ],
    [
      'half a key',
      new GetItemCommand({ TableName, Key: { pk: { S: 'w' } } }),
      'ValidationException',
      'The provided key element does not match the schema',
    ],
    [
      'a key of another type',
      new GetItemCommand({ TableName, Key: { pk: { S: 'w' }, sk: { N: '1' } } }),
      'ValidationException',
      'The provided key element does not match the schema',
    ],
    [
      'an empty key',
      new PutItemCommand({ TableName, Item: { pk: { S: '' }, sk: { S: 'a' } } }),
      'ValidationException',
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
    ],
    [
      'an item without its key',
      new PutItemCommand({ TableName, Item: { pk: { S: 'w' } } }),
      'ValidationException',
      'One or more parameter values were invalid: Missing the key sk in the item',
    ],
    [
      'values that nothing uses',
      new PutItemCommand({
        TableName,
        Item: key('a'),
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':x': { S: 'x' } },
      }),
      'ValidationException',
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}',
    ],
    [
      'values without an expression',
      new PutItemCommand({ TableName, Item: key('a'), ExpressionAttributeValues: { ':x': { S: 'x' } } }),
      'ValidationException',
      'ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null',
    ],
    [
      'an update of the key',
      new UpdateItemCommand({
        TableName,
        Key: key('a'),
        UpdateExpression: 'SET sk = :x',
        ExpressionAttributeValues: { ':x': { S: 'x' } },
      }),
      'ValidationException',
      'One or more parameter values were invalid: Cannot update attribute sk. This attribute is part of the key',
    ],
    [
      'an item of more than 400 KB',
      new PutItemCommand({ TableName, Item: { ...key('a'), blob: { S: 'x'.repeat(409_600) } } }),
      'ValidationException',
      'Item size has exceeded the maximum allowed size',
    ],
  ] as const)('%s', async (_, command, name, message) => {
    const { client, network } = world();
    const error = await rejection(send(client, command));
    expect([error.name, error.message]).toEqual([name, message]);
    expect(network.unexpected).toEqual([]);
  });

  it('an operation and a member that nobody simulates, loudly', async () => {
    const { client, network } = world();
    expect((await rejection(client.send(new ScanCommand({ TableName })))).name).toBe('UnexpectedCall');
    const projected = new GetItemCommand({ TableName, Key: key('a'), ProjectionExpression: 'n' });
    expect((await rejection(client.send(projected))).name).toBe('UnexpectedCall');
    expect(network.unexpected).toHaveLength(2);
  });

  it('a signature for another Region', async () => {
    const { network } = world();
    const client = new DynamoDBClient({
      ...awsOptions(network),
      region: 'us-east-1',
      endpoint: `https://dynamodb.${REGION}.amazonaws.com`,
    });
    const error = await rejection(client.send(new GetItemCommand({ TableName, Key: key('a') })));
    expect(error.name).toBe('InvalidSignatureException');
  });
});
