import { bearerOf } from './entra.ts';
import type { WireRequest, WireResponse } from '../wire/wire-shape.ts';

/** What Entra tokens for Azure Resource Manager are made for. */
export const ARM_RESOURCE = 'https://management.azure.com';

export const ARM_HOST = 'management.azure.com';
const API_VERSION = /^20\d\d-\d\d-\d\d(?:-preview)?$/;
/** An answer in JSON. */
export const json = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): WireResponse => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(body),
});

/** An error in the form of Azure Resource Manager. */
export const failure = (status: number, code: string, message: string): WireResponse =>
  json(status, { error: { code, message } });

const refuseCaller = (request: WireRequest, roleHolders: ReadonlySet<string>): WireResponse | null => {
  const bearer = bearerOf(request, ARM_RESOURCE);
  const challenge = {
    'www-authenticate':
      'Bearer authorization_uri="https://login.microsoftonline.com/", error="invalid_token"',
  };
  const unauthenticated = (code: string, message: string): WireResponse =>
    json(401, { error: { code, message } }, challenge);
  if ('clientId' in bearer) {
    if (roleHolders.has(bearer.clientId)) return null;
    return failure(
      403,
      'AuthorizationFailed',
      `The client '${bearer.clientId}' does not have authorization to perform this action over this scope.`,
    );
  }
  if (bearer.problem === 'missing') {
    return unauthenticated(
      'AuthenticationFailed',
      "Authentication failed. The 'Authorization' header is missing.",
    );
  }
  if (bearer.problem === 'expired') {
    return unauthenticated(
      'ExpiredAuthenticationToken',
      'The access token expiry UTC time is earlier than current UTC time.',
    );
  }
  if (bearer.problem === 'audience') {
    return unauthenticated(
      'InvalidAuthenticationTokenAudience',
      'The access token has been obtained for wrong audience or resource.',
    );
  }
  return unauthenticated('InvalidAuthenticationToken', 'The access token is invalid.');
};

/** The client whose token came with a request that the door let in. */
export function callerOf(request: WireRequest): string {
  const bearer = bearerOf(request, ARM_RESOURCE);
  return 'clientId' in bearer ? bearer.clientId : '';
}

const refuseVersion = (request: WireRequest): WireResponse | null => {
  const version = request.query['api-version'];
  if (version === undefined) {
    return failure(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  if (API_VERSION.test(version)) return null;
  return failure(400, 'InvalidApiVersionParameter', `The api-version '${version}' is invalid.`);
};

/** What every call must bring: an api-version, and the token of somebody who has a role. Null where it does. */
export function refuseAtTheDoor(request: WireRequest, roleHolders: ReadonlySet<string>): WireResponse | null {
  return refuseVersion(request) ?? refuseCaller(request, roleHolders);
}
