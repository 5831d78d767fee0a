import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
import type {
  HttpClient,
  HttpMethods,
  Pipeline,
  PipelineRequest,
  PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import type { z } from 'zod';
import type { Clock } from '../../core/ports.ts';
import { CloudAnswerUnreadable } from '../../core/errors.ts';
import { translateAzureError } from './errors.ts';
import type { AzureCall, AzureFailure } from './errors.ts';
import { bearerPolicy, patiencePolicy, timeLimitPolicy } from './transport-policies.ts';

/** What every Azure adapter is given. */
export interface AzureAccess {
  readonly credential: TokenCredential;
  readonly clock: Clock;
  readonly httpClient?: HttpClient;
}

/** One request of the thin client. */
export interface AzureRequest {
  readonly call: AzureCall;
  readonly method: HttpMethods;
  readonly url: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Headers besides; they stand before those that are set here. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A client of one Azure service: its scope, and the way its requests go. */
export interface AzureClient {
  /** The answer with whatever status it has. @throws CloudUnavailable, CloudRefused where there is no answer at all. */
  send(request: AzureRequest): Promise<PipelineResponse>;
}

/** What Azure says in the body of an error. */
export type ErrorWords = Pick<AzureFailure, 'code' | 'message'>;

/** The body as JSON; an empty one is null. @throws CloudAnswerUnreadable */
export function jsonOf(call: AzureCall, response: PipelineResponse): unknown {
  const text = response.bodyAsText ?? '';
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new CloudAnswerUnreadable(call.name, [
      `status ${response.status} with a body that is not JSON and begins with "${text.slice(0, 60)}"`,
    ]);
  }
}

/** What an error's body says, by the service's own schema; a body in another shape is told as it is. */
export function errorWordsOf<T>(
  response: PipelineResponse,
  schema: z.ZodType<T>,
  read: (body: T) => ErrorWords,
): ErrorWords {
  const text = response.bodyAsText ?? '';
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { code: undefined, message: text };
  }
  const parsed = schema.safeParse(body);
  return parsed.success ? read(parsed.data) : { code: undefined, message: text };
}

function makeWay(scope: string, access: AzureAccess): Pipeline {
  const way = createPipelineFromOptions({
    // Ours takes the clock and knows what must not be sent twice; a redirect is an answer here, not a way.
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: 'pilotlight' },
  });
  way.addPolicy(patiencePolicy(access.clock), { phase: 'Retry' });
  way.addPolicy(timeLimitPolicy(), { afterPhase: 'Retry' });
  way.addPolicy(bearerPolicy(access.credential, scope), { phase: 'Sign' });
  return way;
}

const toPipelineRequest = (request: AzureRequest): PipelineRequest =>
  createPipelineRequest({
    url: request.url,
    method: request.method,
    headers: createHttpHeaders({
      accept: 'application/json',
      ...(request.body !== undefined && { 'content-type': 'application/json' }),
      ...request.headers,
    }),
    ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
  });

/**
 * A thin client on the vendor's own pipeline: tokens, proxies and transport are the SDK's, and there is no megabyte of
 * models for four calls.
 */
export function makeAzureClient(scope: string, access: AzureAccess): AzureClient {
  let way: Pipeline | undefined;
  let transport: HttpClient | undefined;
  return {
    send: async (request) => {
      way ??= makeWay(scope, access);
      transport ??= access.httpClient ?? createDefaultHttpClient();
      try {
        return await way.sendRequest(transport, toPipelineRequest(request));
      } catch (error) {
        throw translateAzureError(request.call, error);
      }
    },
  };
}
