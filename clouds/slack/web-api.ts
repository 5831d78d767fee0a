import * as z from 'zod';
import { CloudAnswerUnreadable } from '../../core/errors.ts';
import type { Clock } from '../../core/ports.ts';
import { describeIssues } from '../../core/problems.ts';
import { wordsOfNetworkError } from '../watch/network-errors.ts';
import { refusalOf, tokenErrors, unavailable } from './errors.ts';

export interface WebApiOptions {
  /** The bot token; given the one that Slack has just refused, another one if there is one by now. */
  readonly token: (refused?: string) => Promise<string>;
  readonly fetch?: typeof globalThis.fetch;
  readonly clock: Clock;
}

export interface WebApi {
  /** @throws CloudUnavailable, CloudRefused, CloudAnswerUnreadable */
  call<Schema extends z.ZodType>(
    method: string,
    body: Readonly<Record<string, unknown>>,
    answer: Schema,
  ): Promise<z.output<Schema>>;
}

const BASE = 'https://slack.com/api/';
/** One attempt, connection and answer together. Milliseconds. */
const ATTEMPT_TIMEOUT_MS = 5_000;
/** The longest wait that Slack may ask for; a function that waits longer is paid for doing nothing. Seconds. */
const RETRY_AFTER_SECONDS_MAX = 5;
/** How often a 429 is waited for. */
const WAITS_MAX = 2;

const envelopeSchema = z.object({
  ok: z.boolean(),
  error: z.string().optional(),
  needed: z.string().optional(),
  response_metadata: z.object({ messages: z.array(z.string()).optional() }).optional(),
});

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
}

/** Slack's Web API: JSON in and out, HTTP 200 even for a refusal. Source: Slack API, "Using the Slack Web API". */
export function makeWebApi(options: WebApiOptions): WebApi {
  return {
    async call(method, body, schema) {
      const name = `Slack ${method}`;
      const token = await options.token();
      const first = await ask(options, { name, method, body, token });
      if (typeof first.error !== 'string' || !tokenErrors.has(first.error)) return read(name, first, schema);
      const other = await options.token(token);
      if (other === token) return read(name, first, schema);
      return read(name, await ask(options, { name, method, body, token: other }), schema);
    },
  };
}

interface Asked {
  readonly name: string;
  readonly method: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly token: string;
}

interface Envelope extends z.output<typeof envelopeSchema> {
  readonly data: unknown;
}

/** Asks, and waits where Slack says for how long; what goes wrong on the way is never repeated: it may have arrived. */
async function ask(options: WebApiOptions, asked: Asked): Promise<Envelope> {
  for (let waits = 0; ; waits += 1) {
    const answer = await attempt(options, asked);
    if (answer.status !== 429) return envelopeOf(asked.name, answer);
    const seconds = Number(answer.retryAfter ?? Number.NaN);
    if (waits === WAITS_MAX || !(seconds >= 0 && seconds <= RETRY_AFTER_SECONDS_MAX)) {
      throw unavailable(asked.name, `429 and Retry-After ${answer.retryAfter ?? 'missing'}`);
    }
    await options.clock.sleep(seconds * 1000);
  }
}

/** The clock's own timer bounds the attempt, because the one inside `AbortSignal.timeout` cannot be made virtual. */
async function attempt(options: WebApiOptions, asked: Asked): Promise<Answer> {
  const giveUp = new AbortController();
  const late = options.clock.sleep(ATTEMPT_TIMEOUT_MS).then(() => {
    giveUp.abort();
    throw unavailable(asked.name, `no answer within ${ATTEMPT_TIMEOUT_MS} ms`);
  });
  const sent = send(options.fetch ?? fetch, asked, giveUp.signal).catch((error: unknown) => {
    throw unavailable(asked.name, wordsOfNetworkError(error), error);
  });
  return Promise.race([sent, late]);
}

async function send(doFetch: typeof globalThis.fetch, asked: Asked, signal: AbortSignal): Promise<Answer> {
  const response = await doFetch(`${BASE}${asked.method}`, {
    method: 'POST',
    redirect: 'error',
    headers: {
      authorization: `Bearer ${asked.token}`,
      'content-type': 'application/json; charset=utf-8',
    },
    body: JSON.stringify(asked.body),
    signal,
  });
  const text = await response.text();
  return { status: response.status, retryAfter: response.headers.get('retry-after'), text };
}

function envelopeOf(name: string, { status, text }: Answer): Envelope {
  if (status >= 500) throw unavailable(name, `HTTP ${status}`);
  const data = parseJson(text);
  const parsed = envelopeSchema.safeParse(data);
  if (parsed.success) return { ...parsed.data, data };
  throw new CloudAnswerUnreadable(name, [`HTTP ${status}`, ...describeIssues(parsed.error, data)]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return 'no JSON';
  }
}

function read<Schema extends z.ZodType>(name: string, envelope: Envelope, schema: Schema): z.output<Schema> {
  if (!envelope.ok) {
    const { error = 'no error code', needed, response_metadata: more } = envelope;
    const details = [...(needed === undefined ? [] : [`needed ${needed}`]), ...(more?.messages ?? [])];
    throw refusalOf(name, { error, details: details.map((detail) => detail.slice(0, 200)) });
  }
  const parsed = schema.safeParse(envelope.data);
  if (parsed.success) return parsed.data;
  throw new CloudAnswerUnreadable(name, describeIssues(parsed.error, envelope.data));
}
