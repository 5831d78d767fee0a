import {
  DeleteItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { item, key, TableName, world } from './dynamodb-fixture.ts';
import { rejection } from '../fixture.ts';

describe('single items', () => {
  it('are put, read, updated and deleted, and say what they were', async () => {
    const { client, put, read, state } = world();
    await put('a', 1);
    expect(await read('a')).toEqual(item('a', 1));
    expect(state.tables.get(TableName)?.items.size).toBe(1);
    const updated = await client.send(
      new UpdateItemCommand({
        TableName,
        Key: key('a'),
        UpdateExpression: 'SET n = n + :one, #owner = :who',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':one': { N: '1' }, ':who': { S: 'us' } },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    expect(updated.Attributes).toEqual({ n: { N: '2' }, owner: { S: 'us' } });
    const deleted = await client.send(
      new DeleteItemCommand({ TableName, Key: key('a'), ReturnValues: 'ALL_OLD' }),
    );
    expect(deleted.Attributes).toEqual({ ...item('a', 2), owner: { S: 'us' } });
    expect(await read('a')).toBeUndefined();
  });

  it.each([
    ['NONE', undefined],
    ['ALL_OLD', { pk: { S: 'w' }, sk: { S: 'a' }, n: { N: '1' } }],
    ['UPDATED_OLD', { n: { N: '1' } }],
    ['ALL_NEW', { pk: { S: 'w' }, sk: { S: 'a' }, n: { N: '5' } }],
    ['UPDATED_NEW', { n: { N: '5' } }],
  ] as const)('an update answers %s', async (ReturnValues, expected) => {
    const { client, put } = world();
    await put('a', 1);
    const answer = await client.send(
      new UpdateItemCommand({
        TableName,
        Key: key('a'),
        UpdateExpression: 'SET n = :five',
        ExpressionAttributeValues: { ':five': { N: '5' } },
        ReturnValues,
      }),
    );
    expect(answer.Attributes).toEqual(expected);
  });

  it('an update creates the item that is not there', async () => {
    const { client, read } = world();
    const values = { ':one': { N: '1' } };
    await client.send(
      new UpdateItemCommand({
        TableName,
        Key: key('new'),
        UpdateExpression: 'ADD n :one',
        ExpressionAttributeValues: values,
      }),
    );
    expect(await read('new')).toEqual(item('new', 1));
  });
});

describe('a conditional write', () => {
  const create = (more: object = {}) =>
    new PutItemCommand({
      TableName,
      Item: item('lease', 2),
      ConditionExpression: 'attribute_not_exists(pk)',
      ...more,
    });

  it('is done where the condition holds, and only once', async () => {
    const { client, read } = world();
    await client.send(create());
    const error = await rejection(client.send(create()));
    expect(error.name).toBe('ConditionalCheckFailedException');
    expect(error.message).toBe('The conditional request failed');
    expect(error['Item']).toBeUndefined();
    expect(await read('lease')).toEqual(item('lease', 2));
  });

  it('shows the item that stood against it when asked', async () => {
    const { client, put, read } = world();
    await put('lease', 1);
    const error = await rejection(client.send(create({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })));
    expect(error['Item']).toEqual(item('lease', 1));
    expect(await read('lease')).toEqual(item('lease', 1));
  });

  it('of several at once lets exactly one through', async () => {
    const { client } = world();
    const results = await Promise.allSettled([1, 2, 3, 4, 5].map(() => client.send(create())));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('a query', () => {
  const filled = async () => {
    const made = world();
    for (const sk of ['run#1', 'run#2', 'run#3', 'lease', 'run#10']) await made.put(sk, 1);
    await made.client.send(
      new PutItemCommand({ TableName, Item: { pk: { S: 'other' }, sk: { S: 'run#1' } } }),
    );
    const query = async (
      condition: string,
      more: object = {},
      values: Record<string, AttributeValue> = {},
    ) => {
      const ExpressionAttributeValues = { ':pk': { S: 'w' }, ...values };
      const command = { TableName, KeyConditionExpression: condition, ExpressionAttributeValues, ...more };
      const answer = await made.client.send(new QueryCommand(command));
      return { names: answer.Items?.map((found) => found['sk']?.S), last: answer.LastEvaluatedKey };
    };
    return { ...made, query };
  };
  const run = { ':run': { S: 'run#' } };

  it('answers one partition in the order of the sort key', async () => {
    const { query } = await filled();
    expect(await query('pk = :pk')).toEqual({
      names: ['lease', 'run#1', 'run#10', 'run#2', 'run#3'],
      last: undefined,
    });
  });

  it('narrows by begins_with, between and comparison, and turns around', async () => {
    const { query } = await filled();
    expect(
      (await query('pk = :pk AND begins_with(sk, :run)', { ScanIndexForward: false }, run)).names,
    ).toEqual(['run#3', 'run#2', 'run#10', 'run#1']);
    const bounds = { ':a': { S: 'run#1' }, ':b': { S: 'run#2' } };
    expect((await query('pk = :pk AND sk BETWEEN :a AND :b', {}, bounds)).names).toEqual([
      'run#1',
      'run#10',
      'run#2',
    ]);
    expect((await query('sk > :a AND pk = :pk', {}, { ':a': { S: 'run#2' } })).names).toEqual(['run#3']);
  });

  it('pages by Limit and ExclusiveStartKey until nothing is left', async () => {
    const { query } = await filled();
    const names: unknown[] = [];
    let start: Record<string, AttributeValue> | undefined;
    do {
      const page = await query(
        'pk = :pk AND begins_with(sk, :run)',
        { Limit: 2, ExclusiveStartKey: start },
        run,
      );
      names.push(page.names);
      start = page.last;
    } while (start !== undefined);
    expect(names).toEqual([['run#1', 'run#10'], ['run#2', 'run#3'], []]);
  });

  it.each([
    ['sk = :pk', 'Query condition missed key schema element: pk'],
    ['pk > :pk', 'Query key condition not supported'],
    ['pk = :pk OR sk = :pk', 'Query condition missed key schema element: pk'],
    ['pk = :pk AND n = :pk', 'Query condition missed key schema element: sk'],
    ['pk = :pk AND sk <> :pk', 'Query key condition not supported'],
    ['pk = :pk AND sk > :pk AND sk < :pk', 'KeyConditionExpressions must only contain one condition per key'],
  ])('refuses the key condition %s', async (condition, message) => {
    const { query } = await filled();
    expect((await rejection(query(condition))).message).toBe(message);
  });
});
