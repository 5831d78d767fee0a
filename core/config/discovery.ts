import type { Caller } from '../ledger/operations.ts';

/* What an account of AWS tells about a site that is already there: the facts from which a first configuration is made. */

export interface OriginView {
  readonly id: string;
  /** In lower case. */
  readonly domainName: string;
}

/** What takes the place of the viewer request in the default cache behaviour of a distribution. */
export type ViewerRequest =
  | { readonly kind: 'function'; /** Name of the CloudFront Function. */ readonly name: string }
  | { readonly kind: 'lambda' };

export interface DistributionView {
  readonly id: string;
  /** Names of the site, in lower case; one may begin with `*.`. */
  readonly aliases: readonly string[];
  readonly origins: readonly OriginView[];
  /** Id of the origin, or of the origin group, that the default cache behaviour targets. */
  readonly defaultTarget: string;
  readonly viewerRequest: ViewerRequest | null;
}

/** An Application Load Balancer. */
export interface LoadBalancerView {
  readonly arn: string;
  /** The end of the ARN, `app/NAME/ID`: CloudWatch's dimension. */
  readonly dimension: string;
  /** AWS's own name of it, in lower case. */
  readonly dnsName: string;
  readonly internal: boolean;
}

export interface TargetGroupView {
  readonly arn: string;
  /** The end of the ARN, `targetgroup/NAME/ID`: CloudWatch's dimension. */
  readonly dimension: string;
  /** null where the health check asks for no path. */
  readonly healthPath: string | null;
}

export interface ListenerView {
  readonly port: number;
  readonly secure: boolean;
  /** ARNs of the target groups of its default action, the one with the greatest weight first. */
  readonly forwardsTo: readonly string[];
}

export interface ExistingAlarm {
  readonly name: string;
  /** null where it watches an expression. */
  readonly metric: string | null;
}

/**
 * Looks things up in an account. Every call may be refused (CloudRefused), get no answer (CloudUnavailable) or an
 * unreadable one (CloudAnswerUnreadable).
 */
export interface Discovery {
  /** Whom the credentials stand for. */
  caller(): Promise<Caller>;
  /** The distribution that serves a host name, by its aliases; one that names it before one that has it under `*.`. */
  distributionOf(host: string): Promise<DistributionView | null>;
  distribution(id: string): Promise<DistributionView>;
  /** ARN of the KeyValueStore that a published CloudFront Function reads. */
  storeOf(functionName: string): Promise<string | null>;
  /** The Application Load Balancers of a Region. */
  loadBalancers(region: string): Promise<readonly LoadBalancerView[]>;
  listeners(region: string, loadBalancerArn: string): Promise<readonly ListenerView[]>;
  targetGroups(region: string, loadBalancerArn: string): Promise<readonly TargetGroupView[]>;
  /** The metric alarms of a Region that watch a load balancer, by its dimension. */
  alarmsOn(region: string, loadBalancer: string): Promise<readonly ExistingAlarm[]>;
}
