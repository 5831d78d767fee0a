import { createHmac } from 'node:crypto';
import type { SlackPost, SlackState } from './slack.ts';

/** Somebody in front of Slack. */
export interface SlackPerson {
  readonly id: string;
  readonly name: string;
  /** The team of a guest from another company; the workspace's own where it is left out. */
  readonly teamId?: string;
}

/** An event of payload format 2.0, as API Gateway and function URLs hand it to a function. */
export interface HttpEvent {
  readonly version: '2.0';
  readonly rawPath: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestContext: { readonly http: { readonly method: string; readonly path: string } };
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

interface ButtonShape {
  readonly action_id: string;
  readonly value: string;
}

/** A button of a message, by the beginning of what stands on it; null where it is not there (any more). */
export function buttonOf(post: SlackPost, label: string): ButtonShape | null {
  const blocks = post.blocks as readonly {
    readonly elements?: readonly (ButtonShape & { readonly text?: { readonly text?: string } })[];
  }[];
  const buttons = blocks.flatMap(({ elements = [] }) => elements);
  return buttons.find(({ text }) => text?.text?.startsWith(label) ?? false) ?? null;
}

/** What Slack puts into the payload of a click. Source: Slack API, "block_actions payload". */
export function clickPayload(
  state: SlackState,
  post: SlackPost,
  click: { readonly person: SlackPerson; readonly button: ButtonShape },
): Record<string, unknown> {
  const { person, button } = click;
  return {
    type: 'block_actions',
    api_app_id: state.appId,
    trigger_id: `${post.ts}.trigger`,
    response_url: `https://hooks.slack.com/actions/${state.teamId}/1/x`,
    team: { id: state.teamId, domain: 'drill' },
    enterprise: null,
    user: {
      id: person.id,
      username: person.name,
      name: person.name,
      team_id: person.teamId ?? state.teamId,
    },
    channel: { id: post.channel, name: 'failover' },
    container: { type: 'message', message_ts: post.ts, channel_id: post.channel, is_ephemeral: false },
    message: { type: 'message', ts: post.ts, text: post.text, blocks: post.blocks },
    actions: [
      {
        type: 'button',
        block_id: 'pilotlight-decision',
        action_ts: post.ts,
        action_id: button.action_id,
        value: button.value,
      },
    ],
  };
}

/** A request as Slack sends it: signed over its raw body. The same call at another time is another signature. */
export function signedRequest(
  payload: unknown,
  signing: { readonly secret: string; readonly atMs: number; readonly base64?: boolean },
): HttpEvent {
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const timestamp = String(Math.floor(signing.atMs / 1000));
  const digest = createHmac('sha256', signing.secret).update(`v0:${timestamp}:${body}`).digest('hex');
  const isBase64Encoded = signing.base64 ?? true;
  return {
    version: '2.0',
    rawPath: '/slack/interactions',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${digest}`,
    },
    requestContext: { http: { method: 'POST', path: '/slack/interactions' } },
    body: isBase64Encoded ? Buffer.from(body, 'utf8').toString('base64') : body,
    isBase64Encoded,
  };
}

/**
 * The request of a click on a button, signed at `atMs`. Hand the same event in twice for a double click or a repeated
 * delivery, and one with an old `atMs` for a replay. Null where the message has no such button: nothing can be pressed.
 */
export function clickRequest(
  state: SlackState,
  post: SlackPost,
  click: { readonly person: SlackPerson; readonly label: 'Approve' | 'Reject'; readonly atMs: number },
): HttpEvent | null {
  const button = buttonOf(post, click.label);
  if (button === null) return null;
  const payload = clickPayload(state, post, { person: click.person, button });
  return signedRequest(payload, { secret: state.signingSecret, atMs: click.atMs });
}
