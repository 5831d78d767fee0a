import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { InvalidInput } from '../../core/errors.ts';
import { followedEvent, type FollowedEvent } from '../../core/slack/thread.ts';

/** What a subscription delivers: gzip in base64. Source: CloudWatch Logs, "Subscription filters with AWS Lambda". */
const deliverySchema = z.object({ awslogs: z.object({ data: z.base64() }) });
const dataSchema = z.object({
  messageType: z.string(),
  logEvents: z.array(z.object({ message: z.string() })).default([]),
});

/** One event of an execution. Source: Step Functions, "Using CloudWatch Logs to log execution history". */
const eventSchema = z.object({
  id: z.string().regex(/^\d{1,12}$/),
  type: z.string(),
  event_timestamp: z.string().regex(/^\d{1,15}$/),
  execution_arn: z.string().regex(/^arn:[^:]+:states:[^:]+:\d{12}:execution:[^:]+:[^:]{1,80}$/),
  details: z.object({ name: z.string().optional() }).optional(),
});

/** A delivery is at most 1 MB packed; text packs well, and more than this is none of ours. */
const UNPACKED_BYTES_MAX = 20 * 1024 * 1024;

/** Something that the thread of an execution should know. `at` is milliseconds since the Unix epoch. */
export interface LoggedEvent {
  readonly execution: string;
  readonly at: number;
  readonly event: NonNullable<FollowedEvent>;
}

/**
 * The events that matter, in the order in which they happened; lines of the log that are something else are left out.
 * @throws InvalidInput for what is no delivery of a log at all.
 */
export function readExecutionLog(raw: unknown): readonly LoggedEvent[] {
  const data = unpack(raw);
  if (data.messageType !== 'DATA_MESSAGE') return [];
  return data.logEvents
    .flatMap(({ message }) => {
      const parsed = eventSchema.safeParse(parseJson(message));
      return parsed.success ? [parsed.data] : [];
    })
    .sort((a, b) => Number(a.event_timestamp) - Number(b.event_timestamp) || Number(a.id) - Number(b.id))
    .flatMap(({ type, details, execution_arn: arn, event_timestamp: at }) => {
      const event = followedEvent(type, details?.name);
      return event === null
        ? []
        : [{ event, at: Number(at), execution: arn.slice(arn.lastIndexOf(':') + 1) }];
    });
}

function unpack(raw: unknown): z.output<typeof dataSchema> {
  const delivery = deliverySchema.safeParse(raw);
  const text = delivery.success ? unzip(delivery.data.awslogs.data) : null;
  const data = dataSchema.safeParse(text === null ? undefined : parseJson(text));
  if (data.success) return data.data;
  throw new InvalidInput('The input of follow-execution', [
    'awslogs.data: got something else, expected base64 of gzip of the JSON that CloudWatch Logs delivers',
  ]);
}

function unzip(base64: string): string | null {
  try {
    return gunzipSync(Buffer.from(base64, 'base64'), { maxOutputLength: UNPACKED_BYTES_MAX }).toString(
      'utf8',
    );
  } catch {
    return null;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
