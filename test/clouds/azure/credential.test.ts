import { RestError } from '@azure/core-rest-pipeline';
import { makeAzureCredential } from '../../../clouds/azure/credential.ts';
import { translateAzureError } from '../../../clouds/azure/errors.ts';
import { CloudUnavailable } from '../../../core/errors.ts';
import { fakeAzure, rejection } from './azure-fixture.ts';
import type { Answer } from './azure-fixture.ts';

const TENANT = '11111111-1111-4111-8111-111111111111';
const TOKEN_PATH = `POST /${TENANT}/oauth2/v2.0/token`;
const SCOPE = 'https://management.azure.com/.default';
const CALL = { name: 'Azure test call', permission: 'a role', namedIn: 'the configuration' };

const tokenFor = (
  answer: Answer | readonly Answer[],
  assertion = async (): Promise<string> => 'signed-by-aws',
) => {
  const { httpClient, sent } = fakeAzure({ [TOKEN_PATH]: answer });
  const clientId = '22222222-2222-4222-8222-222222222222';
  return { sent, credential: makeAzureCredential({ tenantId: TENANT, clientId, assertion, httpClient }) };
};

const failure = async (answer: Answer, assertion?: () => Promise<string>): Promise<Error> => {
  const { credential } = tokenFor(answer, assertion);
  return translateAzureError(CALL, await rejection(credential.getToken(SCOPE)));
};

const entra = (status: number, description: string, code: number): Answer => ({
  status,
  body: {
    error: 'invalid_request',
    error_description: `${description} Trace ID: t-1 Timestamp: now`,
    error_codes: [code],
  },
});

describe('the Azure credential', () => {
  it('exchanges the assertion for a token and asks nothing before the first use', async () => {
    const { credential, sent } = tokenFor({
      status: 200,
      body: { access_token: 'azure-token', expires_in: 3600 },
    });
    expect(sent).toEqual([]);
    const token = await credential.getToken(SCOPE);
    expect(token?.token).toBe('azure-token');
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ method: 'POST', timeout: 8000 });
  });

  it('keeps the token of a scope for its life', async () => {
    const { credential, sent } = tokenFor({
      status: 200,
      body: { access_token: 'azure-token', expires_in: 3600 },
    });
    await credential.getToken(SCOPE);
    await credential.getToken(SCOPE);
    expect(sent).toHaveLength(1);
  });

  it('tells of an untrusted subject by its AADSTS code and says what to compare', async () => {
    const error = await failure(
      entra(400, "AADSTS700213: No match for subject 'arn:aws:iam::1:role/x'.", 700213),
    );
    expect(error.name).toBe('CloudRefused');
    expect(error.message).toBe(
      "Microsoft Entra ID token request failed: got 400 AADSTS700213: No match for subject 'arn:aws:iam::1:role/x'. " +
        'Compare the federated credential of the identity with the token: issuer (the AWS account’s), subject (ARN of ' +
        'the function’s role, in the same case) and audience api://AzureADTokenExchange.',
    );
  });

  it('names a code that it has no advice for and says where to look it up', async () => {
    const error = await failure(entra(401, 'AADSTS999999: Something new.', 999999));
    expect(error.name).toBe('CloudRefused');
    expect(error.message).toContain('got 401 AADSTS999999: Something new.');
    expect(error.message).toContain('https://login.microsoftonline.com/error');
  });

  it.each<[string, Answer]>([
    ['a 503', entra(503, 'AADSTS90033: A transient error.', 90033)],
    ['a transient code with a status of refusal', entra(400, 'AADSTS90033: A transient error.', 90033)],
    ['a 429', entra(429, 'AADSTS12345: Too many requests.', 12345)],
    ['a proxy’s error page', { status: 502, body: '<html>bad gateway</html>' }],
    ['a network error', new RestError('getaddrinfo ENOTFOUND', { code: 'ENOTFOUND' })],
    ['a timeout', Object.assign(new Error('The operation was aborted.'), { name: 'AbortError' })],
  ])('calls %s unavailable', async (_name, answer) => {
    expect((await failure(answer)).name).toBe('CloudUnavailable');
  });

  const good: Answer = { status: 200, body: { access_token: 'azure-token', expires_in: 3600 } };

  it.each<[string, Answer, number]>([
    ['429', entra(429, 'AADSTS12345: Too many requests.', 12345), 1],
    // Repeated once inside of the credential.
    ['503', entra(503, 'AADSTS90033: A transient error.', 90033), 2],
  ])('asks Entra again after a %s, and does not refuse by what it remembers', async (_status, bad, calls) => {
    const { credential, sent } = tokenFor([...Array.from({ length: calls }, () => bad), good]);
    await rejection(credential.getToken(SCOPE));
    expect(sent).toHaveLength(calls);
    expect((await credential.getToken(SCOPE))?.token).toBe('azure-token');
    expect(sent).toHaveLength(calls + 1);
  });

  it('calls an answer without a token unreadable', async () => {
    expect((await failure({ status: 200, body: {} })).name).toBe('CloudAnswerUnreadable');
  });

  it('hands on the error of the assertion as it is', async () => {
    const own = new CloudUnavailable({ call: 'STS GetWebIdentityToken', got: '503', next: 'Repeat.' });
    const error = await failure({ status: 200, body: {} }, async () => {
      throw own;
    });
    expect(error).toBe(own);
  });
});
