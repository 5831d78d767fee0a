import { Duration } from 'aws-cdk-lib';
import {
  CacheCookieBehavior,
  CacheHeaderBehavior,
  CachePolicy,
  CacheQueryStringBehavior,
  OriginRequestCookieBehavior,
  OriginRequestHeaderBehavior,
  OriginRequestPolicy,
  OriginRequestQueryStringBehavior,
  type ICachePolicy,
  type IOriginRequestPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';
import { edgeName } from './names.ts';
import type { Site } from './site.ts';

/**
 * What besides the address makes an answer another one. The route comes first: nothing that one origin said may be served
 * for another. The others are what applications answer by: CloudFront keeps one answer a key, whatever `Vary` says, and
 * hands it to everybody who asks at the same moment, even where it may not be stored. At most ten are allowed.
 */
const KEY_HEADERS = [
  'x-pilotlight-route',
  'authorization',
  'origin',
  'accept',
  'accept-language',
  // A GET that means a DELETE must not find, or become, the answer to a GET.
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
];

/** What tells two requests apart, and what of a request goes on to an origin. */
export class EdgePolicies extends Construct {
  readonly siteCache: ICachePolicy;
  /**
   * Everything that the viewer sent, except `Host`. An origin is then asked by its own name, which is the one that its
   * certificate covers; a static website in Blob Storage answers to no other. And all three origins share this policy,
   * because it belongs to the behaviour, which the function cannot change.
   */
  readonly siteRequest: IOriginRequestPolicy = OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER;
  readonly probeCache: ICachePolicy = CachePolicy.CACHING_DISABLED;
  readonly probeRequest: IOriginRequestPolicy;

  constructor(scope: Construct, id: string, { workloadId }: Site) {
    super(scope, id);
    this.siteCache = new CachePolicy(this, 'SiteCache', {
      cachePolicyName: edgeName(workloadId, 'site'),
      comment: `${workloadId}: by route, and for as long as the origin says`,
      // What the origin does not explicitly allow to be kept is not kept.
      minTtl: Duration.seconds(0),
      defaultTtl: Duration.seconds(0),
      maxTtl: Duration.days(365),
      headerBehavior: CacheHeaderBehavior.allowList(...KEY_HEADERS),
      // A page may depend on any of them; a key too narrow shows one user's page to another.
      cookieBehavior: CacheCookieBehavior.all(),
      queryStringBehavior: CacheQueryStringBehavior.all(),
      enableAcceptEncodingGzip: true,
      enableAcceptEncodingBrotli: true,
    });
    // Anybody can send a probe, so it is nobody: no cookie, no credential, no header that turns a GET into a write.
    this.probeRequest = new OriginRequestPolicy(this, 'ProbeRequest', {
      originRequestPolicyName: edgeName(workloadId, 'probe'),
      comment: `${workloadId}: probes, without anything that could act for a user`,
      headerBehavior: OriginRequestHeaderBehavior.allowList('user-agent'),
      cookieBehavior: OriginRequestCookieBehavior.none(),
      queryStringBehavior: OriginRequestQueryStringBehavior.all(),
    });
  }
}
