import { CallAborted, WireFailure, type Send, type WireRequest } from './wire-shape.ts';

/** The request of the AWS SDK (HttpRequest of @smithy/types), as far as a transport needs it. */
export interface AwsHttpRequest {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The `requestHandler` that an AWS SDK v3 client takes (HttpHandler of @smithy/types). */
export interface AwsRequestHandler {
  readonly metadata: { readonly handlerProtocol: string };
  handle(
    request: AwsHttpRequest,
    options?: { abortSignal?: AwsAbort | undefined; requestTimeout?: number | undefined },
  ): Promise<{ response: { statusCode: number; headers: Record<string, string>; body: Uint8Array } }>;
  updateHttpClientConfig(key: string, value: unknown): void;
  httpHandlerConfigs(): Record<string, unknown>;
  destroy(): void;
}

/** The SDK's own signals may be the platform's or an older kind that has only `onabort`. */
export interface AwsAbort {
  readonly aborted: boolean;
  addEventListener?: ((type: 'abort', listener: () => void) => void) | undefined;
  onabort?: unknown;
}

/** What the adapters ask for in production; an attempt that takes longer is given up. */
const REQUEST_TIMEOUT_MS = 5_000;

const textOf = (body: unknown): string => {
  if (body === undefined || body === null) return '';
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array)
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  throw new TypeError(`the simulated AWS takes bodies of text or bytes, got ${typeof body}`);
};

const flatten = (query: AwsHttpRequest['query']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query ?? {}).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  );

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value]));

/** Errors as NodeHttpHandler of @smithy/node-http-handler names them: the SDK's retries decide by these names. */
const asNodeHandlerError = (failure: WireFailure): Error =>
  Object.assign(new Error(failure.message), {
    code: failure.code,
    ...(failure.code === 'ENOTFOUND' || failure.code === 'ECONNREFUSED' ? {} : { name: 'TimeoutError' }),
  });

const timeoutError = (limitMs: number): Error =>
  Object.assign(new Error(`Connection timed out after ${limitMs} ms`), { name: 'TimeoutError' });

const abortError = (): Error => Object.assign(new Error('Request aborted'), { name: 'AbortError' });

/** An AWS SDK transport over the simulated network. */
export function awsHandlerOver(send: Send, requestTimeoutMs = REQUEST_TIMEOUT_MS): AwsRequestHandler {
  const settings: Record<string, unknown> = { requestTimeout: requestTimeoutMs };
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    updateHttpClientConfig: (key, value) => {
      settings[key] = value;
    },
    httpHandlerConfigs: () => settings,
    destroy: () => undefined,
    handle: async (request, options = {}) => {
      const limitMs = options.requestTimeout ?? requestTimeoutMs;
      const giveUp = new AbortController();
      let failure = abortError();
      const timer = setTimeout(() => {
        failure = timeoutError(limitMs);
        giveUp.abort();
      }, limitMs);
      if (options.abortSignal?.aborted === true) giveUp.abort();
      options.abortSignal?.addEventListener?.('abort', () => {
        giveUp.abort();
      });
      const wireRequest: WireRequest = {
        method: request.method,
        host: request.hostname,
        path: request.path,
        query: flatten(request.query),
        headers: lowerCased(request.headers),
        body: textOf(request.body),
      };
      try {
        const response = await send(wireRequest, giveUp.signal);
        const body = Buffer.from(response.body ?? '', 'utf8');
        return { response: { statusCode: response.status, headers: { ...response.headers }, body } };
      } catch (error) {
        if (error instanceof CallAborted) throw failure;
        throw error instanceof WireFailure ? asNodeHandlerError(error) : error;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
