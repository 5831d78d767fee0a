import {
  GetSecretValueCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { secretsManagerService } from '../../../../drill/clouds/aws/secrets-manager.ts';
import { awsOptions, networkOf, REGION, rejection } from '../fixture.ts';

function world() {
  const secrets = new Map([['slack', 'one']]);
  const network = networkOf([secretsManagerService({ region: REGION, account: '111122223333', secrets })]);
  const client = new SecretsManagerClient(awsOptions(network));
  return {
    secrets,
    network,
    client,
    read: (SecretId: string) => client.send(new GetSecretValueCommand({ SecretId })),
  };
}

describe('the simulated Secrets Manager', () => {
  it('answers the text of the day, under a version that changes with it', async () => {
    const { secrets, read } = world();
    const before = await read('slack');
    expect(before).toMatchObject({ Name: 'slack', SecretString: 'one', VersionStages: ['AWSCURRENT'] });
    secrets.set('slack', 'two');
    const after = await read('slack');
    expect(after.SecretString).toBe('two');
    expect(after.VersionId).not.toBe(before.VersionId);
  });

  it('does not know a secret that nobody made, nor any other operation', async () => {
    const { read, client, network } = world();
    expect((await rejection(read('other'))).name).toBe('ResourceNotFoundException');
    expect((await rejection(client.send(new ListSecretsCommand({})))).name).toBe('UnexpectedCall');
    const staged = new GetSecretValueCommand({ SecretId: 'slack', VersionStage: 'AWSPREVIOUS' });
    expect((await rejection(client.send(staged))).name).toBe('UnexpectedCall');
    expect(network.unexpected).toHaveLength(2);
  });
});
