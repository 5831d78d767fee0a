import { makeCredential } from '../../../mover/store/credential.ts';

const clock = { now: () => 0, sleep: () => Promise.resolve() };

describe('who the mover is', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  it('is the identity of the pod, by what the webhook of AKS puts into its environment', () => {
    process.env['AZURE_TENANT_ID'] = '11111111-1111-4111-8111-111111111111';
    process.env['AZURE_CLIENT_ID'] = '22222222-2222-4222-8222-222222222222';
    process.env['AZURE_FEDERATED_TOKEN_FILE'] = '/var/run/secrets/azure/tokens/azure-identity-token';
    expect(() => makeCredential({ kind: 'workload-identity' }, clock)).not.toThrow();
  });

  it('is nobody where the webhook did not see the pod, and says what the pod needs', () => {
    for (const name of ['AZURE_TENANT_ID', 'AZURE_CLIENT_ID', 'AZURE_FEDERATED_TOKEN_FILE']) {
      Reflect.deleteProperty(process.env, name);
    }
    expect(() => makeCredential({ kind: 'workload-identity' }, clock)).toThrow(
      /^this pod has no workload identity: .*the label azure\.workload\.identity\/use\.$/s,
    );
  });
});
