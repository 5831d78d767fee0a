/* The shapes that every file of the simulated network shares. */

/** The drill's only source of chance: a number in [0, 1). */
export interface Random {
  next(): number;
}

/** One HTTP request; header names are in lower case, the path is as sent (still percent-encoded). */
export interface WireRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One HTTP answer; header names are in lower case. */
export interface WireResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One simulated service. What it does not know it refuses with `UnexpectedCall`, never with an invented answer. */
export interface Service {
  readonly name: string;
  handles(request: WireRequest): boolean;
  answer(request: WireRequest): WireResponse | Promise<WireResponse>;
}

/** What may go wrong with one call: nothing, another answer (the service then sees nothing), or a failure on the way. */
export type Fault = null | WireResponse | FailureKind;

/**
 * How a call fails before an answer comes back.
 * - `timeout`: nobody answers at all, not even the connection attempt;
 * - `reset`: the connection breaks before the service saw the request;
 * - `answer-lost`: the service did what was asked, then the connection broke;
 * - `refused`: the host is there and nothing listens;
 * - `unresolved`: the name does not exist.
 */
export type FailureKind = 'timeout' | 'reset' | 'answer-lost' | 'refused' | 'unresolved';

const SYSTEM_CODES: Readonly<Record<FailureKind, string>> = {
  timeout: 'ETIMEDOUT',
  reset: 'ECONNRESET',
  'answer-lost': 'ECONNRESET',
  refused: 'ECONNREFUSED',
  unresolved: 'ENOTFOUND',
};

/** A failure of the wire itself. The client adapters turn it into what the real transport would throw. */
export class WireFailure extends Error {
  override readonly name = 'WireFailure';
  readonly kind: FailureKind;
  /** What Node calls this failure; an `answer-lost` cannot be told from a `reset`. */
  readonly code: string;

  constructor(kind: FailureKind, host: string) {
    const code = SYSTEM_CODES[kind];
    super(`${code} ${host}`);
    this.kind = kind;
    this.code = code;
  }
}

/**
 * A call that the simulated world does not know: wrong host, unknown operation, a field that nobody simulates. No retry
 * strategy of the clients knows this name, so it surfaces at once.
 */
export class UnexpectedCall extends Error {
  override readonly name = 'UnexpectedCall';
}

/** The part of an AbortSignal that Azure's and the platform's signals share. */
export interface Abort {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Sends one request, with the client's own limit for the connection if it has one; rejects with `WireFailure`, `UnexpectedCall` or, after an abort, with `CallAborted`. */
export type Send = (request: WireRequest, abort?: Abort, connectTimeoutMs?: number) => Promise<WireResponse>;

/** The caller gave up; each client adapter turns this into what its real transport rejects with. */
export class CallAborted extends Error {
  override readonly name = 'CallAborted';
}
