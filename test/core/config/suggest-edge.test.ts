import type {
  DistributionView,
  ListenerView,
  LoadBalancerView,
  TargetGroupView,
} from '../../../core/config/discovery.ts';
import {
  balancerBehind,
  mainTargetGroup,
  onlyBalancer,
  originsOf,
  regionOfBalancerName,
  strategyFor,
} from '../../../core/config/suggest-edge.ts';

const viewOf = (origins: Readonly<Record<string, string>>, defaultTarget = 'x'): DistributionView => ({
  id: 'E1',
  aliases: [],
  origins: Object.entries(origins).map(([id, domainName]) => ({ id, domainName })),
  defaultTarget,
  viewerRequest: null,
});
const ALB = 'shop-1.eu-west-1.elb.amazonaws.com';

describe("AWS's own name of a load balancer", () => {
  it.each([
    [ALB, 'eu-west-1'],
    ['dualstack.shop-1.ap-southeast-2.elb.amazonaws.com', 'ap-southeast-2'],
    ['internal-shop-1.us-east-1.elb.amazonaws.com', 'us-east-1'],
    // Network load balancers are named the other way round.
    ['shop-1.elb.eu-west-1.amazonaws.com', null],
    ['shop-1.eu-west-1.elb.amazonaws.com.acme.org', null],
    ['alb.acme.org', null],
  ])('says of %s that it is in %s', (name, region) => {
    expect(regionOfBalancerName(name)).toBe(region);
  });
});

describe('the three origins', () => {
  const idsOf = (view: DistributionView): (string | null)[] => {
    const { primary, standby, maintenance } = originsOf(view);
    return [primary?.id ?? null, standby?.id ?? null, maintenance?.id ?? null];
  };

  it.each<[string, DistributionView, (string | null)[]]>([
    [
      'by their ids',
      viewOf({ maintenance: 'm.acme.org', primary: 'p.acme.org', standby: 's.acme.org' }),
      ['primary', 'standby', 'maintenance'],
    ],
    [
      'by whose names they have',
      viewOf({ a: 'x.z12.web.core.windows.net', b: 'x.koreacentral.cloudapp.azure.com', c: ALB }),
      ['c', 'b', 'a'],
    ],
    [
      'by what the site is served from',
      viewOf({ a: 'assets.acme.org', b: 'origin.acme.org' }, 'b'),
      ['b', null, null],
    ],
    ['and the id before the name', viewOf({ a: ALB, primary: 'p.acme.org' }), ['primary', null, null]],
    ['and none of them twice', viewOf({ standby: ALB }, 'standby'), [null, 'standby', null]],
    [
      'and none where the site is served from a group',
      viewOf({ a: 'a.acme.org' }, 'group'),
      [null, null, null],
    ],
  ])('are known %s', (_how, view, ids) => {
    expect(idsOf(view)).toEqual(ids);
  });
});

describe('the strategy', () => {
  const withRequest = (viewerRequest: DistributionView['viewerRequest']) => ({
    ...viewOf({}),
    viewerRequest,
  });

  it('is the store where the viewer request is free, or taken by a function that reads one', () => {
    expect(strategyFor(withRequest(null), null)).toBe('key-value');
    expect(strategyFor(withRequest({ kind: 'function', name: 'route' }), 'arn:aws:cloudfront::1:x')).toBe(
      'key-value',
    );
  });

  it('is the distribution where something else has the viewer request', () => {
    expect(strategyFor(withRequest({ kind: 'function', name: 'redirects' }), null)).toBe('distribution');
    expect(strategyFor(withRequest({ kind: 'lambda' }), null)).toBe('distribution');
  });
});

describe('the load balancer', () => {
  const balancer = (name: string, internal = false): LoadBalancerView => ({
    arn: `arn:${name}`,
    dimension: `app/${name}/1`,
    dnsName: `${name}.eu-west-1.elb.amazonaws.com`,
    internal,
  });
  const two = [balancer('shop-1'), balancer('shop-12')];

  it('is the one whose name the origin has, with or without dualstack', () => {
    expect(balancerBehind(ALB, two)).toBe(two[0]);
    expect(balancerBehind('dualstack.shop-12.eu-west-1.elb.amazonaws.com', two)).toBe(two[1]);
    expect(balancerBehind('alb.acme.org', two)).toBeNull();
  });

  it('is the only one that faces the internet, and nobody knows which where there are two', () => {
    expect(onlyBalancer([balancer('inside', true), two[0]!])).toBe(two[0]);
    expect(onlyBalancer(two)).toBeNull();
    expect(onlyBalancer([balancer('inside', true)])).toBeNull();
  });
});

describe('the target group', () => {
  const group = (arn: string): TargetGroupView => ({ arn, dimension: arn, healthPath: '/' });
  const listener = (port: number, secure: boolean, ...forwardsTo: string[]): ListenerView => ({
    port,
    secure,
    forwardsTo,
  });
  const groups = [group('admin'), group('web')];

  it.each<[string, readonly ListenerView[], string | null]>([
    ['that https forwards to', [listener(80, false, 'admin'), listener(443, true, 'web')], 'web'],
    ['of the lower port', [listener(8443, true, 'admin'), listener(443, true, 'web')], 'web'],
    ['with the greatest weight', [listener(443, true, 'web', 'admin')], 'web'],
    ['of http where https forwards nothing', [listener(443, true), listener(80, false, 'admin')], 'admin'],
    ['that nobody knows, where only rules forward', [listener(443, true)], null],
    [
      'that nobody knows, where the listener names one that is not there',
      [listener(443, true, 'gone')],
      null,
    ],
  ])('is the one %s', (_what, listeners, arn) => {
    expect(mainTargetGroup(groups, listeners)?.arn ?? null).toBe(arn);
  });

  it('is the only one that there is, whatever the listeners say', () => {
    expect(mainTargetGroup([group('web')], [])?.arn).toBe('web');
    expect(mainTargetGroup([], [])).toBeNull();
  });
});
