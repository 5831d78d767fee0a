import type { Config } from '../../core/config/schema.ts';
import { stepFunctionsService } from '../clouds/aws/step-functions.ts';
import { secretsManagerService } from '../clouds/aws/secrets-manager.ts';
import { slackService, type SlackState } from '../clouds/slack/slack.ts';
import type { Service } from '../clouds/wire/wire-shape.ts';
import type { Callbacks } from '../engine/callbacks.ts';

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

/** Slack, the secret that we share with it, and the part of Step Functions that takes a decision. */
export function slackServices(options: {
  readonly slack: SlackState;
  readonly config: Config;
  readonly callbacks: () => Callbacks;
}): Service[] {
  const { region, account } = options.config.controller;
  const secret = JSON.stringify({ botToken: BOT_TOKEN, signingSecret: SIGNING_SECRET });
  const refuse = (): never => {
    throw new Error('the drill starts and stops executions itself');
  };
  return [
    slackService(options.slack),
    secretsManagerService({ region, account, secrets: new Map([[DRILL_SLACK.secretName, secret]]) }),
    stepFunctionsService({
      region,
      machineArns: new Set(),
      succeedTask: (token, output) => options.callbacks().succeed(token, output),
      failTask: refuse,
      start: refuse,
      stop: refuse,
      executions: refuse,
      history: refuse,
    }),
  ];
}
