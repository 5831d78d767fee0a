import { TransactGetItemsCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { item, key, TableName, world } from './dynamodb-fixture.ts';
import { rejection, useVirtualTime } from '../fixture.ts';

describe('a transaction', () => {
  const check = (n: string) => ({
    ConditionCheck: {
      TableName,
      Key: key('lease'),
      ConditionExpression: 'n = :n',
      ExpressionAttributeValues: { ':n': { N: n } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    },
  });
  const puts = [{ Put: { TableName, Item: item('run', 9) } }];

  it('does all of its writes', async () => {
    const { client, put, read } = world();
    await put('lease', 1);
    await put('old', 1);
    const values = { ':two': { N: '2' } };
    const TransactItems = [
      ...puts,
      {
        Update: {
          TableName,
          Key: key('lease'),
          UpdateExpression: 'SET n = :two',
          ExpressionAttributeValues: values,
        },
      },
      { Delete: { TableName, Key: key('old') } },
    ];
    await client.send(new TransactWriteItemsCommand({ TransactItems }));
    expect([await read('run'), await read('lease'), await read('old')]).toEqual([
      item('run', 9),
      item('lease', 2),
      undefined,
    ]);
  });

  it('does none of them when one condition fails, and says which', async () => {
    const { client, put, read } = world();
    await put('lease', 1);
    const error = await rejection(
      client.send(new TransactWriteItemsCommand({ TransactItems: [...puts, check('2')] })),
    );
    expect(error.name).toBe('TransactionCanceledException');
    expect(error.message).toBe(
      'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]',
    );
    expect(error['CancellationReasons']).toEqual([
      { Code: 'None' },
      { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', Item: item('lease', 1) },
    ]);
    expect(await read('run')).toBeUndefined();
  });

  it('reports an update that the item cannot take as ValidationError', async () => {
    const { client, put } = world();
    await put('lease', 1);
    const Update = { TableName, Key: key('lease'), UpdateExpression: 'SET x = absent' };
    const error = await rejection(
      client.send(new TransactWriteItemsCommand({ TransactItems: [{ Update }] })),
    );
    expect(error['CancellationReasons']).toMatchObject([{ Code: 'ValidationError' }]);
  });

  it('refuses two writes of one item, more than 100, and none', async () => {
    const { client } = world();
    const send = (TransactItems: object[]) =>
      rejection(client.send(new TransactWriteItemsCommand({ TransactItems })));
    expect((await send([...puts, ...puts])).message).toBe(
      'Transaction request cannot include multiple operations on one item',
    );
    const many = Array.from({ length: 101 }, (_, n) => ({ Put: { TableName, Item: item(`run${n}`, n) } }));
    expect((await send(many)).name).toBe('ValidationException');
    expect((await send([])).name).toBe('ValidationException');
    expect((await send([{ ...puts[0], ...check('1') }])).message).toContain('can only contain one of');
  });

  it('reads several items of one moment', async () => {
    const { client, put } = world();
    await put('a', 1);
    const TransactItems = ['a', 'b'].map((sk) => ({ Get: { TableName, Key: key(sk) } }));
    const { Responses } = await client.send(new TransactGetItemsCommand({ TransactItems }));
    expect(Responses).toEqual([{ Item: item('a', 1) }, {}]);
  });
});

describe('a repeated transaction', () => {
  useVirtualTime();
  const add = (n: string) => ({
    ClientRequestToken: 'token-1',
    TransactItems: [
      {
        Update: {
          TableName,
          Key: key('c'),
          UpdateExpression: 'ADD n :n',
          ExpressionAttributeValues: { ':n': { N: n } },
        },
      },
    ],
  });

  it('is done once within ten minutes, and again after them', async () => {
    const { client, read } = world();
    await client.send(new TransactWriteItemsCommand(add('1')));
    await jest.advanceTimersByTimeAsync(9 * 60_000);
    await client.send(new TransactWriteItemsCommand(add('1')));
    expect(await read('c')).toEqual(item('c', 1));
    await jest.advanceTimersByTimeAsync(60_000);
    await client.send(new TransactWriteItemsCommand(add('1')));
    expect(await read('c')).toEqual(item('c', 2));
  });

  it('is refused with other contents under the same token', async () => {
    const { client, read } = world();
    await client.send(new TransactWriteItemsCommand(add('1')));
    const error = await rejection(client.send(new TransactWriteItemsCommand(add('2'))));
    expect(error.name).toBe('IdempotentParameterMismatchException');
    expect(await read('c')).toEqual(item('c', 1));
  });
});
