import { WorkloadIdentityCredential, type TokenCredential } from '@azure/identity';
import { makeAssertion, ENTRA_AUDIENCE } from '../../clouds/aws/web-identity.ts';
import { makeAzureCredential } from '../../clouds/azure/credential.ts';
import type { Clock } from '../../core/ports.ts';
import { MoverError, wordsOf } from '../errors.ts';

/** Who the mover is: the role of the instance that it runs on in AWS, or the identity of the pod that it runs in in Azure. */
export type Identity =
  | {
      readonly kind: 'aws-role';
      readonly tenantId: string;
      readonly clientId: string;
      /** Region of the STS endpoint. */
      readonly region: string;
    }
  | { readonly kind: 'workload-identity' };

/** The credential for the storage account. Neither way has a secret: AWS signs for the role, AKS for the pod. */
export function makeCredential(identity: Identity, clock: Clock): TokenCredential {
  // The webhook of AKS gives the pod its ids and the file of its token in the environment; the SDK reads them.
  if (identity.kind === 'workload-identity') {
    try {
      return new WorkloadIdentityCredential();
    } catch (error) {
      throw new MoverError(
        'store',
        'NO_IDENTITY',
        `this pod has no workload identity: ${wordsOf(error)} Its service account needs the client id, and the pod the label azure.workload.identity/use.`,
      );
    }
  }
  const { tenantId, clientId, region } = identity;
  return makeAzureCredential({
    tenantId,
    clientId,
    assertion: makeAssertion({ region, audience: ENTRA_AUDIENCE, clock }),
  });
}
