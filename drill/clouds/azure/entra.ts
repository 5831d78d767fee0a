import { requestIds, uuidOf } from '../aws/aws-wire.ts';
import { readToken, signToken, type Token } from './jwt.ts';
import { UnexpectedCall, type Service, type WireRequest, type WireResponse } from '../wire/wire-shape.ts';

/** A federated credential of an application or user-assigned identity: whose tokens it trusts. All three are exact. */
export interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/** The Entra directory, as far as client credentials need it. */
export interface EntraState {
  /** Tenant id, then client id. */
  readonly tenants: Map<string, Map<string, readonly FederatedCredential[]>>;
  /** Application id URIs that tokens are given for, such as `https://management.azure.com`. */
  readonly resources: Set<string>;
  /** Every token that was handed out. */
  readonly issued: { readonly at: number; readonly clientId: string; readonly scope: string }[];
}

const HOST = 'login.microsoftonline.com';
const PATH = /^\/([^/]+)\/oauth2\/v2\.0\/token$/;
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Entra says 3599 for a token of an hour. */
const EXPIRES_IN = 3_599;

/** An error of Entra: the OAuth name and the AADSTS number. */
interface Refusal {
  readonly status: number;
  readonly error: string;
  readonly code: number;
  readonly message: string;
}

const invalidClient = (code: number, message: string): Refusal => ({
  status: 401,
  error: 'invalid_client',
  code,
  message,
});
const invalidRequest = (code: number, message: string): Refusal => ({
  status: 400,
  error: 'invalid_request',
  code,
  message,
});

const errorAnswer = (refusal: Refusal, traceId: string): WireResponse => {
  const now = new Date();
  const correlationId = uuidOf(`correlation ${traceId}`);
  const timestamp = now
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d{3}Z$/, 'Z');
  const description = `AADSTS${refusal.code}: ${refusal.message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`;
  return {
    status: refusal.status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({
      error: refusal.error,
      error_description: description,
      error_codes: [refusal.code],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      error_uri: `https://login.microsoftonline.com/error?code=${refusal.code}`,
    }),
  };
};

/** The assertion against the trust of the application, in the order in which Entra complains. */
const refuseAssertion = (token: Token | null, trusted: readonly FederatedCredential[]): Refusal | null => {
  if (token === null) return invalidClient(50027, 'JWT token is invalid or malformed.');
  const { claims } = token;
  const nowSeconds = Date.now() / 1_000;
  const hint =
    'Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://docs.microsoft.com/entra/workload-id/workload-identity-federation';
  const none = 'No matching federated identity record found for presented assertion';
  const sameIssuer = trusted.filter((credential) => credential.issuer === claims.iss);
  if (sameIssuer.length === 0) return invalidClient(700211, `${none} issuer '${claims.iss}'. ${hint}`);
  const sameSubject = sameIssuer.filter((credential) => credential.subject === claims.sub);
  if (sameSubject.length === 0) return invalidClient(700213, `${none} subject '${claims.sub}'. ${hint}`);
  const audience = Array.isArray(claims.aud) ? claims.aud.join(', ') : claims.aud;
  if (!sameSubject.some((credential) => credential.audience === audience)) {
    return invalidClient(700212, `${none} audience '${audience}'. ${hint}`);
  }
  if (!token.genuine || token.header.alg !== 'RS256') {
    return invalidClient(700027, 'Client assertion failed signature validation.');
  }
  if (nowSeconds < claims.iat || nowSeconds >= claims.exp) {
    const iso = (seconds: number): string => new Date(seconds * 1_000).toISOString();
    return invalidClient(
      700024,
      `Client assertion is not within its valid time range. Current time: ${iso(nowSeconds)}, assertion valid from ${iso(claims.iat)}, expiry time of assertion ${iso(claims.exp)}.`,
    );
  }
  return null;
};

const refuseForm = (state: EntraState, tenantId: string, form: URLSearchParams): Refusal | null => {
  const tenant = state.tenants.get(tenantId);
  if (tenant === undefined)
    return invalidRequest(
      90002,
      `Tenant '${tenantId}' not found. Check to make sure you have the correct tenant ID.`,
    );
  if (form.get('grant_type') !== 'client_credentials') {
    const message = 'The app requested an unsupported grant type.';
    return { status: 400, error: 'unsupported_grant_type', code: 70003, message };
  }
  const clientId = form.get('client_id') ?? '';
  const trusted = tenant.get(clientId);
  if (trusted === undefined) {
    const message = `Application with identifier '${clientId}' was not found in the directory '${tenantId}'.`;
    return { status: 400, error: 'unauthorized_client', code: 700016, message };
  }
  if (form.get('client_assertion_type') !== ASSERTION_TYPE || form.get('client_assertion') === null) {
    return invalidClient(
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    );
  }
  const scope = form.get('scope') ?? '';
  const resource = resourceOf(scope);
  if (resource === null) {
    const message = `The provided request must include a 'scope' input parameter that ends in /.default. The scope '${scope}' is not valid.`;
    return { status: 400, error: 'invalid_scope', code: 1002012, message };
  }
  if (!state.resources.has(resource)) {
    const message = `The resource principal named ${resource} was not found in the tenant named ${tenantId}.`;
    return { status: 400, error: 'invalid_resource', code: 500011, message };
  }
  return refuseAssertion(readToken(form.get('client_assertion') ?? ''), trusted);
};

/** The resource of one `<resource>/.default` scope; the OpenID scopes that clients add on their own do not count. */
const resourceOf = (scope: string): string | null => {
  const scopes = scope.split(' ').filter((one) => !['openid', 'profile', 'offline_access', ''].includes(one));
  const [only, ...others] = scopes;
  return only?.endsWith('/.default') === true && others.length === 0
    ? only.slice(0, -'/.default'.length)
    : null;
};

/** Who a bearer token of the simulated Entra lets in, or why it does not. */
export type Bearer =
  { readonly clientId: string } | { readonly problem: 'missing' | 'invalid' | 'audience' | 'expired' };

/** Reads the Authorization header of a request as the resource `audience` does. */
export function bearerOf(request: WireRequest, audience: string): Bearer {
  const header = request.headers['authorization'];
  if (header?.startsWith('Bearer ') !== true) return { problem: 'missing' };
  const token = readToken(header.slice('Bearer '.length));
  if (token?.genuine !== true || !token.claims.iss.startsWith(`https://${HOST}/`))
    return { problem: 'invalid' };
  if (token.claims.aud !== audience) return { problem: 'audience' };
  return Date.now() / 1_000 >= token.claims.exp ? { problem: 'expired' } : { clientId: token.claims.sub };
}

/** Microsoft Entra: tokens for client credentials with a federated assertion. */
export function entraService(state: EntraState): Service {
  const nextId = requestIds('entra');
  const answer = (tenantId: string, form: URLSearchParams, traceId: string): WireResponse => {
    const refusal = refuseForm(state, tenantId, form);
    if (refusal !== null) return errorAnswer(refusal, traceId);
    const [clientId, scope] = [form.get('client_id') ?? '', form.get('scope') ?? ''];
    const iat = Math.floor(Date.now() / 1_000);
    const claims = {
      iss: `https://${HOST}/${tenantId}/v2.0`,
      sub: clientId,
      aud: resourceOf(scope),
      scp: scope,
      iat,
      exp: iat + EXPIRES_IN,
    };
    state.issued.push({ at: Date.now(), clientId, scope });
    const accessToken = signToken(claims, { alg: 'RS256', kid: 'entra' });
    const body = {
      token_type: 'Bearer',
      expires_in: EXPIRES_IN,
      ext_expires_in: EXPIRES_IN,
      access_token: accessToken,
    };
    return {
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
    };
  };
  return {
    name: 'entra',
    handles: (request) => request.host === HOST,
    answer: (request) => {
      const tenantId = PATH.exec(request.path)?.[1];
      if (tenantId === undefined || request.method !== 'POST') {
        throw new UnexpectedCall('the simulated Entra knows only POST of /{tenant}/oauth2/v2.0/token');
      }
      return answer(tenantId, new URLSearchParams(request.body), nextId());
    },
  };
}
