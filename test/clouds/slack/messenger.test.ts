import { makeMessenger } from '../../../clouds/slack/messenger.ts';
import type { Fault } from '../../../drill/clouds/wire/wire.ts';
import { BOT_TOKEN, CHANNEL, SECRET_NAME, SIGNING_SECRET, slackWorld } from '../../lambdas/slack-fixture.ts';

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: JSON.stringify(body),
});

describe('the messenger', () => {
  it('posts, answers in a thread, rewrites, and whispers to one person', async () => {
    const { messenger, slack } = slackWorld();
    const root = await messenger.post({ text: 'root', blocks: [{ type: 'divider' }] });
    await messenger.post({ text: 'line', thread: root.ts });
    await messenger.update(root, { text: 'over', blocks: [] });
    await messenger.whisper({ user: 'U0MINA', text: 'psst', thread: root.ts });
    expect(slack.posts).toMatchObject([
      { channel: CHANNEL, ts: root.ts, thread: null, text: 'over', blocks: [], edits: 1, onlyFor: null },
      { text: 'line', thread: root.ts, onlyFor: null },
      { text: 'psst', thread: root.ts, onlyFor: 'U0MINA' },
    ]);
  });

  const troubles: readonly (readonly [string, Fault, string, RegExp])[] = [
    [
      'a 429 that wants a long wait',
      json({}, 429, { 'retry-after': '30' }),
      'CloudUnavailable',
      /429 and Retry-After 30/,
    ],
    ['a 429 without a time', json({}, 429), 'CloudUnavailable', /Retry-After missing/],
    ['a 503', json({}, 503), 'CloudUnavailable', /HTTP 503/],
    ['ok:false for now', json({ ok: false, error: 'ratelimited' }), 'CloudUnavailable', /ratelimited/],
    ['a connection that breaks', 'reset', 'CloudUnavailable', /closed the connection/],
    ['a name that is not in the DNS', 'unresolved', 'CloudUnavailable', /not in the DNS/],
    [
      'a channel without the app',
      json({ ok: false, error: 'not_in_channel' }),
      'CloudRefused',
      /invite the app/,
    ],
    [
      'a missing scope',
      json({ ok: false, error: 'missing_scope', needed: 'chat:write' }),
      'CloudRefused',
      /missing_scope; needed chat:write\. Add the scopes/,
    ],
    [
      'blocks that Slack does not take',
      json({
        ok: false,
        error: 'invalid_blocks',
        response_metadata: { messages: ['[ERROR] must be shorter'] },
      }),
      'CloudRefused',
      /must be shorter/,
    ],
    [
      'an error that nobody knows',
      json({ ok: false, error: 'new_thing' }),
      'CloudRefused',
      /Look "new_thing" up/,
    ],
    [
      'an answer without ts',
      json({ ok: true, channel: CHANNEL }),
      'CloudAnswerUnreadable',
      /ts: got nothing/,
    ],
    ['a page instead of JSON', { status: 200, body: '<html>' }, 'CloudAnswerUnreadable', /no JSON/],
  ];
  it.each(troubles)('says what to do after %s', async (_, trouble, name, words) => {
    const { messenger, breakCalls, slack } = slackWorld();
    breakCalls((service) => (service === 'slack' ? trouble : null));
    const error = await messenger.post({ text: 'x' }).catch((caught: unknown) => caught as Error);
    expect(error).toMatchObject({ name, message: expect.stringMatching(words) });
    expect(JSON.stringify([error, (error as Error).message])).not.toContain(BOT_TOKEN);
    expect(slack.posts).toEqual([]);
  });

  it('waits as long as a 429 says and posts then, but not a third time', async () => {
    const { messenger, breakCalls, slack, calls } = slackWorld();
    let left = 2;
    const busy = json({}, 429, { 'retry-after': '1' });
    breakCalls((service) => (service === 'slack' && (left -= 1) >= 0 ? busy : null));
    await messenger.post({ text: 'late' });
    expect(slack.posts.map(({ text }) => text)).toEqual(['late']);
    left = 3;
    await expect(messenger.post({ text: 'never' })).rejects.toMatchObject({ name: 'CloudUnavailable' });
    expect(calls.filter((call) => call === 'chat.postMessage')).toHaveLength(6);
  });

  it('gives up where nobody answers', async () => {
    const messenger = makeMessenger({
      channel: CHANNEL,
      token: async () => BOT_TOKEN,
      fetch: () => new Promise<never>(() => undefined),
      clock: { now: () => 0, sleep: async () => undefined },
    });
    await expect(messenger.post({ text: 'x' })).rejects.toMatchObject({
      name: 'CloudUnavailable',
      message: expect.stringContaining('no answer within 5000 ms'),
    });
  });

  it('takes the new token where the old one is refused, and asks once only where there is none', async () => {
    const { messenger, slack, secrets, pass, calls } = slackWorld();
    await messenger.post({ text: 'before' });
    slack.botToken = 'xoxb-new';
    pass(20_000);
    await expect(messenger.post({ text: 'not yet' })).rejects.toMatchObject({
      name: 'CloudRefused',
      message: expect.stringContaining('Put the bot token'),
    });
    secrets.set(SECRET_NAME, JSON.stringify({ botToken: 'xoxb-new', signingSecret: SIGNING_SECRET }));
    pass(20_000);
    await messenger.post({ text: 'after' });
    expect(slack.posts.map(({ text }) => text)).toEqual(['before', 'after']);
    expect(calls.filter((call) => call === 'GetSecretValue')).toHaveLength(3);
  });
});
