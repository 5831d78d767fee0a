import { blocksProblem, slackService, type SlackState } from '../../../../drill/clouds/slack/slack.ts';
import { buttonOf, clickRequest, signedRequest } from '../../../../drill/clouds/slack/slack-click.ts';
import { networkOf, START, useVirtualTime } from '../fixture.ts';

const buttons = {
  type: 'actions',
  block_id: 'b',
  elements: [
    {
      type: 'button',
      action_id: 'yes',
      value: 'v',
      text: { type: 'plain_text', text: 'Approve the failover' },
    },
  ],
};

function world() {
  const state: SlackState = {
    teamId: 'T1',
    appId: 'A1',
    botToken: 'xoxb-1',
    signingSecret: 'a-signing-secret',
    channels: new Set(['C1']),
    posts: [],
    trouble: null,
  };
  const network = networkOf([slackService(state)]);
  const ask = async (method: string, body: object, token = 'xoxb-1'): Promise<Record<string, unknown>> => {
    const response = await network.fetch()(`https://slack.com/api/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
    });
    return (await response.json()) as Record<string, unknown>;
  };
  return { state, network, ask };
}

describe('the simulated Slack', () => {
  useVirtualTime();

  it('keeps what is posted, each message under a ts of its own, and rewrites it', async () => {
    const { state, ask } = world();
    const first = await ask('chat.postMessage', { channel: 'C1', text: 'one', blocks: [buttons] });
    const second = await ask('chat.postMessage', { channel: 'C1', text: 'two', thread_ts: first['ts'] });
    expect(first).toMatchObject({ ok: true, channel: 'C1' });
    expect(second['ts']).not.toBe(first['ts']);
    await ask('chat.update', { channel: 'C1', ts: first['ts'], text: 'new', blocks: [] });
    expect(state.posts).toMatchObject([
      { at: START, text: 'new', blocks: [], thread: null, edits: 1 },
      { at: START, text: 'two', thread: first['ts'], edits: 0 },
    ]);
  });

  it.each([
    ['another token', 'chat.postMessage', { channel: 'C1', text: 'x' }, 'xoxb-2', 'invalid_auth'],
    [
      'a channel without the app',
      'chat.postMessage',
      { channel: 'C2', text: 'x' },
      'xoxb-1',
      'channel_not_found',
    ],
    ['nothing to say', 'chat.postMessage', { channel: 'C1' }, 'xoxb-1', 'no_text'],
    [
      'a message that is not there',
      'chat.update',
      { channel: 'C1', ts: '1', text: 'x' },
      'xoxb-1',
      'message_not_found',
    ],
    [
      'a text without end',
      'chat.postMessage',
      { channel: 'C1', text: 'x'.repeat(40_001) },
      'xoxb-1',
      'msg_too_long',
    ],
    [
      'blocks of no known type',
      'chat.postMessage',
      { channel: 'C1', text: 'x', blocks: [{ type: 'y' }] },
      'xoxb-1',
      'invalid_blocks',
    ],
  ])('refuses %s', async (_, method, body, token, error) => {
    const { ask, state } = world();
    expect(await ask(method, body, token)).toMatchObject({ ok: false, error });
    expect(state.posts).toEqual([]);
  });

  it('knows no other method and no other member', async () => {
    const { ask, network } = world();
    await expect(ask('chat.delete', { channel: 'C1', ts: '1' })).rejects.toThrow('does not know');
    await expect(ask('chat.postMessage', { channel: 'C1', text: 'x', icon: 'y' })).rejects.toThrow('no icon');
    expect(network.unexpected).toHaveLength(2);
  });

  it.each([
    ['a header of 151 characters', { type: 'header', text: { text: 'x'.repeat(151) } }],
    ['a section of 3001', { type: 'section', text: { text: 'x'.repeat(3_001) } }],
    ['an empty section', { type: 'section', text: { text: '' } }],
    ['eleven fields', { type: 'section', fields: Array(11).fill({ text: 'x' }) }],
    ['a field of 2001', { type: 'section', fields: [{ text: 'x'.repeat(2_001) }] }],
    [
      'a button of 76',
      { ...buttons, elements: [{ ...buttons.elements[0], text: { text: 'x'.repeat(76) } }] },
    ],
    ['a value of 2001', { ...buttons, elements: [{ ...buttons.elements[0], value: 'x'.repeat(2_001) }] }],
    ['a context without text', { type: 'context', elements: [{ text: '' }] }],
  ])('finds %s too much', (_, block) => {
    expect(blocksProblem([{ type: 'divider' }, buttons])).toBeNull();
    expect(blocksProblem([{ type: 'divider' }, block])).toContain('/blocks/1');
  });

  it('sends a click as Slack signs it, and none where there is no such button', async () => {
    const { state, ask } = world();
    await ask('chat.postMessage', { channel: 'C1', text: 'one', blocks: [buttons] });
    const [post] = state.posts;
    const click = { person: { id: 'U1', name: 'Mina' }, label: 'Approve', atMs: START } as const;
    const event = clickRequest(state, post!, click);
    expect(event?.headers['x-slack-request-timestamp']).toBe('1772409600');
    const form = new URLSearchParams(Buffer.from(event?.body ?? '', 'base64').toString('utf8'));
    expect(JSON.parse(form.get('payload') ?? '')).toMatchObject({
      type: 'block_actions',
      user: { id: 'U1', team_id: 'T1' },
      team: { id: 'T1' },
      channel: { id: 'C1' },
      message: { ts: post?.ts },
      actions: [{ action_id: 'yes', value: 'v' }],
    });
    expect(clickRequest(state, post!, { ...click, label: 'Reject' })).toBeNull();
    expect(buttonOf({ ...post!, blocks: [] }, 'Approve')).toBeNull();
  });

  it('signs over the time stamp and the body, with the secret', () => {
    const sign = (payload: unknown, secret: string, atMs: number) =>
      signedRequest(payload, { secret, atMs }).headers['x-slack-signature'];
    const signatures = [
      sign(1, 'a', START),
      sign(2, 'a', START),
      sign(1, 'b', START),
      sign(1, 'a', START + 1_000),
    ];
    expect(new Set(signatures).size).toBe(4);
    expect(sign(1, 'a', START)).toBe(signatures[0]);
  });
});
