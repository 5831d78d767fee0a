import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Config } from '../../core/config/schema.ts';
import { AccessLogs } from '../constructs/edge/access-logs.ts';
import { EdgeFunctions } from '../constructs/edge/edge-functions.ts';
import { RouteStore } from '../constructs/edge/route-store.ts';
import { SiteDistribution } from '../constructs/edge/site-distribution.ts';
import { SiteDomain } from '../constructs/edge/site-domain.ts';
import { EDGE_REGION, type Site } from '../constructs/edge/site.ts';
import { WebAcl } from '../constructs/edge/web-acl.ts';

export interface EdgeStackProps extends Omit<StackProps, 'env'> {
  readonly controller: Config['controller'];
  readonly site: Site;
}

/** One site at the edge: its distribution, and the store of its route. Its Region is not a choice, see EDGE_REGION. */
export class EdgeStack extends Stack {
  constructor(scope: Construct, id: string, props: EdgeStackProps) {
    const { controller, site, ...rest } = props;
    super(scope, id, {
      ...rest,
      // The account of the controller: only roles of a store's own account can write to it.
      env: { account: controller.account, region: EDGE_REGION },
      description: `Pilotlight: the edge of ${site.workloadId}. Its store keeps the route, whatever is deployed.`,
      // Without this stack there is no site.
      terminationProtection: true,
    });
    const { store } = new RouteStore(this, 'Route', site);
    const functions = new EdgeFunctions(this, 'Functions', { site, store });
    const domain = new SiteDomain(this, 'Domain', site);
    const firewall = site.settings.webAcl ? { webAclArn: new WebAcl(this, 'Firewall', site).arn } : {};
    const { distribution } = new SiteDistribution(this, 'Site', {
      site,
      functions,
      certificate: domain.certificate,
      ...firewall,
    });
    domain.pointTo(distribution);
    new AccessLogs(this, 'Logs', { site, distribution, retentionDays: controller.logRetentionDays });

    const into = `for workloads.${site.workloadId}.edge in pilotlight.config.yaml`;
    new CfnOutput(this, 'DistributionId', {
      value: distribution.distributionId,
      description: `distributionId ${into}`,
    });
    new CfnOutput(this, 'KeyValueStoreArn', {
      value: store.keyValueStoreArn,
      description: `keyValueStoreArn ${into}`,
    });
    new CfnOutput(this, 'DistributionDomainName', {
      value: distribution.distributionDomainName,
      description: 'CloudFront name of the site, for a look at it past the DNS',
    });
  }
}
