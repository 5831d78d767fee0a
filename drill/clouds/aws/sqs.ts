import { createHash } from 'node:crypto';
import * as z from 'zod';
import { jsonAnswer, requestIds, signatureProblem, uuidOf } from './aws-wire.ts';
import { UnexpectedCall, type Service, type WireResponse } from '../wire/wire-shape.ts';

/** A message that a queue has taken. */
export interface Queued {
  readonly queueUrl: string;
  readonly body: string;
  readonly delaySeconds: number;
}

export interface SqsOptions {
  readonly region: string;
  readonly queueUrls: ReadonlySet<string>;
  readonly onMessage: (message: Queued) => void;
}

/** Source: Amazon SQS API Reference, SendMessageBatch and SendMessageBatchRequestEntry. */
const ENTRIES_MAX = 10;
const DELAY_SECONDS_MAX = 900;
const BATCH_BYTES_MAX = 1_048_576;
const ID = /^[\w-]{1,80}$/;

const requestSchema = z.strictObject({
  QueueUrl: z.string(),
  Entries: z.array(
    z.strictObject({ Id: z.string(), MessageBody: z.string(), DelaySeconds: z.int().default(0) }),
  ),
});
type Request = z.infer<typeof requestSchema>;

interface Problem {
  readonly code: string;
  readonly message: string;
}

function problemOf({ QueueUrl, Entries }: Request, queueUrls: ReadonlySet<string>): Problem | null {
  const says = (code: string, message: string): Problem => ({ code: `com.amazonaws.sqs#${code}`, message });
  if (!queueUrls.has(QueueUrl)) return says('QueueDoesNotExist', 'The specified queue does not exist.');
  if (Entries.length === 0)
    return says(
      'EmptyBatchRequest',
      'There should be at least one SendMessageBatchRequestEntry in the request.',
    );
  if (Entries.length > ENTRIES_MAX)
    return says('TooManyEntriesInBatchRequest', `Maximum number of entries per request are ${ENTRIES_MAX}.`);
  if (Entries.some(({ Id }) => !ID.test(Id)))
    return says('InvalidBatchEntryId', 'A batch entry id is invalid.');
  if (new Set(Entries.map(({ Id }) => Id)).size < Entries.length)
    return says('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  const bytes = Entries.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(MessageBody), 0);
  return bytes > BATCH_BYTES_MAX ? says('BatchRequestTooLong', 'The batch is too long.') : null;
}

/** The SQS of one Region, as far as messages are sent to it. Protocol: AWS JSON 1.0, checked against @aws-sdk/client-sqs. */
export function sqsService(options: SqsOptions): Service {
  const host = `sqs.${options.region}.amazonaws.com`;
  const nextId = requestIds(`sqs/${options.region}`);
  return {
    name: 'sqs',
    handles: (request) => request.host === host,
    answer: (request) => {
      const target = request.headers['x-amz-target'];
      if (target !== 'AmazonSQS.SendMessageBatch') {
        throw new UnexpectedCall(`the simulated SQS does not know ${target ?? 'a call without a target'}`);
      }
      const requestId = nextId();
      const signature = signatureProblem(request, { region: options.region, service: 'sqs' });
      if (signature !== null) return refusal(403, signature, requestId);
      const asked = requestSchema.parse(JSON.parse(request.body));
      const problem = problemOf(asked, options.queueUrls);
      return problem === null ? take(options, asked, requestId) : refusal(400, problem, requestId);
    },
  };
}

const refusal = (status: number, { code, message }: Problem, requestId: string): WireResponse => ({
  ...jsonAnswer({ __type: code, message }, requestId),
  status,
});

/** Takes what can be taken: an entry that is wrong in itself fails alone. */
function take(options: SqsOptions, { QueueUrl, Entries }: Request, requestId: string): WireResponse {
  const isRight = ({ DelaySeconds }: Request['Entries'][number]): boolean =>
    DelaySeconds >= 0 && DelaySeconds <= DELAY_SECONDS_MAX;
  const taken = Entries.filter(isRight);
  for (const { MessageBody, DelaySeconds } of taken) {
    options.onMessage({ queueUrl: QueueUrl, body: MessageBody, delaySeconds: DelaySeconds });
  }
  return jsonAnswer(
    {
      Successful: taken.map(({ Id, MessageBody }) => ({
        Id,
        MessageId: uuidOf(`${requestId}/${Id}`),
        MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
      })),
      Failed: Entries.filter((entry) => !isRight(entry)).map(({ Id, DelaySeconds }) => ({
        Id,
        SenderFault: true,
        Code: 'InvalidParameterValue',
        Message: `Value ${DelaySeconds} for parameter DelaySeconds is invalid.`,
      })),
    },
    requestId,
  );
}
