import { ENTRA_AUDIENCE, makeAssertion } from '../../../clouds/aws/web-identity.ts';
import { CloudAnswerUnreadable, CloudRefused, CloudUnavailable } from '../../../core/errors.ts';
import { type Answer, awsAnswering, formOf, rejectionOf, xmlError } from './helpers.ts';

const START = Date.parse('2026-11-23T00:00:00.000Z');

const token = (jwt: string, expiration: string): Answer => ({
  status: 200,
  body:
    `<GetWebIdentityTokenResponse><GetWebIdentityTokenResult><WebIdentityToken>${jwt}</WebIdentityToken>` +
    `<Expiration>${expiration}</Expiration></GetWebIdentityTokenResult></GetWebIdentityTokenResponse>`,
});

function assertionAnswering(...answers: Answer[]) {
  const { access, sent } = awsAnswering(...answers);
  const time = { now: START };
  const clock = { now: () => time.now, sleep: () => Promise.resolve() };
  return { getAssertion: makeAssertion({ ...access, audience: ENTRA_AUDIENCE, clock }), sent, time };
}

describe('the proof of identity for Entra ID', () => {
  it('asks the regional STS for a short RS256 token with the one audience of Entra ID', async () => {
    const { getAssertion, sent } = assertionAnswering(token('jwt-1', '2026-11-23T00:05:00Z'));
    expect(await getAssertion()).toBe('jwt-1');
    expect(sent.map(({ method, hostname }) => `${method} ${hostname}`)).toEqual([
      'POST sts.us-west-2.amazonaws.com',
    ]);
    expect(formOf(sent[0])).toEqual({
      Action: 'GetWebIdentityToken',
      Version: '2011-06-15',
      'Audience.member.1': 'api://AzureADTokenExchange',
      SigningAlgorithm: 'RS256',
      DurationSeconds: '300',
    });
  });

  it('keeps the token until a minute before its end, and not a moment longer', async () => {
    const { getAssertion, sent, time } = assertionAnswering(
      token('jwt-1', '2026-11-23T00:05:00Z'),
      token('jwt-2', '2026-11-23T00:09:00Z'),
    );
    await getAssertion();
    time.now = Date.parse('2026-11-23T00:03:59.999Z');
    expect(await getAssertion()).toBe('jwt-1');
    expect(sent).toHaveLength(1);
    time.now = Date.parse('2026-11-23T00:04:00.000Z');
    expect(await getAssertion()).toBe('jwt-2');
    expect(sent).toHaveLength(2);
  });

  it('makes one call for all who ask at the same moment', async () => {
    const { getAssertion, sent } = assertionAnswering(token('jwt-1', '2026-11-23T00:05:00Z'));
    expect(await Promise.all([getAssertion(), getAssertion(), getAssertion()])).toEqual([
      'jwt-1',
      'jwt-1',
      'jwt-1',
    ]);
    expect(sent).toHaveLength(1);
  });

  it('forgets a failure: the next who asks makes a new call', async () => {
    const { getAssertion, sent } = assertionAnswering(
      xmlError(403, 'AccessDenied'),
      token('jwt-1', '2026-11-23T00:05:00Z'),
    );
    expect(await rejectionOf(getAssertion())).toBeInstanceOf(CloudRefused);
    expect(await getAssertion()).toBe('jwt-1');
    expect(sent).toHaveLength(2);
  });

  it('names the command that enables federation where the account has not enabled it', async () => {
    const { getAssertion } = assertionAnswering(
      xmlError(403, 'OutboundWebIdentityFederationDisabledException'),
    );
    const error = (await rejectionOf(getAssertion())) as CloudRefused;
    expect(error).toBeInstanceOf(CloudRefused);
    expect(error.facts.next).toContain('aws iam enable-outbound-web-identity-federation');
  });

  it('does not name that command for another refusal', async () => {
    const { getAssertion } = assertionAnswering(xmlError(403, 'AccessDenied'));
    const error = (await rejectionOf(getAssertion())) as CloudRefused;
    expect(error.facts.next).not.toContain('enable-outbound');
  });

  it('is unavailable when STS is', async () => {
    const broken = xmlError(500, 'InternalFailure');
    const { getAssertion } = assertionAnswering(broken, broken, broken);
    expect(await rejectionOf(getAssertion())).toBeInstanceOf(CloudUnavailable);
  });

  it('calls an answer without a token unreadable', async () => {
    const { getAssertion } = assertionAnswering({ status: 200, body: '<GetWebIdentityTokenResponse/>' });
    expect(await rejectionOf(getAssertion())).toBeInstanceOf(CloudAnswerUnreadable);
  });
});
