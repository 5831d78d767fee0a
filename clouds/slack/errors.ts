import { CloudRefused, CloudUnavailable, type PilotlightError } from '../../core/errors.ts';

/** Errors of the Web API that pass by themselves. Source: Slack API, errors of chat.postMessage. */
const passing: ReadonlySet<string> = new Set([
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
  'accesslimited',
]);

const TOKEN_NEXT =
  'Put the bot token of the installed app (xoxb-…) into the secret (controller.slack.secretName), as botToken.';
const CHANNEL_NEXT =
  'Compare controller.slack.channel with the id of the channel, and invite the app to it (/invite).';
const OURS_NEXT =
  'The message is not as Slack wants it: a mistake in Pilotlight; people can answer by the CLI.';

/** What a person does about an error. Source: the same. */
const nextMoves: Readonly<Record<string, string>> = {
  invalid_auth: TOKEN_NEXT,
  not_authed: TOKEN_NEXT,
  token_revoked: TOKEN_NEXT,
  token_expired: TOKEN_NEXT,
  account_inactive: TOKEN_NEXT,
  not_allowed_token_type: TOKEN_NEXT,
  channel_not_found: CHANNEL_NEXT,
  not_in_channel: CHANNEL_NEXT,
  user_not_in_channel: 'The person is not in the channel any more; there is nothing to do.',
  is_archived: 'Unarchive the channel, or name another one in controller.slack.channel.',
  restricted_action: "The workspace's settings keep the app from posting here: ask its administrator.",
  missing_scope: 'Add the scopes of docs/slack.md to the app, install it again, and store the new token.',
  no_permission: 'Add the scopes of docs/slack.md to the app, install it again, and store the new token.',
  message_not_found: 'The message was deleted; the run goes on without it.',
  cant_update_message: 'The message is not by this app: was the app made anew?',
  edit_window_closed: "The workspace's settings forbid late edits; the thread has the same news.",
  invalid_blocks: OURS_NEXT,
  invalid_blocks_format: OURS_NEXT,
  msg_too_long: OURS_NEXT,
  no_text: OURS_NEXT,
};

/** Errors after which another token is worth a try: ours may have been rotated since it was cached. */
export const tokenErrors: ReadonlySet<string> = new Set([
  'invalid_auth',
  'token_revoked',
  'token_expired',
  'account_inactive',
]);

/** The error of an answer with `ok: false`. */
export function refusalOf(
  call: string,
  answer: { readonly error: string; readonly details: readonly string[] },
): PilotlightError {
  const got = [answer.error, ...answer.details].join('; ');
  if (passing.has(answer.error)) return unavailable(call, got);
  const next =
    nextMoves[answer.error] ?? `Look "${answer.error}" up on Slack's page of ${call.replace(/^Slack /, '')}.`;
  return new CloudRefused({ call, got, next });
}

/** The error of a call that Slack did not answer, or not now. */
export function unavailable(call: string, got: string, cause?: unknown): CloudUnavailable {
  const next =
    'A run does not wait for Slack. If it goes on, look at status.slack.com; people can answer by the command line.';
  return new CloudUnavailable({ call, got, next }, cause === undefined ? undefined : { cause });
}
