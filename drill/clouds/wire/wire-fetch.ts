import { CallAborted, UnexpectedCall, WireFailure } from './wire-shape.ts';
import type { FailureKind, Send, WireRequest, WireResponse } from './wire-shape.ts';

/** Undici, which is Node's fetch, gives up on a connection after 10 s. Source: its option connect.timeout. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Codes as undici puts them into the cause. */
const CAUSES: Readonly<Record<FailureKind, string>> = {
  timeout: 'UND_ERR_CONNECT_TIMEOUT',
  reset: 'UND_ERR_SOCKET',
  'answer-lost': 'UND_ERR_SOCKET',
  refused: 'ECONNREFUSED',
  unresolved: 'ENOTFOUND',
};

const NULL_BODY_STATUSES = new Set([101, 103, 204, 205, 304]);

const fetchFailed = (code: string, message: string): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });

const wireRequestOf = async (request: Request): Promise<WireRequest> => {
  const url = new URL(request.url);
  const headers: Record<string, string> = { host: url.host };
  request.headers.forEach((value, name) => {
    headers[name] = value;
  });
  return {
    method: request.method,
    host: url.host,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers,
    body: request.body === null ? '' : await request.text(),
  };
};

const responseOf = (url: string, answer: WireResponse, redirect: Request['redirect']): Response => {
  if (answer.status >= 300 && answer.status < 400 && answer.headers?.['location'] !== undefined) {
    if (redirect === 'error') throw fetchFailed('ERR_INVALID_REDIRECT', 'unexpected redirect');
    if (redirect === 'follow') {
      throw new UnexpectedCall(
        `${url} answered a redirect, and this network follows none: ask with redirect 'manual'`,
      );
    }
  }
  const body = NULL_BODY_STATUSES.has(answer.status) ? null : (answer.body ?? '');
  const response = new Response(body, { status: answer.status, headers: { ...answer.headers } });
  Object.defineProperty(response, 'url', { value: url });
  return response;
};

/** `fetch` over the simulated network: real Request and Response, undici's errors. */
export function fetchOver(send: Send): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const signal = init?.signal ?? (input instanceof Request ? input.signal : null);
    signal?.throwIfAborted();
    const giveUp = new AbortController();
    const onAbort = (): void => {
      giveUp.abort();
    };
    signal?.addEventListener('abort', onAbort);
    try {
      const wireRequest = await wireRequestOf(request);
      // Only the connection is bounded, as in undici: a service that is slow to answer may take its time.
      return responseOf(
        request.url,
        await send(wireRequest, giveUp.signal, CONNECT_TIMEOUT_MS),
        request.redirect,
      );
    } catch (error) {
      if (error instanceof CallAborted) signal?.throwIfAborted();
      throw error instanceof WireFailure ? fetchFailed(CAUSES[error.kind], error.message) : error;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  };
}
