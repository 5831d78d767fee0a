/*
 * The simulated network: one place where every call of every real client ends. Services answer; latency and faults are
 * injected here, so that a service file holds nothing but the service.
 */
import { awsHandlerOver, type AwsRequestHandler } from './wire-aws.ts';
import { azureClientOver, type AzureHttpClient } from './wire-azure.ts';
import { fetchOver } from './wire-fetch.ts';
import { CallAborted, UnexpectedCall, WireFailure, type Abort, type FailureKind } from './wire-shape.ts';
import type { Fault, Send, Service, WireRequest, WireResponse } from './wire-shape.ts';

export { UnexpectedCall } from './wire-shape.ts';
export type { Fault, FailureKind, Service, WireRequest, WireResponse } from './wire-shape.ts';

/** One finished call, for the timeline and for the checkers. */
export interface CallEntry {
  /** Milliseconds since the Unix epoch, when the call was sent. */
  readonly at: number;
  readonly service: string;
  readonly request: WireRequest;
  /** The status that came back, or why none did. */
  readonly outcome: number | FailureKind | 'aborted' | 'unexpected';
  readonly durationMs: number;
}

export interface NetworkOptions {
  readonly services: readonly Service[];
  /** Round trip in milliseconds; 0 answers without a timer. */
  readonly latencyMs?: (service: Service, request: WireRequest) => number;
  readonly fault?: (service: Service, request: WireRequest) => Fault;
  readonly onCall?: (entry: CallEntry) => void;
}

/** Linux gives up on a connection that nobody answers after six retries, 127 s (tcp_syn_retries, tcp(7)). */
const CONNECT_GIVE_UP_MS = 127_000;

/** How long the caller waits: until it aborts, and for a connection until its own limit. */
interface Patience {
  readonly abort: Abort | undefined;
  readonly connectTimeoutMs: number | undefined;
}

/** Waits in virtual time, unless the caller gives up first. */
const pause = (ms: number, abort: Abort | undefined): Promise<void> => {
  if (abort?.aborted) return Promise.reject(new CallAborted('the caller gave up'));
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      abort?.removeEventListener('abort', onAbort);
      reject(new CallAborted('the caller gave up'));
    };
    const timer = setTimeout(() => {
      abort?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    abort?.addEventListener('abort', onAbort);
  });
};

/** The network that all simulated services hang on. */
export class Network {
  /** Every call that nothing knew how to answer; a run with an entry here has failed, whatever its outcome says. */
  readonly unexpected: string[] = [];
  private readonly options: NetworkOptions;

  constructor(options: NetworkOptions) {
    this.options = options;
  }

  /** For the `requestHandler` of an AWS SDK v3 client. `requestTimeoutMs` bounds one attempt, in virtual time. */
  awsRequestHandler(options: { readonly requestTimeoutMs?: number } = {}): AwsRequestHandler {
    return awsHandlerOver(this.send, options.requestTimeoutMs);
  }

  /** For the `httpClient` of an Azure client; it honours the time limit and the abort signal of each request. */
  azureHttpClient(): AzureHttpClient {
    return azureClientOver(this.send);
  }

  /** A `fetch` that knows only this network. */
  fetch(): typeof globalThis.fetch {
    return fetchOver(this.send);
  }

  /** What all three are made of. */
  readonly send: Send = async (request, abort, connectTimeoutMs) => {
    const service = this.options.services.find((candidate) => candidate.handles(request));
    const at = Date.now();
    const finish = (outcome: CallEntry['outcome']): void => {
      this.options.onCall?.({
        at,
        service: service?.name ?? 'nobody',
        request,
        outcome,
        durationMs: Date.now() - at,
      });
    };
    try {
      if (service === undefined) throw new UnexpectedCall(`no simulated service answers for ${request.host}`);
      const response = await this.deliver(service, request, { abort, connectTimeoutMs });
      finish(response.status);
      return response;
    } catch (error) {
      finish(outcomeOf(error));
      if (error instanceof WireFailure || error instanceof CallAborted) throw error;
      throw this.reportUnexpected(service?.name ?? 'nobody', request, error);
    }
  };

  /** The effect happens half-way through the round trip: an abort may therefore come too late to prevent it. */
  private async deliver(service: Service, request: WireRequest, patience: Patience): Promise<WireResponse> {
    const { abort } = patience;
    const halfMs = (this.options.latencyMs?.(service, request) ?? 0) / 2;
    const fault = this.options.fault?.(service, request) ?? null;
    if (fault === 'timeout') {
      await pause(patience.connectTimeoutMs ?? CONNECT_GIVE_UP_MS, abort);
      throw new WireFailure('timeout', request.host);
    }
    await pause(halfMs, abort);
    if (fault !== null && fault !== 'answer-lost') {
      if (typeof fault === 'string') throw new WireFailure(fault, request.host);
      await pause(halfMs, abort);
      return fault;
    }
    const response = await service.answer(request);
    await pause(halfMs, abort);
    if (fault === 'answer-lost') throw new WireFailure('answer-lost', request.host);
    return response;
  }

  /** Written down here as well as thrown, because a controller may swallow what is thrown. */
  private reportUnexpected(service: string, request: WireRequest, error: unknown): UnexpectedCall {
    const why = error instanceof Error ? error.message : String(error);
    const operation = request.headers['x-amz-target'];
    const what = `${request.method} https://${request.host}${request.path}${operation === undefined ? '' : ` ${operation}`}`;
    this.unexpected.push(`${service}: ${what}: ${why}`);
    return new UnexpectedCall(`${what}: ${why}`, { cause: error });
  }
}

const outcomeOf = (error: unknown): CallEntry['outcome'] => {
  if (error instanceof WireFailure) return error.kind;
  return error instanceof CallAborted ? 'aborted' : 'unexpected';
};
