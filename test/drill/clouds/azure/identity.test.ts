import { GetCallerIdentityCommand, GetWebIdentityTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { ClientAssertionCredential } from '@azure/identity';
import { bearerOf, entraService, type EntraState } from '../../../../drill/clouds/azure/entra.ts';
import { readToken, signToken } from '../../../../drill/clouds/azure/jwt.ts';
import { stsService, type StsState } from '../../../../drill/clouds/aws/sts.ts';
import {
  ACCESS_KEY,
  awsOptions,
  CLIENT,
  networkOf,
  REGION,
  rejection,
  START,
  TENANT,
  useVirtualTime,
} from '../fixture.ts';

const ISSUER = 'https://55555555-5555-4555-8555-555555555555.tokens.sts.global.api.aws';
const ROLE = 'arn:aws:iam::111122223333:role/pilotlight/controller';
const AUDIENCE = 'api://AzureADTokenExchange';
const ARM = 'https://management.azure.com';
const HOUR_MS = 3_600_000;

function world() {
  const sts: StsState = {
    account: '111122223333',
    issuer: ISSUER,
    principals: new Map([[ACCESS_KEY, { roleArn: ROLE, sessionEndsAt: START + HOUR_MS }]]),
  };
  const trust = { issuer: ISSUER, subject: ROLE, audience: AUDIENCE };
  const entra: EntraState = {
    tenants: new Map([[TENANT, new Map([[CLIENT, [trust]]])]]),
    resources: new Set([ARM]),
    issued: [],
  };
  const network = networkOf([stsService(sts), entraService(entra)]);
  const client = new STSClient(awsOptions(network));
  const ask = async (more: object = {}) => {
    const input = { Audience: [AUDIENCE], SigningAlgorithm: 'RS256', DurationSeconds: 300, ...more };
    return client.send(new GetWebIdentityTokenCommand(input));
  };
  const exchange = async (
    assertion: string,
    options: { tenant?: string; client?: string; scope?: string } = {},
  ) => {
    const credential = new ClientAssertionCredential(
      options.tenant ?? TENANT,
      options.client ?? CLIENT,
      () => Promise.resolve(assertion),
      { httpClient: network.azureHttpClient(), retryOptions: { maxRetries: 0 } },
    );
    return credential.getToken(options.scope ?? `${ARM}/.default`);
  };
  return { sts, entra, network, client, ask, exchange };
}

describe('the simulated STS', () => {
  useVirtualTime();

  it('gives a role a token with the claims that AWS documents', async () => {
    const { WebIdentityToken = '', Expiration } = await world().ask({ Tags: [{ Key: 'run', Value: 'r1' }] });
    expect(Expiration).toEqual(new Date('2026-03-02T00:05:00Z'));
    const token = readToken(WebIdentityToken);
    expect(token?.genuine).toBe(true);
    expect(token?.header).toMatchObject({ alg: 'RS256', typ: 'JWT' });
    expect(token?.claims).toMatchObject({
      iss: ISSUER,
      aud: AUDIENCE,
      sub: ROLE,
      iat: 1_772_409_600,
      exp: 1_772_409_900,
      'https://sts.amazonaws.com/': {
        aws_account: '111122223333',
        source_region: REGION,
        request_tags: { run: 'r1' },
      },
    });
    // As long as the signature of a 2048-bit RSA key.
    expect(Buffer.from(WebIdentityToken.split('.')[2] ?? '', 'base64url')).toHaveLength(256);
  });

  it('makes the audience a list where there are several', async () => {
    const { WebIdentityToken = '' } = await world().ask({ Audience: ['one', 'two'] });
    expect(readToken(WebIdentityToken)?.claims.aud).toEqual(['one', 'two']);
  });

  it.each([
    ['no audience', { Audience: [] }, 'ValidationError'],
    ['an unknown algorithm', { SigningAlgorithm: 'HS256' }, 'ValidationError'],
    ['a duration below a minute', { DurationSeconds: 59 }, 'ValidationError'],
    ['a duration above an hour', { DurationSeconds: 3_601 }, 'ValidationError'],
  ])('refuses %s', async (_, input, name) => {
    expect((await rejection(world().ask(input))).name).toBe(name);
  });

  it('refuses while the federation is not enabled, past the end of the session, and strangers', async () => {
    const { sts, ask } = world();
    sts.issuer = null;
    expect((await rejection(ask())).name).toBe('OutboundWebIdentityFederationDisabledException');
    sts.issuer = ISSUER;
    await jest.advanceTimersByTimeAsync(HOUR_MS - 299_000);
    expect((await rejection(ask())).name).toBe('SessionDurationEscalationException');
    sts.principals.clear();
    expect((await rejection(ask())).name).toBe('InvalidClientTokenId');
  });

  it('offers the operation at regional endpoints only, and no other operation', async () => {
    const { network, client } = world();
    const global = new STSClient({ ...awsOptions(network), endpoint: 'https://sts.amazonaws.com' });
    const input = { Audience: [AUDIENCE], SigningAlgorithm: 'RS256' };
    expect((await rejection(global.send(new GetWebIdentityTokenCommand(input)))).name).toBe('UnexpectedCall');
    expect((await rejection(client.send(new GetCallerIdentityCommand({})))).name).toBe('UnexpectedCall');
    expect(network.unexpected).toHaveLength(2);
  });
});

describe('the simulated Entra', () => {
  useVirtualTime();
  const assertion = (more: object = {}): string => {
    const iat = START / 1_000;
    return signToken(
      { iss: ISSUER, sub: ROLE, aud: AUDIENCE, iat, exp: iat + 300, ...more },
      { alg: 'RS256' },
    );
  };
  const request = (token: string) => ({
    method: 'GET',
    host: 'management.azure.com',
    path: '/',
    query: {},
    headers: { authorization: `Bearer ${token}` },
    body: '',
  });

  it('exchanges the token of a role that it trusts for one that lets the identity in for an hour', async () => {
    const { ask, exchange, entra } = world();
    const { WebIdentityToken = '' } = await ask();
    const { token, expiresOnTimestamp } = await exchange(WebIdentityToken);
    expect(expiresOnTimestamp).toBe(START + 3_599_000);
    expect(entra.issued).toEqual([{ at: START, clientId: CLIENT, scope: `${ARM}/.default` }]);
    expect(bearerOf(request(token), ARM)).toEqual({ clientId: CLIENT });
    expect(bearerOf(request(token), 'https://vault.azure.net')).toEqual({ problem: 'audience' });
    expect(bearerOf(request(`${token}x`), ARM)).toEqual({ problem: 'invalid' });
    expect(bearerOf(request(WebIdentityToken), ARM)).toEqual({ problem: 'invalid' });
    expect(bearerOf({ ...request(token), headers: {} }, ARM)).toEqual({ problem: 'missing' });
    await jest.advanceTimersByTimeAsync(HOUR_MS);
    expect(bearerOf(request(token), ARM)).toEqual({ problem: 'expired' });
  });

  it.each([
    ['another issuer', assertion({ iss: 'https://other.example' }), 'AADSTS700211'],
    ['another role', assertion({ sub: `${ROLE}-2` }), 'AADSTS700213'],
    ['a role in other letters', assertion({ sub: ROLE.toUpperCase() }), 'AADSTS700213'],
    ['another audience', assertion({ aud: 'sts.amazonaws.com' }), 'AADSTS700212'],
    ['an expired token', assertion({ exp: START / 1_000 }), 'AADSTS700024'],
    ['a token of tomorrow', assertion({ iat: START / 1_000 + 60 }), 'AADSTS700024'],
    ['a forged signature', `${assertion().slice(0, -8)}AAAAAAAA`, 'AADSTS700027'],
    ['something that is no token', 'a.b.c', 'AADSTS50027'],
  ])('refuses %s', async (_, token, code) => {
    const { exchange, entra, network } = world();
    const error = await rejection(exchange(token));
    expect([error.name, error.message]).toEqual([
      'AuthenticationRequiredError',
      expect.stringContaining(code),
    ]);
    expect([entra.issued, network.unexpected]).toEqual([[], []]);
  });

  it.each([
    ['tenant', { tenant: '99999999-9999-4999-8999-999999999999' }, 'AADSTS90002'],
    ['application', { client: '99999999-9999-4999-8999-999999999999' }, 'AADSTS700016'],
    ['resource', { scope: 'https://vault.azure.net/.default' }, 'AADSTS500011'],
    ['scope', { scope: `${ARM}/user_impersonation` }, 'AADSTS1002012'],
  ])('refuses an unknown %s', async (_, options, code) => {
    const error = await rejection(world().exchange(assertion(), options));
    expect(error.message).toContain(code);
  });

  it('knows no other endpoint', async () => {
    const { network } = world();
    const url = `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/authorize`;
    expect((await rejection(network.fetch()(url))).name).toBe('UnexpectedCall');
  });
});
