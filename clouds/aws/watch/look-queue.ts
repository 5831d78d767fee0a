import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { CloudUnavailable } from '../../../core/errors.ts';
import { lookQueueUrlOf } from '../../../core/names.ts';
import type { DueLook, LookQueue } from '../../../core/ports.ts';
import { type AwsAccess, clientOptions, lazily } from '../client.ts';
import { translate } from '../errors.ts';

const CALL = 'SQS SendMessageBatch';
/** Source: Amazon SQS API Reference, SendMessageBatch: entries of one call. */
const ENTRIES_MAX = 10;

/** The queue of the watch in SQS: a delay for each message brings it at the second at which its look is due. */
export function makeLookQueue(options: AwsAccess & { readonly account: string }): LookQueue {
  const client = lazily(() => new SQSClient(clientOptions(options)));
  return {
    async send(looks, now) {
      const QueueUrl = lookQueueUrlOf(options);
      const batches = Array.from({ length: Math.ceil(looks.length / ENTRIES_MAX) }, (_, batch) =>
        looks.slice(batch * ENTRIES_MAX, (batch + 1) * ENTRIES_MAX),
      );
      // Side by side: the first looks are due at once. What fails is told after all were tried.
      const failed = await Promise.all(batches.map((batch) => sendBatch(client(), { QueueUrl, batch, now })));
      const count = failed.reduce((sum, more) => sum + more, 0);
      if (count === 0) return;
      throw new CloudUnavailable({
        call: CALL,
        got: `${count} of ${looks.length} looks refused`,
        next: 'The next minute sends its own looks.',
      });
    },
  };
}

/** @returns how many of the messages SQS did not take. */
async function sendBatch(
  client: SQSClient,
  {
    QueueUrl,
    batch,
    now,
  }: { readonly QueueUrl: string; readonly batch: readonly DueLook[]; readonly now: number },
): Promise<number> {
  try {
    const { Failed } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: batch.map((look, index) => ({
          Id: String(index),
          MessageBody: JSON.stringify(look),
          DelaySeconds: Math.max(0, Math.round((look.dueAt - now) / 1000)),
        })),
      }),
    );
    return Failed?.length ?? 0;
  } catch (error) {
    throw translate(CALL, error);
  }
}
