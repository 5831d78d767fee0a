import { createHttpHeaders, RestError } from '@azure/core-rest-pipeline';
import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import { CallAborted, WireFailure, type Send, type WireRequest } from './wire-shape.ts';

/** The `httpClient` that every Azure client takes. */
export type AzureHttpClient = HttpClient;

const textOf = (request: PipelineRequest): string => {
  const body = typeof request.body === 'function' ? request.body() : request.body;
  if (body === undefined || body === null) return '';
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return Buffer.from(body).toString('utf8');
  throw new TypeError('the simulated Azure takes bodies of text or bytes');
};

const wireRequestOf = (request: PipelineRequest): WireRequest => {
  const url = new URL(request.url);
  return {
    method: request.method,
    host: url.host,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries([...request.headers].map(([name, value]) => [name.toLowerCase(), value])),
    body: textOf(request),
  };
};

/** As the Node client of core-rest-pipeline: a time limit and an abort both end in `AbortError`. */
const abortError = (): Error =>
  Object.assign(new Error('The operation was aborted.'), { name: 'AbortError' });

/** An Azure transport over the simulated network. */
export function azureClientOver(send: Send): AzureHttpClient {
  return {
    sendRequest: async (request): Promise<PipelineResponse> => {
      const giveUp = new AbortController();
      const onAbort = (): void => {
        giveUp.abort();
      };
      if (request.abortSignal?.aborted === true) onAbort();
      request.abortSignal?.addEventListener('abort', onAbort);
      const timer = request.timeout > 0 ? setTimeout(onAbort, request.timeout) : undefined;
      try {
        const response = await send(wireRequestOf(request), giveUp.signal);
        return {
          request,
          status: response.status,
          headers: createHttpHeaders({ ...response.headers }),
          bodyAsText: response.body ?? '',
        };
      } catch (error) {
        if (error instanceof CallAborted) throw abortError();
        throw error instanceof WireFailure
          ? new RestError(error.message, { code: error.code, request })
          : error;
      } finally {
        clearTimeout(timer);
        request.abortSignal?.removeEventListener('abort', onAbort);
      }
    },
  };
}
