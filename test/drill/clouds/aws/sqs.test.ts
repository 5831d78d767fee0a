import { ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { sqsService, type Queued } from '../../../../drill/clouds/aws/sqs.ts';
import { awsOptions, networkOf, REGION, rejection, START, useVirtualTime } from '../fixture.ts';

const QueueUrl = `https://sqs.${REGION}.amazonaws.com/111122223333/looks`;

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly DelaySeconds?: number;
}

function world() {
  const taken: Queued[] = [];
  const network = networkOf([
    sqsService({
      region: REGION,
      queueUrls: new Set([QueueUrl]),
      onMessage: (message) => taken.push(message),
    }),
  ]);
  const client = new SQSClient(awsOptions(network));
  const send = (Entries: readonly Entry[], queue = QueueUrl) =>
    client.send(new SendMessageBatchCommand({ QueueUrl: queue, Entries: [...Entries] }));
  return { taken, network, client, send };
}

const entries = (count: number): Entry[] =>
  Array.from({ length: count }, (_, n) => ({ Id: `m${n}`, MessageBody: `look ${n}` }));

describe('the simulated SQS', () => {
  useVirtualTime();

  it('takes each message of a batch with its delay, under an id of its own', async () => {
    const { taken, send } = world();
    // The client itself refuses an answer whose digest is not that of the body.
    const answer = await send([
      { Id: 'a', MessageBody: 'look é', DelaySeconds: 10 },
      { Id: 'b', MessageBody: 'look' },
    ]);
    expect(taken).toEqual([
      { queueUrl: QueueUrl, body: 'look é', delaySeconds: 10 },
      { queueUrl: QueueUrl, body: 'look', delaySeconds: 0 },
    ]);
    expect(answer.Successful?.map(({ Id }) => Id)).toEqual(['a', 'b']);
    const [first, second] = answer.Successful?.map(({ MessageId }) => MessageId) ?? [];
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(second).not.toBe(first);
    expect(answer.Failed ?? []).toEqual([]);
  });

  it.each([
    ['ten messages', entries(10)],
    ['a delay of fifteen minutes', [{ Id: 'a', MessageBody: 'm', DelaySeconds: 900 }]],
    ['an id of 80 characters', [{ Id: 'x'.repeat(80), MessageBody: 'm' }]],
    ['a mebibyte', [{ Id: 'a', MessageBody: 'x'.repeat(1_048_576) }]],
  ])('takes %s', async (_, batch) => {
    const { taken, send } = world();
    await send(batch);
    expect(taken).toHaveLength(batch.length);
  });

  it.each([
    ['no message', [], 'EmptyBatchRequest'],
    ['eleven messages', entries(11), 'TooManyEntriesInBatchRequest'],
    ['an id of 81 characters', [{ Id: 'x'.repeat(81), MessageBody: 'm' }], 'InvalidBatchEntryId'],
    ['an id with a dot', [{ Id: 'a.b', MessageBody: 'm' }], 'InvalidBatchEntryId'],
    ['one id twice', [...entries(1), ...entries(1)], 'BatchEntryIdsNotDistinct'],
    [
      'more than a mebibyte together',
      [
        { Id: 'a', MessageBody: 'x'.repeat(1_048_575) },
        { Id: 'b', MessageBody: 'é' },
      ],
      'BatchRequestTooLong',
    ],
  ])('refuses %s as a whole', async (_, batch, name) => {
    const { taken, send, network } = world();
    expect((await rejection(send(batch))).name).toBe(name);
    expect([taken, network.unexpected]).toEqual([[], []]);
  });

  it('refuses a queue that is not there', async () => {
    const { taken, send } = world();
    expect((await rejection(send(entries(1), `${QueueUrl}-2`))).name).toBe('QueueDoesNotExist');
    expect(taken).toEqual([]);
  });

  it.each([-1, 901])('fails the one message with a delay of %d s, and takes the others', async (delay) => {
    const { taken, send } = world();
    const answer = await send([{ Id: 'late', MessageBody: 'm', DelaySeconds: delay }, ...entries(1)]);
    expect(answer.Failed).toEqual([
      {
        Id: 'late',
        SenderFault: true,
        Code: 'InvalidParameterValue',
        Message: `Value ${delay} for parameter DelaySeconds is invalid.`,
      },
    ]);
    expect(taken.map(({ body }) => body)).toEqual(['look 0']);
  });

  it('refuses a signature for another Region', async () => {
    const { network, taken } = world();
    const elsewhere = new SQSClient({
      ...awsOptions(network),
      region: 'us-west-2',
      endpoint: `https://sqs.${REGION}.amazonaws.com`,
    });
    const command = new SendMessageBatchCommand({ QueueUrl, Entries: entries(1) });
    expect((await rejection(elsewhere.send(command)))['$metadata']).toMatchObject({ httpStatusCode: 403 });
    expect(taken).toEqual([]);
  });

  it('knows no other action and no other member', async () => {
    const { network, client } = world();
    expect((await rejection(client.send(new ReceiveMessageCommand({ QueueUrl })))).name).toBe(
      'UnexpectedCall',
    );
    const grouped = new SendMessageBatchCommand({
      QueueUrl,
      Entries: [{ Id: 'a', MessageBody: 'm', MessageGroupId: 'g' }],
    });
    await rejection(client.send(grouped));
    expect(network.unexpected).toHaveLength(2);
    expect(Date.now()).toBe(START);
  });
});
