import { PublishCommand, SNSClient, type MessageAttributeValue } from '@aws-sdk/client-sns';
import * as z from 'zod';
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
const answerSchema = z.object({ MessageId: z.string().min(1) });

/** Tells people by SNS; subscribers may filter on the attributes `workload` and `outcome`. */
export function makeAnnouncer(options: AnnouncerOptions): Announcer {
  const client = lazily(() => new SNSClient(clientOptions(options)));
  return {
    async announce({ subject, text, workload, outcome }) {
      const command = new PublishCommand({
        TopicArn: options.topicArn,
        Subject: subjectOf(subject),
        Message: text,
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
