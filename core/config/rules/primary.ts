import type { Rule } from './subject.ts';
import { regionOfAwsName } from './standby.ts';

/* What a primary may be: a load balancer of AWS, whose metrics are watched, or anything else that speaks HTTPS. */

/** The alarms of a load balancer need all three of its names. */
export const checkLoadBalancer: Rule = ({ workload: { primary }, report }) => {
  if (primary === undefined) return;
  const { loadBalancer, targetGroup, region } = primary;
  const half = (missing: string, given: string): void => {
    report(
      `primary.${missing}`,
      `got nothing, expected a value beside primary.${given}: the alarms of an ALB watch both. ` +
        'Take both out where the primary is no ALB',
    );
  };
  if (loadBalancer !== undefined && targetGroup === undefined) half('targetGroup', 'loadBalancer');
  if (targetGroup !== undefined && loadBalancer === undefined) half('loadBalancer', 'targetGroup');
  if (region === undefined && (loadBalancer ?? targetGroup) !== undefined) {
    report(
      'primary.region',
      'got nothing, expected the Region of primary.loadBalancer: its alarms live there',
    );
  }
};

/** A primary whose name says in which Region of AWS it is must be known to be there: the controller keeps out of it. */
export const checkPrimaryRegion: Rule = ({ workload: { primary }, report }) => {
  if (primary === undefined) return;
  const named = regionOfAwsName(primary.domainName);
  if (named === null || named === primary.region) return;
  const got = primary.region === undefined ? 'nothing' : `"${primary.region}"`;
  report('primary.region', `got ${got}, expected "${named}": primary.domainName is a name of that Region`);
};

/** Source: Amazon S3 User Guide, "Website endpoints": both forms of their names, and that they do not support HTTPS. */
const S3_WEBSITE = /\.s3-website[.-](?<region>[a-z0-9-]+)\.amazonaws\.com$/;

/** Probes and CloudFront speak HTTPS to every origin. */
export const checkWebsiteEndpoints: Rule = ({ workload, report }) => {
  for (const origin of ['primary', 'standby'] as const) {
    const name = workload[origin]?.domainName ?? '';
    const region = S3_WEBSITE.exec(name)?.groups?.['region'];
    if (region === undefined) continue;
    const bucket = name.replace(S3_WEBSITE, '');
    report(
      `${origin}.domainName`,
      `got "${name}", expected a name that speaks HTTPS: the website endpoints of S3 do not. ` +
        `Take "${bucket}.s3.${region}.amazonaws.com", or a name of yours in front of it`,
    );
  }
};
