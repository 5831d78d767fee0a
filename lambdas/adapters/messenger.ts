import { makeSlackSecret } from '../../clouds/aws/secrets.ts';
import { makeMessenger, type SlackMessenger } from '../../clouds/slack/messenger.ts';
import type { Runtime } from '../runtime.ts';

/** The runtime with the transport under Slack's Web API, which is absent in production. */
export interface SlackRuntime extends Runtime {
  readonly fetch?: typeof globalThis.fetch;
}

/** The messenger of the configured channel; null where no Slack is configured. */
export function messengerOf(runtime: SlackRuntime): SlackMessenger | null {
  const { slack } = runtime.config.controller;
  if (slack === undefined) return null;
  const secret = makeSlackSecret({ ...runtime.aws, secretName: slack.secretName, clock: runtime.clock });
  return makeMessenger({
    channel: slack.channel,
    token: secret.botToken,
    clock: runtime.clock,
    ...(runtime.fetch === undefined ? {} : { fetch: runtime.fetch }),
  });
}
