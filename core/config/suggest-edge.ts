import { originIds, type OriginId } from '../route/route.ts';
import type {
  DistributionView,
  ListenerView,
  LoadBalancerView,
  OriginView,
  TargetGroupView,
} from './discovery.ts';

/* Which of the things that are there are those that a configuration asks for. */

/** `NAME-ID.REGION.elb.amazonaws.com`, with `dualstack.` before it where an alias record points to it. */
const ALB_NAME = /^(?:dualstack\.)?[a-z0-9-]+\.(?<region>[a-z]{2}(?:-[a-z]+)+-\d)\.elb\.amazonaws\.com$/;

/** The Region of AWS's own name of an Application Load Balancer; null for any other name. */
export const regionOfBalancerName = (domainName: string): string | null =>
  ALB_NAME.exec(domainName)?.groups?.['region'] ?? null;

/** The three origins of a distribution as far as it has them; each is known by its id, or by whose name it has. */
export type Origins = Readonly<Record<OriginId, OriginView | null>>;

/** Names that Azure gives a public address, and a static website of a storage account. */
const AZURE_ADDRESS = '.cloudapp.azure.com';
const AZURE_WEBSITE = '.web.core.windows.net';

export function originsOf({ origins, defaultTarget }: DistributionView): Origins {
  const named = (id: OriginId): OriginView | null => origins.find((origin) => origin.id === id) ?? null;
  const byId = originIds.map(named);
  const others = origins.filter((origin) => !byId.includes(origin));
  const first = (is: (origin: OriginView) => boolean): OriginView | null => others.find(is) ?? null;
  const standby = named('standby') ?? first(({ domainName }) => domainName.endsWith(AZURE_ADDRESS));
  const maintenance = named('maintenance') ?? first(({ domainName }) => domainName.endsWith(AZURE_WEBSITE));
  const primary =
    named('primary') ??
    first(({ domainName }) => regionOfBalancerName(domainName) !== null) ??
    first((origin) => origin.id === defaultTarget && origin !== standby && origin !== maintenance);
  return { primary, standby, maintenance };
}

/**
 * How the distribution is best moved. A behaviour has one place for the viewer request: where something has it that
 * reads no store, the distribution itself has to be updated.
 */
export const strategyFor = (view: DistributionView, store: string | null): 'key-value' | 'distribution' =>
  view.viewerRequest === null || store !== null ? 'key-value' : 'distribution';

/** The load balancer that an origin's name leads to, by AWS's own name; null where the name is somebody's own. */
export const balancerBehind = (
  domainName: string,
  balancers: readonly LoadBalancerView[],
): LoadBalancerView | null =>
  balancers.find(({ dnsName }) => dnsName === domainName.replace(/^dualstack\./, '')) ?? null;

/** The load balancer that is meant where only one can be: CloudFront reaches those that face the internet. */
export function onlyBalancer(balancers: readonly LoadBalancerView[]): LoadBalancerView | null {
  const [first, ...others] = balancers.filter(({ internal }) => !internal);
  return first === undefined || others.length > 0 ? null : first;
}

/** The group that the default action of a listener forwards to, https before http; else the only one that there is. */
export function mainTargetGroup(
  groups: readonly TargetGroupView[],
  listeners: readonly ListenerView[],
): TargetGroupView | null {
  const byTrust = [...listeners].sort(
    (left, right) => Number(right.secure) - Number(left.secure) || left.port - right.port,
  );
  const arn = byTrust.flatMap(({ forwardsTo }) => forwardsTo.slice(0, 1))[0];
  const [only, ...others] = groups;
  return groups.find((group) => group.arn === arn) ?? (others.length === 0 ? (only ?? null) : null);
}
