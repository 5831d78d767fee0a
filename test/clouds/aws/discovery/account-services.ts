import { xmlError } from '../../../../drill/clouds/aws/aws-wire.ts';
import { UnexpectedCall, type WireRequest, type WireResponse } from '../../../../drill/clouds/wire/wire.ts';

/*
 * An account of AWS with a site in it, simulated at the wire: CloudFront, Elastic Load Balancing, CloudWatch and STS as far
 * as they are asked what is there. Lists come in pages of two, so that whoever reads only the first page misses things.
 */

export interface SimulatedDistribution {
  readonly id: string;
  readonly aliases: readonly string[];
  /** Domain names by their ids. */
  readonly origins: Readonly<Record<string, string>>;
  readonly target: string;
  /** ARN of what has the place of the viewer request. */
  readonly viewerRequest?: string;
}

export interface SimulatedBalancer {
  readonly name: string;
  readonly dnsName: string;
  readonly type?: 'application' | 'network';
  readonly internal?: boolean;
  /** Paths of the health checks by the names of the groups; null where one asks for no path. */
  readonly groups?: Readonly<Record<string, string | null>>;
  /** Target groups with their weights, by `PROTOCOL:PORT`. */
  readonly listeners?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface SimulatedAlarm {
  readonly name: string;
  readonly metric: string;
  readonly loadBalancer?: string;
  /** It watches an expression over the metric. */
  readonly expression?: boolean;
}

export interface SimulatedAccount {
  readonly id: string;
  readonly distributions: readonly SimulatedDistribution[];
  /** ARNs of the stores, by the names of the functions; null for one that reads none. */
  readonly functions: Readonly<Record<string, string | null>>;
  /** By Region. */
  readonly balancers: Readonly<Record<string, readonly SimulatedBalancer[]>>;
  readonly alarms: Readonly<Record<string, readonly SimulatedAlarm[]>>;
}

const PAGE = 2;
export const ARN_ID = '8f3a1b2c4d5e6f70';

const xml = (body: string): WireResponse => ({
  status: 200,
  headers: { 'content-type': 'text/xml' },
  body: `<?xml version="1.0"?>${body}`,
});
const items = (inside: readonly string[]): string =>
  `<Quantity>${inside.length}</Quantity>${inside.length === 0 ? '' : `<Items>${inside.join('')}</Items>`}`;
const members = (inside: readonly string[]): string =>
  inside.map((one) => `<member>${one}</member>`).join('');

/** A page of a list: its part, and the marker of the next. */
function pageOf<T>(
  all: readonly T[],
  marker: string | null | undefined,
): { page: readonly T[]; next: string | null } {
  const start = Number(marker ?? 0);
  const end = start + PAGE;
  return { page: all.slice(start, end), next: end < all.length ? String(end) : null };
}

// --- CloudFront -----------------------------------------------------------------------------------------------------

const CLOUDFRONT = 'http://cloudfront.amazonaws.com/doc/2020-05-31/';

function configOf({ aliases, origins, target, viewerRequest }: SimulatedDistribution): string {
  const lambda = viewerRequest?.startsWith('arn:aws:lambda:') === true;
  const association = (tag: string, arnTag: string): string =>
    `<${tag}><${arnTag}>${viewerRequest ?? ''}</${arnTag}><EventType>viewer-request</EventType></${tag}>`;
  const functions =
    viewerRequest === undefined || lambda ? [] : [association('FunctionAssociation', 'FunctionARN')];
  const lambdas = lambda ? [association('LambdaFunctionAssociation', 'LambdaFunctionARN')] : [];
  const list = Object.entries(origins).map(
    ([id, name]) => `<Origin><Id>${id}</Id><DomainName>${name}</DomainName></Origin>`,
  );
  return (
    `<Aliases>${items(aliases.map((alias) => `<CNAME>${alias}</CNAME>`))}</Aliases><Origins>${items(list)}</Origins>` +
    `<DefaultCacheBehavior><TargetOriginId>${target}</TargetOriginId>` +
    `<FunctionAssociations>${items(functions)}</FunctionAssociations>` +
    `<LambdaFunctionAssociations>${items(lambdas)}</LambdaFunctionAssociations></DefaultCacheBehavior>`
  );
}

export function answerCloudFront(account: SimulatedAccount, request: WireRequest): WireResponse {
  const [, what, id, verb] =
    /^\/2020-05-31\/(distribution|function)(?:\/([^/]+))?(?:\/(describe))?$/.exec(request.path) ?? [];
  const absent = (code: string): WireResponse =>
    xmlError({ status: 404, code, message: `no ${id ?? ''}` }, { namespace: CLOUDFRONT, requestId: 'r-1' });
  if (request.method !== 'GET') throw new UnexpectedCall(`${request.method} ${request.path}`);
  if (what === 'distribution' && id === undefined) {
    const { page, next } = pageOf(account.distributions, request.query['Marker']);
    const summaries = page.map(
      (one) => `<DistributionSummary><Id>${one.id}</Id>${configOf(one)}</DistributionSummary>`,
    );
    const more = next === null ? '' : `<NextMarker>${next}</NextMarker>`;
    return xml(
      `<DistributionList xmlns="${CLOUDFRONT}"><Marker></Marker>${more}<MaxItems>${PAGE}</MaxItems>` +
        `<IsTruncated>${next !== null}</IsTruncated>${items(summaries)}</DistributionList>`,
    );
  }
  if (what === 'distribution') {
    const found = account.distributions.find((one) => one.id === id);
    if (found === undefined) return absent('NoSuchDistribution');
    return xml(
      `<Distribution xmlns="${CLOUDFRONT}"><Id>${found.id}</Id>` +
        `<DistributionConfig>${configOf(found)}</DistributionConfig></Distribution>`,
    );
  }
  if (what !== 'function' || verb !== 'describe' || request.query['Stage'] !== 'LIVE')
    throw new UnexpectedCall(`${request.method} ${request.path}`);
  const store = account.functions[id ?? ''];
  if (store === undefined) return absent('NoSuchFunctionExists');
  const associations =
    store === null
      ? []
      : [
          `<KeyValueStoreAssociation><KeyValueStoreARN>${store}</KeyValueStoreARN></KeyValueStoreAssociation>`,
        ];
  return xml(
    `<FunctionSummary xmlns="${CLOUDFRONT}"><Name>${id ?? ''}</Name><FunctionConfig>` +
      `<KeyValueStoreAssociations>${items(associations)}</KeyValueStoreAssociations></FunctionConfig></FunctionSummary>`,
  );
}

// --- Elastic Load Balancing -----------------------------------------------------------------------------------------

export const ELB = 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/';

const balancerArn = (region: string, account: string, { name, type }: SimulatedBalancer): string =>
  `arn:aws:elasticloadbalancing:${region}:${account}:loadbalancer/${type === 'network' ? 'net' : 'app'}/${name}/${ARN_ID}`;
const groupArn = (region: string, account: string, name: string): string =>
  `arn:aws:elasticloadbalancing:${region}:${account}:targetgroup/${name}/${ARN_ID}`;

export function answerElb(account: SimulatedAccount, request: WireRequest): WireResponse {
  const region = request.host.split('.')[1] ?? '';
  const form = new URLSearchParams(request.body);
  const action = form.get('Action') ?? '';
  const balancers = account.balancers[region] ?? [];
  const asked = form.get('LoadBalancerArn');
  const balancer = balancers.find((one) => balancerArn(region, account.id, one) === asked);
  const answer = (tag: string, all: readonly string[]): WireResponse => {
    const { page, next } = pageOf(all, form.get('Marker'));
    const more = next === null ? '' : `<NextMarker>${next}</NextMarker>`;
    return xml(
      `<${action}Response xmlns="${ELB}"><${action}Result><${tag}>${members(page)}</${tag}>${more}</${action}Result>` +
        `<ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></${action}Response>`,
    );
  };
  const group = (name: string): string =>
    `<TargetGroupArn>${groupArn(region, account.id, name)}</TargetGroupArn>`;
  switch (action) {
    case 'DescribeLoadBalancers':
      return answer(
        'LoadBalancers',
        balancers.map(
          (one) =>
            `<LoadBalancerArn>${balancerArn(region, account.id, one)}</LoadBalancerArn><DNSName>${one.dnsName}</DNSName>` +
            `<Scheme>${one.internal === true ? 'internal' : 'internet-facing'}</Scheme><Type>${one.type ?? 'application'}</Type>`,
        ),
      );
    case 'DescribeListeners':
      return answer(
        'Listeners',
        Object.entries(balancer?.listeners ?? {}).map(([listener, groups]) => {
          const [protocol = '', port = ''] = listener.split(':');
          const weighted = Object.entries(groups).map(
            ([name, weight]) => `${group(name)}<Weight>${weight}</Weight>`,
          );
          const forward = `<ForwardConfig><TargetGroups>${members(weighted)}</TargetGroups></ForwardConfig>`;
          const fixed = '<Type>fixed-response</Type>';
          const does = weighted.length === 0 ? fixed : `<Type>forward</Type>${forward}`;
          return `<Port>${port}</Port><Protocol>${protocol}</Protocol><DefaultActions>${members([does])}</DefaultActions>`;
        }),
      );
    case 'DescribeTargetGroups':
      return answer(
        'TargetGroups',
        Object.entries(balancer?.groups ?? {}).map(
          ([name, path]) => group(name) + (path === null ? '' : `<HealthCheckPath>${path}</HealthCheckPath>`),
        ),
      );
    default:
      throw new UnexpectedCall(`the simulated load balancing does not know ${action}`);
  }
}

// --- CloudWatch -----------------------------------------------------------------------------------------------------

export function answerCloudWatch(account: SimulatedAccount, request: WireRequest): WireResponse {
  if (request.headers['x-amz-target'] !== 'GraniteServiceVersion20100801.DescribeAlarms')
    throw new UnexpectedCall(
      `the simulated CloudWatch does not know ${request.headers['x-amz-target'] ?? ''}`,
    );
  const alarms = account.alarms[request.host.split('.')[1] ?? ''] ?? [];
  const { NextToken } = JSON.parse(request.body) as { NextToken?: string };
  const { page, next } = pageOf(alarms, NextToken);
  const MetricAlarms = page.map(({ name, metric, loadBalancer, expression }) => {
    const Dimensions = loadBalancer === undefined ? [] : [{ Name: 'LoadBalancer', Value: loadBalancer }];
    if (expression !== true) return { AlarmName: name, MetricName: metric, Dimensions };
    const MetricStat = { Metric: { MetricName: metric, Dimensions }, Period: 60, Stat: 'Sum' };
    return {
      AlarmName: name,
      Metrics: [
        { Id: 'e', Expression: 'm * 2' },
        { Id: 'm', MetricStat },
      ],
    };
  });
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify({ MetricAlarms, ...(next === null ? {} : { NextToken: next }) }),
  };
}
