import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { arrange } from '../../../drill/world/arrange.ts';
import { DRILL_SLACK, makeSlackState, slackServices } from '../../../drill/world/slack-side.ts';
import { awsOptions, networkOf, useVirtualTime } from '../clouds/fixture.ts';
import { shipped } from '../fixture.ts';
import { scenarioOf } from './fixture.ts';

function world(down = false) {
  const slack = makeSlackState(down);
  const config = arrange(shipped(), scenarioOf());
  const network = networkOf(slackServices({ slack, config }));
  const post = async (token: string): Promise<[number, unknown]> => {
    const response = await network.fetch()('https://slack.com/api/chat.postMessage', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ channel: DRILL_SLACK.channel, text: 'hello' }),
    });
    const text = await response.text();
    return [response.status, response.ok ? JSON.parse(text) : text];
  };
  return { slack, network, post };
}

describe('the Slack side of the drill', () => {
  useVirtualTime();

  it('shares one secret between Slack and us', async () => {
    const { network, slack, post } = world();
    const secrets = new SecretsManagerClient(awsOptions(network));
    const { SecretString } = await secrets.send(
      new GetSecretValueCommand({ SecretId: DRILL_SLACK.secretName }),
    );
    const { botToken, signingSecret } = JSON.parse(SecretString ?? '{}') as Record<string, string>;
    expect(signingSecret).toBe(slack.signingSecret);
    expect(await post(botToken ?? '')).toMatchObject([200, { ok: true }]);
    expect(await post('xoxb-another')).toMatchObject([200, { ok: false, error: 'invalid_auth' }]);
    expect(slack.posts).toHaveLength(1);
  });

  it('answers nothing but errors while Slack is down', async () => {
    const { post, slack } = world(true);
    expect(await post('xoxb-drill')).toEqual([503, 'upstream connect error']);
    expect(slack.posts).toEqual([]);
  });
});
