import type { Config } from '../../core/config/schema.ts';
import { secretsManagerService } from '../clouds/aws/secrets-manager.ts';
import { slackService, type SlackState } from '../clouds/slack/slack.ts';
import type { Service } from '../clouds/wire/wire-shape.ts';

/** The signing secret and token of the simulated app: they open nothing outside this process. */
const SIGNING_SECRET = 'drill-signing-secret-of-a-simulated-app';
const BOT_TOKEN = 'xoxb-drill';
const DOWN = { status: 503, headers: {}, body: 'upstream connect error' } as const;

/** The Slack settings that the drill puts into the configuration. */
export const DRILL_SLACK = {
  channel: 'C0DRILL01',
  teamId: 'T0DRILL01',
  secretName: 'pilotlight/slack',
} as const;

/** A workspace with our app in it; where Slack is down it answers nothing but errors. */
export function makeSlackState(down: boolean): SlackState {
  return {
    teamId: DRILL_SLACK.teamId,
    appId: 'A0DRILL01',
    botToken: BOT_TOKEN,
    signingSecret: SIGNING_SECRET,
    channels: new Set([DRILL_SLACK.channel]),
    posts: [],
    trouble: down ? DOWN : null,
  };
}

/** Slack, and the secret that we share with it. */
export function slackServices(options: { readonly slack: SlackState; readonly config: Config }): Service[] {
  const { region, account } = options.config.controller;
  const secret = JSON.stringify({ botToken: BOT_TOKEN, signingSecret: SIGNING_SECRET });
  return [
    slackService(options.slack),
    secretsManagerService({ region, account, secrets: new Map([[DRILL_SLACK.secretName, secret]]) }),
  ];
}
