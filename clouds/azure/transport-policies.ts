import { isRestError } from '@azure/core-rest-pipeline';
import type {
  PipelinePolicy,
  PipelineRequest,
  PipelineResponse,
  SendRequest,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import type { Clock } from '../../core/ports.ts';

/** Longest wait for one answer, connection included; Azure's control planes answer in well under a second. */
const REQUEST_LIMIT_MS = 8_000;

/** Attempts of one call, and the longest wait between two: longer waits belong to the workflow. */
const ATTEMPTS_MAX = 3;
const WAIT_MAX_MS = 3_000;
const WAIT_STEP_MS = 400;

/** A call that may be sent twice with the effect of once. POST is not: a run would be queued twice. */
const REPEATABLE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'PATCH']);

/** Bounds each request; the clients have no limit of their own. */
export function timeLimitPolicy(): PipelinePolicy {
  return {
    name: 'pilotlightTimeLimit',
    sendRequest: (request, next) => {
      if (request.timeout === 0) request.timeout = REQUEST_LIMIT_MS;
      return next(request);
    },
  };
}

/**
 * Puts the token of the credential on each request. The SDK's own policy refreshes a token in the background two minutes
 * before its end and lets nobody hear when that fails: an unhandled rejection, which ends a Lambda's environment. Here the
 * call that needs the token asks for it, and gets the error; the credential keeps the token for its life.
 */
export function bearerPolicy(credential: TokenCredential, scope: string): PipelinePolicy {
  return {
    name: 'pilotlightBearer',
    sendRequest: async (request, next) => {
      const { abortSignal } = request;
      const token = await credential.getToken(scope, abortSignal === undefined ? {} : { abortSignal });
      if (token === null) throw new Error(`the credential gave no token for ${scope}`);
      request.headers.set('authorization', `Bearer ${token.token}`);
      return next(request);
    },
  };
}

/** The `Retry-After` header in milliseconds from now: seconds or an HTTP date. Undefined where it says neither. */
export function retryAfterMs(response: PipelineResponse, clock: Clock): number | undefined {
  const value = response.headers.get('retry-after');
  if (value === undefined) return undefined;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(value) - clock.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

type Outcome = { readonly response: PipelineResponse } | { readonly error: unknown };

const attempt = async (request: PipelineRequest, next: SendRequest): Promise<Outcome> => {
  try {
    return { response: await next(request) };
  } catch (error) {
    return { error };
  }
};

/** Milliseconds until the call may be sent again, or undefined where it may not, or not soon. */
function waitAfter(outcome: Outcome, request: PipelineRequest, clock: Clock): number | undefined {
  const repeatable = REPEATABLE_METHODS.has(request.method);
  if ('error' in outcome) {
    // Without a response nothing tells whether Azure acted, so only what is harmless twice is sent twice.
    const unanswered = isRestError(outcome.error) && outcome.error.response === undefined;
    return repeatable && unanswered ? WAIT_STEP_MS : undefined;
  }
  const { response } = outcome;
  // A throttled call was not begun, whatever its method.
  if (response.status !== 429 && !(repeatable && response.status >= 500)) return undefined;
  const wait = retryAfterMs(response, clock) ?? WAIT_STEP_MS;
  return wait <= WAIT_MAX_MS ? wait : undefined;
}

/** Repeats what may be repeated and waits what Azure asks, by the controller's clock, for a few seconds at most. */
export function patiencePolicy(clock: Clock): PipelinePolicy {
  return {
    name: 'pilotlightPatience',
    sendRequest: async (request, next) => {
      for (let attempts = 1; ; attempts += 1) {
        const outcome = await attempt(request, next);
        const wait = attempts < ATTEMPTS_MAX ? waitAfter(outcome, request, clock) : undefined;
        if (wait === undefined) {
          if ('response' in outcome) return outcome.response;
          throw outcome.error;
        }
        await clock.sleep(wait);
      }
    },
  };
}
