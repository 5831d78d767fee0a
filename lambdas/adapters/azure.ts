import { makeAssertion } from '../../clouds/aws/web-identity.ts';
import { makeAzureCredential } from '../../clouds/azure/credential.ts';
import { workloadOf } from '../../core/config/parse.ts';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { requireAzureStandby } from '../../core/standby/tier.ts';
import type { Runtime } from '../runtime.ts';

type AzureCredential = ReturnType<typeof makeAzureCredential>;

/** What Entra ID expects a federated token to be issued for. Source: Microsoft Entra workload identity federation. */
const TOKEN_AUDIENCE = 'api://AzureADTokenExchange';

/** The transport under every Azure client; absent in production. */
export const httpClientOf = (runtime: Runtime): { httpClient?: HttpClient } =>
  runtime.azureHttpClient === undefined ? {} : { httpClient: runtime.azureHttpClient };

/** The controller's identity in the tenant of a workload: its IAM role, exchanged for an Entra token. */
export function azureCredentialOf(runtime: Runtime, workload: string): AzureCredential {
  const { azure } = requireAzureStandby(workload, workloadOf(runtime.config, workload));
  return makeAzureCredential({
    tenantId: azure.tenantId,
    clientId: azure.clientId,
    assertion: makeAssertion({ ...runtime.aws, audience: TOKEN_AUDIENCE, clock: runtime.clock }),
    ...httpClientOf(runtime),
  });
}

/** Builds one adapter a workload, on first use: its credential holds the tokens. */
export function perWorkload<T>(make: (workload: string) => T): (workload: string) => T {
  const made = new Map<string, T>();
  return (workload) => {
    const known = made.get(workload);
    if (known !== undefined) return known;
    const fresh = make(workload);
    made.set(workload, fresh);
    return fresh;
  };
}
