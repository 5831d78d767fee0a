import { Duration } from 'aws-cdk-lib';
import {
  HeadersFrameOption,
  HeadersReferrerPolicy,
  ResponseHeadersPolicy,
  type IResponseHeadersPolicy,
  type ResponseSecurityHeadersBehavior,
} from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';
import { ORIGIN_HEADER } from '../../../core/watch/probe.ts';
import { originIds, type OriginId } from '../../../core/route/route.ts';
import { edgeName } from './names.ts';
import type { Site } from './site.ts';

/**
 * A floor for every answer, the maintenance page's too. An application that says something else means it, so only
 * `nosniff`, which has one value, is written over what it says. Subdomains are not ours to bind to HTTPS.
 */
const SECURITY: ResponseSecurityHeadersBehavior = {
  strictTransportSecurity: {
    accessControlMaxAge: Duration.days(365),
    includeSubdomains: false,
    override: false,
  },
  contentTypeOptions: { override: true },
  frameOptions: { frameOption: HeadersFrameOption.SAMEORIGIN, override: false },
  referrerPolicy: {
    referrerPolicy: HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN,
    override: false,
  },
};

/** Headers that CloudFront adds to answers. */
export class AnswerHeaders extends Construct {
  readonly site: IResponseHeadersPolicy;
  readonly probes: Readonly<Record<OriginId, IResponseHeadersPolicy>>;

  constructor(scope: Construct, id: string, { workloadId }: Site) {
    super(scope, id);
    // No identity header here: on the site it is the word of the origin, or of answer-response.js, and nobody's guess.
    this.site = new ResponseHeadersPolicy(this, 'Site', {
      responseHeadersPolicyName: edgeName(workloadId, 'site'),
      comment: `${workloadId}: security headers`,
      securityHeadersBehavior: SECURITY,
    });
    const probes = originIds.map((origin) => [origin, this.makeProbe(workloadId, origin)] as const);
    this.probes = Object.fromEntries(probes) as Record<OriginId, IResponseHeadersPolicy>;
  }

  /** A probe behaviour has one origin, so who answers is known for certain and written over whatever the origin says. */
  private makeProbe(workloadId: string, origin: OriginId): IResponseHeadersPolicy {
    return new ResponseHeadersPolicy(this, `Probe-${origin}`, {
      responseHeadersPolicyName: edgeName(workloadId, `probe-${origin}`),
      comment: `Answers to probes of the ${origin}: named, and never kept`,
      securityHeadersBehavior: SECURITY,
      customHeadersBehavior: {
        customHeaders: [
          { header: ORIGIN_HEADER, value: origin, override: true },
          { header: 'cache-control', value: 'no-store', override: true },
        ],
      },
    });
  }
}
