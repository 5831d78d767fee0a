import { isRestError, RestError } from '@azure/core-rest-pipeline';
import type { z } from 'zod';
import { CloudAnswerUnreadable, CloudRefused, CloudUnavailable, PilotlightError } from '../../core/errors.ts';
import { describeIssues } from '../../core/problems.ts';
import { translateEntraError } from './entra-errors.ts';

/** One call to Azure, as its errors tell of it. */
export interface AzureCall {
  /** Service and operation, for instance `Azure Resource Manager GET applicationGateways/agw`. */
  readonly name: string;
  /** What a person gives to the identity when Azure says 401 or 403, as the end of a sentence. */
  readonly permission: string;
  /** Where the names in the call come from, for a 404. */
  readonly namedIn: string;
}

/** What Azure said with a status that is not an answer. */
export interface AzureFailure {
  readonly status: number;
  readonly code: string | undefined;
  readonly message: string;
  /** The `Retry-After` header, where there was one. */
  readonly retryAfter: string | undefined;
}

/** Longest text of a cloud that goes into an error: the whole reaches people by e-mail and chat. */
const TEXT_LENGTH_MAX = 600;

/** One line, with no more of it than a person reads. */
export function oneLine(text: string, lengthMax: number = TEXT_LENGTH_MAX): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > lengthMax ? `${line.slice(0, lengthMax - 1)}…` : line;
}

const gotOf = (failure: AzureFailure): string => {
  const code = failure.code === undefined ? '' : ` ${failure.code}`;
  // The sentence around it brings its own full stop.
  const message = failure.message === '' ? '' : `: ${oneLine(failure.message).replace(/\.+$/, '')}`;
  return `${failure.status}${code}${message}`;
};

/** Azure's codes for the same thing differ by service, and Compute answers a quota with the code of a conflict. */
const isQuota = (failure: AzureFailure): boolean =>
  failure.status !== 429 && failure.status < 500 && /quota/i.test(`${failure.code ?? ''} ${failure.message}`);

/** Statuses that say "not now": the same call may succeed a moment later. 412 is a change made beside ours. */
const isTransient = (status: number): boolean =>
  status === 408 || status === 409 || status === 412 || status === 429 || status >= 500;

const unavailableNext = (failure: AzureFailure): string => {
  if (failure.retryAfter !== undefined)
    return `Azure asked to wait (Retry-After: ${failure.retryAfter}); the call is repeated later.`;
  if (failure.status === 409 || failure.status === 412) {
    return 'Another operation works on the same resource; the call is repeated when it has ended.';
  }
  return 'The call is repeated; if it goes on, look at https://status.azure.com and https://status.dev.azure.com.';
};

const refusedNext = (call: AzureCall, failure: AzureFailure): string => {
  if (isQuota(failure)) return 'Ask for a higher quota in the standby region, or lower the number of nodes.';
  if (failure.status === 401)
    return `Check tenantId and clientId in the configuration, and that the identity has ${call.permission}.`;
  if (failure.status === 403) return `Give the identity ${call.permission}.`;
  if (failure.status === 404)
    return `Check ${call.namedIn}; Azure also answers 404 where the identity may not look.`;
  return 'Correct what the answer names; a repetition changes nothing.';
};

/** The error for an answer whose status says that the call failed. */
export function failureOf(call: AzureCall, failure: AzureFailure): CloudUnavailable | CloudRefused {
  const got = gotOf(failure);
  return isTransient(failure.status) && !isQuota(failure)
    ? new CloudUnavailable({ call: call.name, got, next: unavailableNext(failure) })
    : new CloudRefused({ call: call.name, got, next: refusedNext(call, failure) });
}

const translateRestError = (call: AzureCall, error: RestError): PilotlightError => {
  if (error.code === RestError.PARSE_ERROR) {
    return new CloudAnswerUnreadable(call.name, [oneLine(error.message)]);
  }
  if (error.statusCode === undefined) {
    const got = `${error.code ?? 'a network error'}: ${oneLine(error.message)}`;
    const next =
      'Azure was not reached; the call is repeated. If it goes on, check the way out of the network.';
    return new CloudUnavailable({ call: call.name, got, next }, { cause: error });
  }
  return failureOf(call, {
    status: error.statusCode,
    code: error.code,
    message: error.message,
    retryAfter: error.response?.headers.get('retry-after'),
  });
};

/** An error of ours that a library wrapped on its way, for instance of the STS call inside the token exchange. */
const ownErrorIn = (error: unknown): PilotlightError | undefined => {
  for (let link = error; link instanceof Error; link = link.cause) {
    if (link instanceof PilotlightError) return link;
  }
  return undefined;
};

/**
 * The domain's error for whatever an Azure client threw; it never returns the client's own.
 *
 * A TypeError or SyntaxError out of a client means that its deserializer met something that it was not written for.
 */
export function translateAzureError(call: AzureCall, error: unknown): PilotlightError {
  const own = ownErrorIn(error);
  if (own !== undefined) return own;
  if (isRestError(error)) return translateRestError(call, error);
  if (!(error instanceof Error))
    return new CloudAnswerUnreadable(call.name, [`threw ${typeof error}, not an error`]);
  if (error.name === 'AbortError') {
    const next = 'The call is repeated; if it goes on, look at https://status.azure.com.';
    return new CloudUnavailable({ call: call.name, got: 'no answer in time', next }, { cause: error });
  }
  if (error instanceof TypeError || error instanceof SyntaxError) {
    return new CloudAnswerUnreadable(call.name, [oneLine(error.message)]);
  }
  return (
    translateEntraError(error) ??
    new CloudRefused(
      {
        call: call.name,
        got: `${error.name}: ${oneLine(error.message)}`,
        next: 'An unknown error; read the log of this step.',
      },
      { cause: error },
    )
  );
}

/** The answer in its documented shape. @throws CloudAnswerUnreadable that names each place where it differs. */
export function parseAnswer<T>(call: AzureCall, schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new CloudAnswerUnreadable(call.name, describeIssues(parsed.error, body));
}
