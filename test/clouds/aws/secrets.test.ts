import { BOT_TOKEN, SECRET_NAME, SIGNING_SECRET, slackWorld } from '../../lambdas/slack-fixture.ts';

const OTHER = '0123456789abcdef0123456789abcdef';
const stored = (parts: object): string =>
  JSON.stringify({ botToken: BOT_TOKEN, signingSecret: SIGNING_SECRET, ...parts });

describe('the Slack secret', () => {
  it('is read once for requests that come together, and kept for five minutes', async () => {
    const { secret, calls, pass } = slackWorld();
    await Promise.all([secret.signingSecrets(), secret.botToken(), secret.signingSecrets()]);
    pass(299_999);
    await expect(secret.signingSecrets()).resolves.toEqual([SIGNING_SECRET]);
    expect(calls).toEqual(['GetSecretValue']);
    pass(1);
    await expect(secret.botToken()).resolves.toBe(BOT_TOKEN);
    expect(calls).toEqual(['GetSecretValue', 'GetSecretValue']);
  });

  it('has the secret before it beside the one in use, while it rotates', async () => {
    const { secret, secrets } = slackWorld();
    secrets.set(SECRET_NAME, stored({ previousSigningSecret: OTHER }));
    await expect(secret.signingSecrets()).resolves.toEqual([SIGNING_SECRET, OTHER]);
    secrets.set(SECRET_NAME, stored({ previousSigningSecret: null }));
    const later = slackWorld();
    later.secrets.set(SECRET_NAME, stored({ previousSigningSecret: null }));
    await expect(later.secret.signingSecrets()).resolves.toEqual([SIGNING_SECRET]);
  });

  it('is read anew for an unknown signature, at most every fifteen seconds', async () => {
    const { secret, secrets, pass, calls } = slackWorld();
    await secret.signingSecrets();
    secrets.set(SECRET_NAME, stored({ signingSecret: OTHER }));
    await expect(secret.newSigningSecrets()).resolves.toBeNull();
    pass(15_000);
    const [one, two] = await Promise.all([secret.newSigningSecrets(), secret.newSigningSecrets()]);
    expect([one, two]).toEqual([[OTHER], [OTHER]]);
    expect(calls).toHaveLength(2);
  });

  it('goes on counting where Secrets Manager is down, and is missed only where it was never read', async () => {
    const { secret, pass, breakCalls } = slackWorld();
    await secret.signingSecrets();
    pass(3_600_000);
    breakCalls(() => ({ status: 500, body: '{}' }));
    await expect(secret.signingSecrets()).resolves.toEqual([SIGNING_SECRET]);
    const cold = slackWorld();
    cold.breakCalls(() => ({ status: 500, body: '{}' }));
    await expect(cold.secret.signingSecrets()).rejects.toMatchObject({ name: 'CloudUnavailable' });
  });

  it.each([
    ['no JSON', 'hunter2hunter2hunter2', 'the whole: expected'],
    ['no bot token', stored({ botToken: undefined }), 'botToken: expected text'],
    [
      'a user token',
      stored({ botToken: 'xoxp-hunter2hunter2hunter2' }),
      'botToken: expected a bot token that begins with xoxb-',
    ],
    [
      'a signing secret that is too short to be one',
      stored({ signingSecret: 'hunter2' }),
      'signingSecret: expected a signing secret',
    ],
    [
      'an empty previous one',
      stored({ previousSigningSecret: '' }),
      'previousSigningSecret: expected a signing secret',
    ],
  ])('with %s is refused without being shown', async (_, text, words) => {
    const { secret, secrets } = slackWorld();
    secrets.set(SECRET_NAME, text);
    const error = await secret.signingSecrets().catch((caught: unknown) => caught as Error);
    expect(error).toMatchObject({ name: 'CloudAnswerUnreadable', message: expect.stringContaining(words) });
    expect((error as Error).message).not.toMatch(/hunter2|8f742231/);
  });

  it('that does not exist is a refusal that names the call', async () => {
    const { secret, secrets } = slackWorld();
    secrets.clear();
    await expect(secret.botToken()).rejects.toMatchObject({
      name: 'CloudRefused',
      message: expect.stringContaining('SecretsManager GetSecretValue failed: got ResourceNotFoundException'),
    });
  });
});
