import { readFileSync } from 'node:fs';
import path from 'node:path';
import { compileEdgeFunction, isEdgeResponse, ROUTE_REQUEST_FILE } from '../../edge/load.ts';
import { locationServing, passedOn, viewerRequest } from '../edge/edge-fixture.ts';
import { Synthesized, type Behavior } from './edge-fixture.ts';

const stack = new Synthesized();
const { distribution } = stack;
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const ALL_VIEWER_EXCEPT_HOST_HEADER = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';
const ORIGINS = ['primary', 'standby', 'maintenance'];

const behaviorOf = (pattern: string): Behavior => {
  const found = distribution.CacheBehaviors.find(({ PathPattern }) => PathPattern === pattern);
  if (found === undefined) throw new Error(`there is no behaviour ${pattern}`);
  return found;
};
const headersOf = (behavior: Behavior): Record<string, unknown> => {
  const { Properties } = stack.at(behavior.ResponseHeadersPolicyId);
  return Properties['ResponseHeadersPolicyConfig'] as Record<string, unknown>;
};
const functionsOf = (behavior: Behavior): unknown[] =>
  (behavior.FunctionAssociations ?? []).map(({ EventType, FunctionARN }) => {
    const [id] = (FunctionARN as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'];
    return [EventType, stack.at({ Ref: id }).Properties['Name']];
  });
const siteRoute = { v: 1, epoch: 1, fence: 1 };

describe('the origins', () => {
  it('are all three, under the ids that the edge function selects', async () => {
    expect(distribution.Origins.map(({ Id, DomainName }) => [Id, DomainName])).toEqual([
      ['primary', 'alb.clinic.example.com'],
      ['standby', 'clinic.koreacentral.cloudapp.azure.com'],
      ['maintenance', 'clinic.z12.web.core.windows.net'],
    ]);
    for (const origin of ['standby', 'maintenance']) {
      const location = locationServing({ ...siteRoute, origin });
      await passedOn(location, viewerRequest());
      expect(distribution.Origins.map(({ Id }) => Id)).toContain(location.selected[0]);
    }
  });

  it('are asked over TLS 1.2 only', () => {
    for (const { CustomOriginConfig } of distribution.Origins) {
      expect(CustomOriginConfig).toMatchObject({
        OriginProtocolPolicy: 'https-only',
        OriginSSLProtocols: ['TLSv1.2'],
      });
    }
  });

  it('are given up after 4 seconds when nobody accepts the connection', () => {
    for (const { ConnectionAttempts, ConnectionTimeout } of distribution.Origins) {
      expect(ConnectionAttempts * ConnectionTimeout).toBe(4);
    }
  });

  it('have their connections closed by CloudFront, not in the middle of a request by a load balancer after 60 s', () => {
    for (const { CustomOriginConfig } of distribution.Origins) {
      expect(CustomOriginConfig['OriginKeepaliveTimeout']).toBe(50);
    }
  });

  it('are told who they are, and the applications alone get the secret and the name of the site', () => {
    const secret = '{{resolve:secretsmanager:clinic/origin-secret:SecretString:::}}';
    const application = { 'x-pilotlight-origin-secret': secret, 'x-forwarded-host': 'clinic.example.com' };
    const told = distribution.Origins.map(({ OriginCustomHeaders }) =>
      Object.fromEntries(OriginCustomHeaders.map(({ HeaderName, HeaderValue }) => [HeaderName, HeaderValue])),
    );
    expect(told).toEqual([
      { 'x-pilotlight-origin': 'primary', ...application },
      { 'x-pilotlight-origin': 'standby', ...application },
      { 'x-pilotlight-origin': 'maintenance' },
    ]);
  });
});

describe('the probe behaviours', () => {
  it.each(ORIGINS)('reach the %s whatever the route says, and cannot write to it', (origin) => {
    expect(behaviorOf(`/__pilotlight/${origin}/*`)).toMatchObject({
      TargetOriginId: origin,
      AllowedMethods: ['GET', 'HEAD'],
      ViewerProtocolPolicy: 'https-only',
    });
  });

  it.each(ORIGINS)('of the %s keep nothing, and name it over whatever it says itself', (origin) => {
    const behavior = behaviorOf(`/__pilotlight/${origin}/*`);
    expect(behavior.CachePolicyId).toBe(CACHING_DISABLED);
    expect(headersOf(behavior)['CustomHeadersConfig']).toEqual({
      Items: [
        { Header: 'x-pilotlight-origin', Value: origin, Override: true },
        { Header: 'cache-control', Value: 'no-store', Override: true },
      ],
    });
  });

  it.each(ORIGINS)('of the %s carry nothing of the viewer but query and agent', (origin) => {
    const policy = stack.at(behaviorOf(`/__pilotlight/${origin}/*`).OriginRequestPolicyId);
    expect(policy.Properties['OriginRequestPolicyConfig']).toMatchObject({
      CookiesConfig: { CookieBehavior: 'none' },
      HeadersConfig: { HeaderBehavior: 'whitelist', Headers: ['user-agent'] },
      QueryStringsConfig: { QueryStringBehavior: 'all' },
    });
  });

  it.each(ORIGINS)('of the %s run the function that takes the prefix away, and no other', (origin) => {
    expect(functionsOf(behaviorOf(`/__pilotlight/${origin}/*`))).toEqual([
      ['viewer-request', 'pilotlight-clinic-probe-origin'],
    ]);
  });

  it('come before everything else', () => {
    expect(distribution.CacheBehaviors.map(({ PathPattern }) => PathPattern)).toEqual([
      '/__pilotlight/primary/*',
      '/__pilotlight/standby/*',
      '/__pilotlight/maintenance/*',
      '/maintenance.html',
    ]);
  });
});

describe('what users ask', () => {
  const site = distribution.DefaultCacheBehavior;
  const cache = stack.at(site.CachePolicyId).Properties['CachePolicyConfig'] as {
    ParametersInCacheKeyAndForwardedToOrigin: { HeadersConfig: { Headers: string[] } };
  };
  const key = cache.ParametersInCacheKeyAndForwardedToOrigin;

  it('may be anything: all methods, routed by the one function and named by the other', () => {
    expect(site.AllowedMethods).toEqual(['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE']);
    expect(site.CachedMethods).toEqual(['GET', 'HEAD']);
    expect(site.TargetOriginId).toBe('primary');
    expect(functionsOf(site)).toEqual([
      ['viewer-request', 'pilotlight-clinic-route-request'],
      ['viewer-response', 'pilotlight-clinic-answer-response'],
    ]);
  });

  it('is compressed, and over HTTP sent to HTTPS', () => {
    expect(site).toMatchObject({ Compress: true, ViewerProtocolPolicy: 'redirect-to-https' });
    expect(key).toMatchObject({ EnableAcceptEncodingBrotli: true, EnableAcceptEncodingGzip: true });
  });

  it('is kept apart by the header that the function sets', async () => {
    const location = locationServing({ ...siteRoute, origin: 'standby' });
    const { headers } = await passedOn(location, viewerRequest());
    expect(Object.keys(headers)).toEqual(['x-pilotlight-route']);
    expect(key.HeadersConfig.Headers).toContain('x-pilotlight-route');
  });

  it('is kept apart by whatever else tells users apart, and never by Host, which would go to the origin', () => {
    expect(key).toMatchObject({
      CookiesConfig: { CookieBehavior: 'all' },
      QueryStringsConfig: { QueryStringBehavior: 'all' },
    });
    const names = key.HeadersConfig.Headers;
    expect(names).toEqual(expect.arrayContaining(['authorization', 'origin', 'accept', 'accept-language']));
    expect(names).not.toContain('host');
    expect(names.length).toBeLessThanOrEqual(10);
  });

  it('is kept only where the origin says so, and for so long', () => {
    expect(cache).toMatchObject({ MinTTL: 0, DefaultTTL: 0, MaxTTL: 31_536_000 });
  });

  it('reaches the origin whole, under the name of the origin', () => {
    expect(site.OriginRequestPolicyId).toBe(ALL_VIEWER_EXCEPT_HOST_HEADER);
  });

  it('is answered with security headers that leave the last word to the application, and with no identity', () => {
    const headers = headersOf(site);
    expect(headers['SecurityHeadersConfig']).toEqual({
      ContentTypeOptions: { Override: true },
      FrameOptions: { FrameOption: 'SAMEORIGIN', Override: false },
      ReferrerPolicy: { ReferrerPolicy: 'strict-origin-when-cross-origin', Override: false },
      StrictTransportSecurity: {
        AccessControlMaxAgeSec: 31_536_000,
        IncludeSubdomains: false,
        Override: false,
      },
    });
    expect(headers['CustomHeadersConfig']).toBeUndefined();
  });
});

describe('an error', () => {
  const errors = distribution.CustomErrorResponses;

  it('is forgotten at once, so that nobody is served it after the switch', () => {
    expect(errors.map(({ ErrorCode, ErrorCachingMinTTL }) => [ErrorCode, ErrorCachingMinTTL])).toEqual([
      [502, 0],
      [504, 0],
      [404, 0],
      [500, 0],
      [501, 0],
      [503, 0],
    ]);
  });

  it('shows the maintenance page when nobody answered, and keeps its code: a 503 would pass for the shield', () => {
    const replaced = errors.filter(({ ResponsePagePath }) => ResponsePagePath !== undefined);
    expect(replaced).toEqual([
      { ErrorCode: 502, ResponseCode: 502, ResponsePagePath: '/maintenance.html', ErrorCachingMinTTL: 0 },
      { ErrorCode: 504, ResponseCode: 504, ResponsePagePath: '/maintenance.html', ErrorCachingMinTTL: 0 },
    ]);
  });

  it("of an application, and the shield's own 503, are passed on as they are", () => {
    for (const code of [404, 500, 501, 503]) {
      expect(errors.filter(({ ErrorCode }) => ErrorCode === code)).toEqual([
        { ErrorCode: code, ErrorCachingMinTTL: 0 },
      ]);
    }
  });

  it('has its page from the maintenance origin, without a function, an identity or anything of the viewer', () => {
    const page = behaviorOf('/maintenance.html');
    expect(page).toMatchObject({ TargetOriginId: 'maintenance', CachePolicyId: CACHING_DISABLED });
    expect(page.OriginRequestPolicyId).toBeUndefined();
    expect(functionsOf(page)).toEqual([]);
    expect(headersOf(page)['CustomHeadersConfig']).toBeUndefined();
  });

  it('has the page that the shield shows', async () => {
    const location = locationServing({ ...siteRoute, origin: 'maintenance' });
    expect((await passedOn(location, viewerRequest())).uri).toBe('/maintenance.html');
  });
});

describe('the connection of viewers', () => {
  it('is TLS 1.2 or newer, HTTP/2 or HTTP/3, over IPv4 or IPv6, under the name of the site', () => {
    expect(distribution).toMatchObject({
      Aliases: ['clinic.example.com'],
      HttpVersion: 'http2and3',
      IPV6Enabled: true,
      ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021', SslSupportMethod: 'sni-only' },
    });
  });

  it.each(['PriceClass_100', 'PriceClass_200', 'PriceClass_All'])(
    'is near whom %s pays for',
    (priceClass) => {
      expect(new Synthesized({ stack: { priceClass } }).distribution['PriceClass']).toBe(priceClass);
    },
  );
});

describe('the functions in the template', () => {
  const functions = Object.values(stack.resources).filter(({ Type }) => Type === 'AWS::CloudFront::Function');
  const directory = path.dirname(ROUTE_REQUEST_FILE);

  it.each(['route-request', 'answer-response', 'probe-origin'])('hold the very file edge/%s.js', (name) => {
    const [found] = functions.filter(({ Properties }) => Properties['Name'] === `pilotlight-clinic-${name}`);
    expect(found?.Properties['FunctionCode']).toBe(readFileSync(path.join(directory, `${name}.js`), 'utf8'));
    expect(found?.Properties['FunctionConfig']).toMatchObject({ Runtime: 'cloudfront-js-2.0' });
  });

  it('are three, of which only the router has a store', () => {
    const stores = functions.map(({ Properties }) => {
      const config = Properties['FunctionConfig'] as { KeyValueStoreAssociations?: unknown[] };
      return [Properties['Name'], config.KeyValueStoreAssociations];
    });
    expect(stores).toEqual([
      ['pilotlight-clinic-route-request', [{ KeyValueStoreARN: { 'Fn::GetAtt': ['RouteStore', 'Arn'] } }]],
      ['pilotlight-clinic-answer-response', undefined],
      ['pilotlight-clinic-probe-origin', undefined],
    ]);
  });

  it('turn the address of a probe behaviour into the one that its origin knows', async () => {
    const file = path.join(directory, 'probe-origin.js');
    const probe = compileEdgeFunction(readFileSync(file, 'utf8'), file)(neverAsked);
    const uri = behaviorOf('/__pilotlight/standby/*').PathPattern?.replace('*', 'owners') ?? '';
    const result = await probe(viewerRequest({ uri }));
    expect(!isEdgeResponse(result) && result.uri).toBe('/owners');
  });
});

const refuse = (): never => {
  throw new Error('a probe asks for nothing');
};
const neverAsked = { kvs: refuse, selectRequestOriginById: refuse };
