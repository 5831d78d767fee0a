import * as z from 'zod';
import type { Messenger } from '../../core/ports.ts';
import { makeWebApi, type WebApiOptions } from './web-api.ts';

export interface MessengerOptions extends WebApiOptions {
  /** Id of the channel that everything is posted to. */
  readonly channel: string;
}

/** A messenger that can also tell one person something that nobody else sees. */
export interface SlackMessenger extends Messenger {
  whisper(message: { readonly user: string; readonly text: string; readonly thread?: string }): Promise<void>;
}

const postedSchema = z.object({ channel: z.string().min(1), ts: z.string().min(1) });
const doneSchema = z.object({ ok: z.literal(true) });

/** Links in the text of an alarm are not to be looked up and shown large. */
const QUIET = { unfurl_links: false, unfurl_media: false };

/**
 * Slack as a chat. A call that got no answer is not repeated here: the message may stand there already, and two questions
 * about one failover would be worse than one that comes with the next round.
 */
export function makeMessenger(options: MessengerOptions): SlackMessenger {
  const api = makeWebApi(options);
  return {
    post: ({ text, blocks, thread }) =>
      api.call(
        'chat.postMessage',
        {
          channel: options.channel,
          text,
          ...QUIET,
          ...(blocks === undefined ? {} : { blocks }),
          ...(thread === undefined ? {} : { thread_ts: thread }),
        },
        postedSchema,
      ),
    async update({ channel, ts }, { text, blocks }) {
      await api.call('chat.update', { channel, ts, text, blocks }, doneSchema);
    },
    async whisper({ user, text, thread }) {
      await api.call(
        'chat.postEphemeral',
        { channel: options.channel, user, text, ...(thread === undefined ? {} : { thread_ts: thread }) },
        doneSchema,
      );
    },
  };
}
