import { Validations } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachedMethods,
  Distribution,
  FunctionEventType,
  HttpVersion,
  PriceClass,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
  type BehaviorOptions,
  type IDistribution,
  type IOrigin,
} from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';
import { originIds, type OriginId } from '../../../core/route/route.ts';
import { PROBE_PATH } from '../../../core/watch/targets.ts';
import { AnswerHeaders } from './answer-headers.ts';
import type { EdgeFunctions } from './edge-functions.ts';
import { errorResponses, MAINTENANCE_PAGE } from './error-responses.ts';
import { pinLogicalId } from './names.ts';
import { originsOf } from './origins.ts';
import { EdgePolicies } from './policies.ts';
import type { Site } from './site.ts';

const priceClasses = {
  PriceClass_100: PriceClass.PRICE_CLASS_100,
  PriceClass_200: PriceClass.PRICE_CLASS_200,
  PriceClass_All: PriceClass.PRICE_CLASS_ALL,
} as const satisfies Record<Site['settings']['priceClass'], PriceClass>;

export interface SiteDistributionProps {
  readonly site: Site;
  readonly functions: EdgeFunctions;
  readonly certificate: ICertificate;
  /** @default no firewall */
  readonly webAclArn?: string;
}

/** What the behaviours are made from. */
interface Parts {
  readonly origins: Readonly<Record<OriginId, IOrigin>>;
  readonly policies: EdgePolicies;
  readonly headers: AnswerHeaders;
  readonly functions: EdgeFunctions;
}

/** One site at the edge: three origins, of which the route chooses one for each request. */
export class SiteDistribution extends Construct {
  readonly distribution: IDistribution;

  constructor(scope: Construct, id: string, props: SiteDistributionProps) {
    super(scope, id);
    const { site, functions, certificate, webAclArn } = props;
    const parts: Parts = {
      origins: originsOf(site),
      policies: new EdgePolicies(this, 'Policies', site),
      headers: new AnswerHeaders(this, 'Headers', site),
      functions,
    };
    const distribution = new Distribution(this, 'Distribution', {
      comment: `${site.workloadId}, routed by Pilotlight`,
      domainNames: [site.host],
      certificate,
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: HttpVersion.HTTP2_AND_3,
      enableIpv6: true,
      priceClass: priceClasses[site.settings.priceClass],
      defaultBehavior: siteBehavior(parts),
      // The CDK writes only origins that a behaviour uses: the probe behaviours keep all three in the distribution.
      additionalBehaviors: {
        ...Object.fromEntries(
          originIds.map((origin) => [`${PROBE_PATH}/${origin}/*`, probeBehavior(parts, origin)]),
        ),
        [MAINTENANCE_PAGE]: maintenanceBehavior(parts),
      },
      errorResponses,
      ...(webAclArn === undefined ? {} : { webAclId: webAclArn }),
    });
    pinLogicalId(distribution, 'Distribution');
    acknowledge(distribution, webAclArn !== undefined);
    this.distribution = distribution;
  }
}

/** Everything that users ask. Its own origin is the primary: where a request goes that the function leaves alone. */
const siteBehavior = ({ origins, policies, headers, functions }: Parts): BehaviorOptions => ({
  origin: origins.primary,
  viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
  allowedMethods: AllowedMethods.ALLOW_ALL,
  cachedMethods: CachedMethods.CACHE_GET_HEAD,
  compress: true,
  cachePolicy: policies.siteCache,
  originRequestPolicy: policies.siteRequest,
  responseHeadersPolicy: headers.site,
  functionAssociations: [
    { function: functions.routeRequest, eventType: FunctionEventType.VIEWER_REQUEST },
    { function: functions.answerResponse, eventType: FunctionEventType.VIEWER_RESPONSE },
  ],
});

/** Reaches one origin whatever the route says. Reading only: a write here would go around the shield. */
const probeBehavior = (
  { origins, policies, headers, functions }: Parts,
  origin: OriginId,
): BehaviorOptions => ({
  origin: origins[origin],
  viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
  allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
  cachePolicy: policies.probeCache,
  originRequestPolicy: policies.probeRequest,
  responseHeadersPolicy: headers.probes[origin],
  functionAssociations: [{ function: functions.probeOrigin, eventType: FunctionEventType.VIEWER_REQUEST }],
});

/**
 * Where CloudFront itself fetches the page for an error. It names no origin: with the maintenance origin's name on it, an
 * error would pass for the shield. And no request policy: nothing of the viewer's goes to whoever keeps the page.
 */
const maintenanceBehavior = ({ origins, policies, headers }: Parts): BehaviorOptions => ({
  origin: origins.maintenance,
  viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
  allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
  cachePolicy: policies.probeCache,
  responseHeadersPolicy: headers.site,
});

function acknowledge(distribution: Distribution, hasWebAcl: boolean): void {
  Validations.of(distribution).acknowledge(
    { id: 'AwsSolutions-CFR1', reason: 'Who may see the site is for its owner to say: it is for everybody.' },
    {
      id: 'AwsSolutions-CFR3',
      reason:
        'Access logs are delivered by the second version of standard logging, which is no property of the distribution.',
    },
  );
  if (hasWebAcl) return;
  Validations.of(distribution).acknowledge({
    id: 'AwsSolutions-CFR2',
    reason:
      'The firewall is an option of the configuration (edge.stack.webAcl), and this site does without it.',
  });
}
