import type { HttpClient } from '@azure/core-rest-pipeline';
import { ClientAssertionCredential } from '@azure/identity';
import type { TokenCredential } from '@azure/identity';
import { timeLimitPolicy } from './transport-policies.ts';

export interface AzureCredentialOptions {
  readonly tenantId: string;
  readonly clientId: string;
  /**
   * A JWT that the identity's federated credential trusts. It is asked for twice a token and on cache hits too, so it
   * must keep what it has until shortly before it expires.
   */
  readonly assertion: () => Promise<string>;
  readonly httpClient?: HttpClient;
}

/** One repetition: the workflow repeats the whole step, and knows how long it may. */
const RETRIES_MAX = 1;
const RETRY_DELAY_MAX_MS = 2_000;

/**
 * The controller's Azure identity: no secret, but an assertion of AWS exchanged for an Entra token.
 *
 * Errors stay the SDK's own, because the caller's pipeline looks at them first; `translateAzureError` knows them.
 */
export function makeAzureCredential(options: AzureCredentialOptions): TokenCredential {
  let credential: ClientAssertionCredential | undefined;
  const make = (): ClientAssertionCredential =>
    new ClientAssertionCredential(options.tenantId, options.clientId, options.assertion, {
      retryOptions: { maxRetries: RETRIES_MAX, maxRetryDelayInMs: RETRY_DELAY_MAX_MS },
      additionalPolicies: [{ policy: timeLimitPolicy(), position: 'perRetry' }],
      ...(options.httpClient && { httpClient: options.httpClient }),
    });
  return {
    getToken: async (scopes, tokenOptions) => {
      // One for the life of the instance: it keeps the tokens, by scope.
      const current = (credential ??= make());
      try {
        return await current.getToken(scopes, tokenOptions);
      } catch (error) {
        // MSAL remembers a 429 or 5xx for a minute and then refuses by itself: the next attempt must ask Entra again.
        if (credential === current) credential = undefined;
        throw error;
      }
    },
  };
}
