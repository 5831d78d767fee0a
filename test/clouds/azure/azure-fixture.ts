import { createHttpHeaders } from '@azure/core-rest-pipeline';
import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import type { Clock } from '../../../core/ports.ts';

/** One answer of the in-memory Azure; an Error is thrown as the transport would. */
export type Answer =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | Error;

/** A request as it went over the wire. */
export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly ifMatch: string | undefined;
  readonly timeout: number;
  readonly body: unknown;
}

const bodyText = (body: unknown): string => {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
};

const sentBody = (request: PipelineRequest): unknown => {
  if (typeof request.body !== 'string') return undefined;
  const isJson = request.headers.get('content-type')?.startsWith('application/json') === true;
  return isJson ? (JSON.parse(request.body) as unknown) : request.body;
};

/** A transport that answers each `METHOD path` from its own list, the last one again and again, and knows no other. */
export function fakeAzure(answers: Readonly<Record<string, Answer | readonly Answer[]>>): {
  httpClient: HttpClient;
  sent: Sent[];
} {
  const sent: Sent[] = [];
  const asked = new Map<string, number>();
  const sendRequest = async (request: PipelineRequest): Promise<PipelineResponse> => {
    const url = new URL(request.url);
    const key = `${request.method} ${url.pathname}`;
    sent.push({
      method: request.method,
      url: decodeURIComponent(request.url),
      authorization: request.headers.get('authorization'),
      ifMatch: request.headers.get('if-match'),
      timeout: request.timeout,
      body: sentBody(request),
    });
    const listed = answers[key] ?? answers[`${key}${url.search}`];
    if (listed === undefined) throw new Error(`the fake knows no ${key}${url.search}`);
    const list = Array.isArray(listed) ? (listed as readonly Answer[]) : [listed as Answer];
    const turn = asked.get(key) ?? 0;
    asked.set(key, turn + 1);
    const answer = list[Math.min(turn, list.length - 1)]!;
    if (answer instanceof Error) throw answer;
    const headers = createHttpHeaders({ 'content-type': 'application/json', ...answer.headers });
    return { request, status: answer.status, headers, bodyAsText: bodyText(answer.body) };
  };
  return { httpClient: { sendRequest }, sent };
}

/** A clock that a sleep moves at once; `slept` lists the waits in milliseconds. */
export function fakeClock(start = Date.parse('2026-11-23T00:00:00Z')): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  let now = start;
  return {
    slept,
    now: () => now,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
  };
}

/** A credential whose token names its scope; it expires far in the future of any test. */
export const fakeCredential: TokenCredential = {
  getToken: async (scopes) => ({
    token: `token-for-${Array.isArray(scopes) ? scopes.join(',') : scopes}`,
    expiresOnTimestamp: Number.MAX_SAFE_INTEGER,
  }),
};

/** What a rejected promise was rejected with; fails where it was not. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error('rejected with something that is no error', { cause: error });
  }
  throw new Error('expected a rejection, got an answer');
}
