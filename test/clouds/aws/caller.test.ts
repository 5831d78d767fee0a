import { makeCaller } from '../../../clouds/aws/caller.ts';
import { CloudRefused } from '../../../core/errors.ts';
import { callerIdentityService } from '../../../drill/clouds/aws/sts-caller-identity.ts';
import { ACCESS_KEY, networkOf, REGION, rejection } from '../../drill/clouds/fixture.ts';

const roleArn = 'arn:aws:sts::111122223333:assumed-role/on-call/jane';

const callerWith = (accessKeyId: string) => {
  const principals = new Map([[ACCESS_KEY, { roleArn, sessionEndsAt: Number.MAX_SAFE_INTEGER }]]);
  const network = networkOf([callerIdentityService({ account: '111122223333', principals })]);
  const credentials = { accessKeyId, secretAccessKey: 'secret' };
  return makeCaller({ region: REGION, transport: network.awsRequestHandler(), credentials });
};

describe('asking AWS who we are', () => {
  it('answers the account and the principal', async () => {
    expect(await callerWith(ACCESS_KEY)()).toEqual({ account: '111122223333', arn: roleArn });
  });

  it('refuses credentials that AWS does not know', async () => {
    const error = await rejection(callerWith('AKIDUNKNOWN')());
    expect(error).toBeInstanceOf(CloudRefused);
    expect(error.message).toContain('STS GetCallerIdentity failed: got InvalidClientTokenId (HTTP 403)');
  });
});
