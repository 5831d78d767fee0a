import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { edgeName } from './names.ts';
import type { Site } from './site.ts';

/**
 * Requests that one address may send, and the time in seconds. 10 a second for five minutes is more than a person does,
 * and far more than our probes (one in two seconds from each place); offices behind one address still fit.
 */
const RATE = { limit: 3000, evaluationWindowSec: 300 };

type Rule = CfnWebACL.RuleProperty;

/** A firewall for one distribution: a rate limit, and AWS's rules for what no web application wants to see. */
export class WebAcl extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { workloadId }: Site) {
    super(scope, id);
    const acl = new CfnWebACL(this, 'Acl', {
      name: edgeName(workloadId),
      description: `Pilotlight edge of ${workloadId}`,
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: visibility(edgeName(workloadId)),
      rules: [
        rateLimit(0),
        managed(1, 'AWSManagedRulesCommonRuleSet', [
          // Refuses bodies of more than some KB: forms with a file would break. Origins have limits of their own.
          { name: 'SizeRestrictions_BODY', actionToUse: { count: {} } },
        ]),
        managed(2, 'AWSManagedRulesKnownBadInputsRuleSet'),
      ],
    });
    this.arn = acl.attrArn;
  }
}

/** Samples show which rule refused whom: the first question when a user is turned away. */
const visibility = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: true,
  metricName,
});

const rateLimit = (priority: number): Rule => ({
  name: 'rate-limit',
  priority,
  action: { block: {} },
  statement: { rateBasedStatement: { aggregateKeyType: 'IP', ...RATE } },
  visibilityConfig: visibility('rate-limit'),
});

const managed = (
  priority: number,
  name: string,
  ruleActionOverrides: CfnWebACL.RuleActionOverrideProperty[] = [],
): Rule => ({
  name,
  priority,
  overrideAction: { none: {} },
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name,
      ...(ruleActionOverrides.length === 0 ? {} : { ruleActionOverrides }),
    },
  },
  visibilityConfig: visibility(name),
});
