import { AuthenticationErrorName, CredentialUnavailableErrorName } from '@azure/identity';
import { CloudAnswerUnreadable, CloudRefused, CloudUnavailable } from '../../core/errors.ts';
import type { PilotlightError } from '../../core/errors.ts';

/** Names of what a credential throws; `@azure/identity` exports no constant for the third. */
const IDENTITY_ERRORS: ReadonlySet<string> = new Set([
  AuthenticationErrorName,
  CredentialUnavailableErrorName,
  'AuthenticationRequiredError',
]);

const CALL = 'Microsoft Entra ID token request';

/**
 * Codes by which Entra says "not now": service unavailable, request timeout, tenant throttled, out of request budget.
 * Source: Microsoft Entra authentication and authorization error codes.
 */
const TRANSIENT_CODES: ReadonlySet<string> = new Set(['90033', '90012', '90055', '90024']);

const FEDERATION_NEXT =
  'Compare the federated credential of the identity with the token: issuer (the AWS account’s), subject (ARN of the ' +
  'function’s role, in the same case) and audience api://AzureADTokenExchange.';

/** What a person does about a code. The same source; only those that a federated identity can meet. */
const NEXT_BY_CODE: Readonly<Record<string, string>> = {
  '70021': FEDERATION_NEXT,
  '700211': FEDERATION_NEXT,
  '700212': FEDERATION_NEXT,
  '700213': FEDERATION_NEXT,
  '700016': 'The tenant knows no such application: check clientId and tenantId in the configuration.',
  '7000229': 'The application has no service principal in this tenant: create it, or correct clientId.',
  '90002': 'There is no such tenant: check tenantId in the configuration.',
  '700024': 'The assertion is outside its lifetime: ask STS for a new one, and check the clock.',
  '700027':
    'The signature of the assertion is not accepted: it must be RS256, by the issuer of the federated credential.',
  '500011':
    'The tenant does not know the resource: for Azure DevOps, connect the organization to this tenant.',
  '53003': 'A Conditional Access policy blocks the identity: exempt it, since it runs unattended.',
};

const DEFAULT_NEXT =
  'Look the code up at https://login.microsoftonline.com/error and check the federated credential.';

interface Evidence {
  /** HTTP status of the token endpoint, where it answered one. */
  readonly status: number | undefined;
  readonly unreachable: boolean;
  /** Digits of the AADSTS code. */
  readonly code: string | undefined;
}

/** MSAL's codes for "no usable answer came": its transport failed, or something on the way answered no JSON. */
const UNREACHABLE_CODES: ReadonlySet<unknown> = new Set(['network_error', 'endpoints_resolution_error']);

/**
 * What the chain of causes tells. MSAL keeps the status (`status`) and its own code (`errorCode`) on the inner error, the
 * SDK wraps it and keeps the words only; seen with @azure/identity 4.14.1.
 */
function readEvidence(error: Error): Evidence {
  let status: number | undefined;
  let unreachable = false;
  for (let link: unknown = error; link instanceof Error; link = link.cause) {
    const inner = link as Error & { status?: unknown; statusCode?: unknown; errorCode?: unknown };
    const answered = inner.status ?? inner.statusCode;
    if (typeof answered === 'number') status = answered;
    if (UNREACHABLE_CODES.has(inner.errorCode)) unreachable = true;
  }
  return { status, unreachable, code: /AADSTS(?<code>\d+)/.exec(error.message)?.groups?.['code'] };
}

/** Trace ids and timestamps follow the description; they would make every message of the same fault different. */
const describe = (error: Error, evidence: Evidence): string => {
  const words = /Description: (?<words>AADSTS.*?)(?: Trace ID:| - Correlation ID:|$)/s.exec(error.message)
    ?.groups?.['words'];
  const status = evidence.status === undefined ? '' : `${evidence.status} `;
  return `${status}${(words ?? error.message).replaceAll(/\s+/g, ' ').trim().slice(0, 400).replace(/\.+$/, '')}`;
};

/** The domain's error for what the token exchange threw, or undefined where the error is not of the exchange. */
export function translateEntraError(error: Error): PilotlightError | undefined {
  if (!IDENTITY_ERRORS.has(error.name)) return undefined;
  const evidence = readEvidence(error);
  const { status, code } = evidence;
  const got = describe(error, evidence);
  const transient = code !== undefined && TRANSIENT_CODES.has(code);
  if (evidence.unreachable || transient || (status !== undefined && (status === 429 || status >= 500))) {
    const next = 'The exchange is repeated; if it goes on, look at https://status.azure.com.';
    return new CloudUnavailable({ call: CALL, got, next }, { cause: error });
  }
  if (status === undefined && code === undefined) return new CloudAnswerUnreadable(CALL, [got]);
  const next = (code === undefined ? undefined : NEXT_BY_CODE[code]) ?? DEFAULT_NEXT;
  return new CloudRefused({ call: CALL, got, next }, { cause: error });
}
