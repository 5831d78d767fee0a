import { ListTopicsCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { snsService, type SnsState } from '../../../../drill/clouds/aws/sns.ts';
import { awsOptions, networkOf, REGION, rejection, START, useVirtualTime } from '../fixture.ts';

const TopicArn = `arn:aws:sns:${REGION}:111122223333:on-call`;

function world() {
  const state: SnsState = { region: REGION, topicArns: new Set([TopicArn]), messages: [] };
  const network = networkOf([snsService(state)]);
  return { state, network, client: new SNSClient(awsOptions(network)) };
}

describe('the simulated SNS', () => {
  useVirtualTime();

  it('keeps what is published to its topic, each message under an id of its own', async () => {
    const { state, client } = world();
    const workload = { DataType: 'String', StringValue: 'petclinic' };
    const first = await client.send(
      new PublishCommand({
        TopicArn,
        Subject: 'Switched',
        Message: 'a & b <é>',
        MessageAttributes: { workload },
      }),
    );
    const second = await client.send(new PublishCommand({ TopicArn, Message: 'again' }));
    expect(first.MessageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(second.MessageId).not.toBe(first.MessageId);
    expect(state.messages).toEqual([
      {
        at: START,
        messageId: first.MessageId,
        topicArn: TopicArn,
        subject: 'Switched',
        message: 'a & b <é>',
        attributes: { workload: 'petclinic' },
      },
      {
        at: START,
        messageId: second.MessageId,
        topicArn: TopicArn,
        subject: null,
        message: 'again',
        attributes: {},
      },
    ]);
  });

  it.each([
    ['a topic that does not exist', { TopicArn: `${TopicArn}-2`, Message: 'm' }, 'NotFoundException'],
    ['something that is no topic', { TopicArn: 'on-call', Message: 'm' }, 'InvalidParameterException'],
    ['an empty message', { TopicArn, Message: '' }, 'InvalidParameterException'],
    [
      'a message of more than 256 KB',
      { TopicArn, Message: 'x'.repeat(262_145) },
      'InvalidParameterException',
    ],
    [
      'a subject of more than 100 characters',
      { TopicArn, Message: 'm', Subject: 'x'.repeat(101) },
      'InvalidParameterException',
    ],
    ['a subject with a line break', { TopicArn, Message: 'm', Subject: 'a\nb' }, 'InvalidParameterException'],
    ['a subject that is not ASCII', { TopicArn, Message: 'm', Subject: 'é' }, 'InvalidParameterException'],
  ])('refuses %s', async (_, input, name) => {
    const { state, client } = world();
    expect((await rejection(client.send(new PublishCommand(input)))).name).toBe(name);
    expect(state.messages).toEqual([]);
  });

  it('knows no other action and no other member', async () => {
    const { network, client } = world();
    expect((await rejection(client.send(new ListTopicsCommand({})))).name).toBe('UnexpectedCall');
    const structured = new PublishCommand({ TopicArn, Message: '{}', MessageStructure: 'json' });
    expect((await rejection(client.send(structured))).name).toBe('UnexpectedCall');
    expect(network.unexpected).toHaveLength(2);
  });
});
