import { PublishCommand, SNSClient, type MessageAttributeValue } from '@aws-sdk/client-sns';
import * as z from 'zod';
import { bounded } from '../../../core/bounds.ts';
import type { Announcer } from '../../../core/ports.ts';
import { readAnswer } from '../answer.ts';
import { type AwsAccess, clientOptions, lazily } from '../client.ts';
import { translate } from '../errors.ts';

export interface AnnouncerOptions extends AwsAccess {
  readonly topicArn: string;
}

const CALL = 'SNS Publish';

/** SNS refuses a longer subject, and with it the whole message. */
const SUBJECT_LENGTH_MAX = 100;
/**
 * SNS takes 256 KiB for message and attributes together, in UTF-8, where a character of a
 * JavaScript string has at most three bytes. Source: API reference of SNS, Publish.
 */
const MESSAGE_BYTES_MAX = 250_000;
const CHARACTER_BYTES_MAX = 3;
const answerSchema = z.object({ MessageId: z.string().min(1) });

/** Tells people by SNS; subscribers may filter on the attributes `workload` and `outcome`. */
export function makeAnnouncer(options: AnnouncerOptions): Announcer {
  const client = lazily(() => new SNSClient(clientOptions(options)));
  return {
    async announce({ subject, text, workload, outcome }) {
      const command = new PublishCommand({
        TopicArn: options.topicArn,
        Subject: subjectOf(subject),
        Message: messageOf(text),
        MessageAttributes: { workload: attribute(workload), outcome: attribute(outcome) },
      });
      try {
        readAnswer(CALL, answerSchema, await client().send(command));
      } catch (error) {
        throw translate(CALL, error);
      }
    },
  };
}

const attribute = (value: string): MessageAttributeValue => ({ DataType: 'String', StringValue: value });

/** People must be told even where a text is too long: its beginning and its end are. */
const messageOf = (text: string): string =>
  Buffer.byteLength(text) <= MESSAGE_BYTES_MAX
    ? text
    : bounded(text, Math.floor(MESSAGE_BYTES_MAX / CHARACTER_BYTES_MAX));

/**
 * SNS takes only printable ASCII in a subject. People must be told even where a name in it has other letters, so those
 * lose their accents or become a question mark; the text below carries the name as it is.
 */
function subjectOf(subject: string): string {
  const ascii = subject
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    // Puts back together what has no accent and is still one letter, as in Hangul.
    .normalize('NFC')
    .replaceAll(/[\u2010-\u2015]/gu, '-')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[^\x20-\x7e]/gu, '?')
    .trim();
  return ascii.slice(0, SUBJECT_LENGTH_MAX).trimEnd();
}
