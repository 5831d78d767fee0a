import { CloudAnswerUnreadable, CloudRefused, CloudUnavailable, PilotlightError } from '../../core/errors.ts';

/**
 * Codes by which AWS services say "not now", whatever the HTTP status beside them (most come with a 400). The list is
 * the SDK's own of throttling codes plus the two of DynamoDB and SNS that name a clash with another writer.
 */
const notNowCodes: ReadonlySet<string> = new Set([
  'BandwidthLimitExceeded',
  'ConcurrentAccessException',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestTimeout',
  'RequestTimeoutException',
  'KMSThrottlingException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionConflictException',
  'TransactionInProgressException',
]);

/** Names that the SDK gives to an error that never reached a service. */
const timeoutNames: ReadonlySet<string> = new Set(['TimeoutError', 'AbortError']);
const credentialNames: ReadonlySet<string> = new Set(['CredentialsProviderError', 'ProviderError']);

/** Error codes of the operating system and the name resolver (ECONNRESET, EAI_AGAIN), not those of Node itself (ERR_...). */
const SYSTEM_ERROR_CODE = /^E(?!RR_)[A-Z_]+$/;

/** A service may repeat a whole request in its message; nobody reads more than this at 3 a.m. */
const MESSAGE_LENGTH_MAX = 300;

/** The SDK adds advice for a debugger to what it could not read; an operator has no debugger. */
const SDK_HINT = /\s*Deserialization error: to see the raw response.*$/s;

const WAIT_AND_SEE =
  'The workflow tries again by itself; if it goes on, read the AWS Health Dashboard for this service and region.';

/** What we read of an error, wherever it comes from: all of it may be missing. */
interface SdkErrorShape {
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: { readonly throttling?: boolean };
}

/**
 * Turns what an AWS SDK client threw into an error of the controller. An error of ours passes as it is, and so does
 * whatever came neither from a service nor from the network: a mistake in our own code must not look like an outage.
 * @param call Service and operation as AWS spells them, for instance `DynamoDB UpdateItem`.
 */
export function translate(call: string, error: unknown): unknown {
  if (error instanceof PilotlightError || !(error instanceof Error)) return error;
  const shape = error as SdkErrorShape;
  const status = shape.$metadata?.httpStatusCode;
  const got = describe(error, status);
  const notNow = notNowCodes.has(error.name) || shape.$retryable?.throttling === true || status === 429;
  if (notNow || isNetworkError(error) || (status !== undefined && status >= 500)) {
    return new CloudUnavailable({ call, got, next: WAIT_AND_SEE }, { cause: error });
  }
  if (status !== undefined && status >= 400) {
    return new CloudRefused({ call, got, next: nextMove(error.name, status) }, { cause: error });
  }
  // The service said that all is well and the SDK could not read what it said.
  if (status !== undefined) return new CloudAnswerUnreadable(call, [got]);
  if (credentialNames.has(error.name)) {
    const next =
      'Give the process credentials: a role for a function, a profile or environment for a person.';
    return new CloudRefused({ call, got, next }, { cause: error });
  }
  return error;
}

function isNetworkError(error: Error): boolean {
  if (timeoutNames.has(error.name)) return true;
  const { code } = error as SdkErrorShape;
  if (typeof code === 'string' && SYSTEM_ERROR_CODE.test(code)) return true;
  return error.cause instanceof Error && isNetworkError(error.cause);
}

function describe(error: Error, status: number | undefined): string {
  const { code } = error as SdkErrorShape;
  const name = error.name === 'Error' && typeof code === 'string' ? code : error.name;
  const message = error.message
    .replace(SDK_HINT, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, MESSAGE_LENGTH_MAX)
    .replace(/\.$/, '');
  return `${name}${status === undefined ? '' : ` (HTTP ${status})`}${message === '' ? '' : `: ${message}`}`;
}

function nextMove(name: string, status: number): string {
  if (status === 404 || name.includes('NotFound')) {
    return 'Compare the name or ARN in the config with what exists in this account and region.';
  }
  if (status === 401 || status === 403 || name.includes('AccessDenied')) {
    return "Compare the permissions of the caller's role with this call; a retry changes nothing.";
  }
  return 'A retry changes nothing: correct what the message names, in the config or in the code.';
}
