import { makeDiscovery } from '../../../../clouds/aws/discovery/discovery.ts';
import { CloudAnswerUnreadable, CloudRefused, CloudUnavailable } from '../../../../core/errors.ts';
import { rejection } from '../../../drill/clouds/fixture.ts';
import { ARN_ID, type SimulatedAccount } from './account-services.ts';
import { accountNetwork, ACCOUNT, denied, shopAccount, STORE, throttled } from './account.ts';

/*
 * Goal: the adapters find in an account what is there, on whatever page it stands, and say in the controller's own errors
 * what was refused. Method: real SDK clients over services that are simulated at the wire.
 */

const SEOUL = 'ap-northeast-2';
const discoveryOf = (
  more: Partial<SimulatedAccount> = {},
  fault: Parameters<typeof accountNetwork>[1] = {},
) => {
  const { access, calls } = accountNetwork(shopAccount(more), fault);
  return { discovery: makeDiscovery(access), calls };
};
const SHOP_ARN = `arn:aws:elasticloadbalancing:${SEOUL}:${ACCOUNT}:loadbalancer/app/shop/${ARN_ID}`;

describe('the distribution of a site', () => {
  it('is found by its name, on the second page', async () => {
    const { discovery, calls } = discoveryOf();
    expect(await discovery.distributionOf('shop.acme.org')).toEqual({
      id: 'E1SHOPSHOPSHOP',
      aliases: ['shop.acme.org', 'www.shop.acme.org'],
      origins: [
        { id: 'primary', domainName: 'origin.shop.acme.org' },
        { id: 'standby', domainName: 'shop-standby.koreacentral.cloudapp.azure.com' },
        { id: 'maintenance', domainName: 'shopweb.z12.web.core.windows.net' },
      ],
      defaultTarget: 'primary',
      viewerRequest: { kind: 'function', name: 'shop-route' },
    });
    expect(calls).toEqual(['ListDistributions global', 'ListDistributions global']);
  });

  it('is not looked for any further once it is found', async () => {
    const [first, ...others] = [...shopAccount().distributions].reverse();
    const { discovery, calls } = discoveryOf({ distributions: [first!, ...others] });
    expect((await discovery.distributionOf('shop.acme.org'))?.id).toBe('E1SHOPSHOPSHOP');
    expect(calls).toEqual(['ListDistributions global']);
  });

  it.each([
    ['one that has it under *.', 'blog.acme.org', 'E1BBBBBBBBBBBB'],
    ['none where * would stand for two labels', 'a.blog.acme.org', null],
    ['none where nobody serves it', 'shop.example.net', null],
  ])('is %s', async (_what, host, id) => {
    expect((await discoveryOf().discovery.distributionOf(host))?.id ?? null).toBe(id);
  });

  it('is none in an account without distributions', async () => {
    expect(await discoveryOf({ distributions: [] }).discovery.distributionOf('shop.acme.org')).toBeNull();
  });

  it('is read by its id, without a list', async () => {
    const { discovery, calls } = discoveryOf();
    const view = await discovery.distribution('E1SHOPSHOPSHOP');
    expect(view).toEqual(await discoveryOf().discovery.distributionOf('shop.acme.org'));
    expect(calls).toEqual(['GetDistribution global']);
  });

  it('is refused where there is none of that id', async () => {
    const error = await rejection(discoveryOf().discovery.distribution('E1NOTTHERE'));
    expect(error).toBeInstanceOf(CloudRefused);
    expect(error.message).toContain('CloudFront GetDistribution failed: got NoSuchDistribution (HTTP 404)');
  });

  it('says where a function of Lambda has the place of the viewer request', async () => {
    const viewerRequest = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:auth:7`;
    const distributions = [{ ...shopAccount().distributions[2]!, viewerRequest }];
    const view = await discoveryOf({ distributions }).discovery.distribution('E1SHOPSHOPSHOP');
    expect(view.viewerRequest).toEqual({ kind: 'lambda' });
  });
});

describe('the store of an edge function', () => {
  it('is the one that the published function reads, or none', async () => {
    const { discovery } = discoveryOf();
    expect(await discovery.storeOf('shop-route')).toBe(STORE);
    expect(await discovery.storeOf('redirects')).toBeNull();
  });

  it('is refused for a function that is not published', async () => {
    const error = await rejection(discoveryOf().discovery.storeOf('draft'));
    expect(error.message).toContain('CloudFront DescribeFunction failed: got NoSuchFunctionExists');
  });
});

describe('the load balancers of a Region', () => {
  it('are those for applications, on all pages', async () => {
    const { discovery, calls } = discoveryOf();
    expect(await discovery.loadBalancers(SEOUL)).toEqual([
      {
        arn: `arn:aws:elasticloadbalancing:${SEOUL}:${ACCOUNT}:loadbalancer/app/shop-internal/${ARN_ID}`,
        dimension: `app/shop-internal/${ARN_ID}`,
        dnsName: 'internal-shop-1.ap-northeast-2.elb.amazonaws.com',
        internal: true,
      },
      {
        arn: SHOP_ARN,
        dimension: `app/shop/${ARN_ID}`,
        dnsName: 'shop-3.ap-northeast-2.elb.amazonaws.com',
        internal: false,
      },
    ]);
    expect(calls).toEqual([`DescribeLoadBalancers ${SEOUL}`, `DescribeLoadBalancers ${SEOUL}`]);
  });

  it('are asked for in the Region that is named', async () => {
    const { discovery, calls } = discoveryOf();
    expect(await discovery.loadBalancers('eu-west-1')).toEqual([]);
    expect(calls).toEqual(['DescribeLoadBalancers eu-west-1']);
  });

  it('have target groups and listeners, on all pages, the group with the greatest weight first', async () => {
    const { discovery } = discoveryOf();
    const arn = (name: string): string =>
      `arn:aws:elasticloadbalancing:${SEOUL}:${ACCOUNT}:targetgroup/${name}/${ARN_ID}`;
    expect(await discovery.targetGroups(SEOUL, SHOP_ARN)).toEqual([
      { arn: arn('admin'), dimension: `targetgroup/admin/${ARN_ID}`, healthPath: '/admin/up' },
      { arn: arn('canary'), dimension: `targetgroup/canary/${ARN_ID}`, healthPath: '/up' },
      { arn: arn('web'), dimension: `targetgroup/web/${ARN_ID}`, healthPath: '/healthz' },
    ]);
    expect(await discovery.listeners(SEOUL, SHOP_ARN)).toEqual([
      { port: 80, secure: false, forwardsTo: [] },
      { port: 8443, secure: true, forwardsTo: [arn('admin')] },
      { port: 443, secure: true, forwardsTo: [arn('web'), arn('canary')] },
    ]);
  });

  it('may have a group whose health check asks for no path', async () => {
    const balancers = { [SEOUL]: [{ name: 'shop', dnsName: 'shop', groups: { tcp: null } }] };
    const [group] = await discoveryOf({ balancers }).discovery.targetGroups(SEOUL, SHOP_ARN);
    expect(group?.healthPath).toBeNull();
  });
});

describe('the alarms of a Region', () => {
  it('are those on the load balancer, also by an expression, on all pages', async () => {
    expect(await discoveryOf().discovery.alarmsOn(SEOUL, `app/shop/${ARN_ID}`)).toEqual([
      { name: 'shop-5xx', metric: 'HTTPCode_ELB_5XX_Count' },
      { name: 'shop-share', metric: null },
    ]);
  });

  it('are none of another load balancer', async () => {
    expect(await discoveryOf().discovery.alarmsOn(SEOUL, `app/shop2/${ARN_ID}`)).toEqual([]);
  });
});

describe('an account that does not answer', () => {
  const act = {
    ListDistributions: (d: ReturnType<typeof makeDiscovery>) => d.distributionOf('shop.acme.org'),
    GetDistribution: (d: ReturnType<typeof makeDiscovery>) => d.distribution('E1SHOPSHOPSHOP'),
    DescribeFunction: (d: ReturnType<typeof makeDiscovery>) => d.storeOf('shop-route'),
    DescribeLoadBalancers: (d: ReturnType<typeof makeDiscovery>) => d.loadBalancers(SEOUL),
    DescribeListeners: (d: ReturnType<typeof makeDiscovery>) => d.listeners(SEOUL, SHOP_ARN),
    DescribeTargetGroups: (d: ReturnType<typeof makeDiscovery>) => d.targetGroups(SEOUL, SHOP_ARN),
    DescribeAlarms: (d: ReturnType<typeof makeDiscovery>) => d.alarmsOn(SEOUL, 'app/shop/1'),
  } as const;

  it.each(Object.entries(act))('is refused to whoever may not call %s', async (operation, call) => {
    const error = await rejection(call(discoveryOf({}, { [operation]: denied }).discovery));
    expect(error).toBeInstanceOf(CloudRefused);
    expect(error.message).toMatch(new RegExp(`${operation} failed: got AccessDenied`));
  });

  it('is unavailable while it throttles, after three attempts', async () => {
    const { discovery, calls } = discoveryOf({}, { DescribeLoadBalancers: throttled });
    expect(await rejection(discovery.loadBalancers(SEOUL))).toBeInstanceOf(CloudUnavailable);
    expect(calls).toHaveLength(3);
  });

  it('is found all the same where one attempt is throttled', async () => {
    let attempts = 0;
    const once = () => ((attempts += 1) === 1 ? throttled() : null);
    const { discovery } = discoveryOf({}, { ListDistributions: once });
    expect((await discovery.distributionOf('shop.acme.org'))?.id).toBe('E1SHOPSHOPSHOP');
  });

  it('is unavailable where the connection breaks', async () => {
    const { discovery } = discoveryOf({}, { DescribeAlarms: () => 'reset' });
    expect(await rejection(discovery.alarmsOn(SEOUL, 'app/shop/1'))).toBeInstanceOf(CloudUnavailable);
  });

  it('is unreadable where its pages do not end', async () => {
    const forever = () => ({
      status: 200,
      headers: { 'content-type': 'application/x-amz-json-1.0' },
      body: JSON.stringify({ MetricAlarms: [], NextToken: 'again' }),
    });
    const { discovery, calls } = discoveryOf({}, { DescribeAlarms: forever });
    const error = await rejection(discovery.alarmsOn(SEOUL, 'app/shop/1'));
    expect(error).toBeInstanceOf(CloudAnswerUnreadable);
    expect(error.message).toContain('more than 200 pages');
    expect(calls).toHaveLength(200);
  });

  it('is unreadable where an answer is not what AWS documents', async () => {
    const odd = () => ({
      status: 200,
      headers: { 'content-type': 'application/x-amz-json-1.0' },
      body: JSON.stringify({ MetricAlarms: [{ MetricName: 'x' }] }),
    });
    const error = await rejection(discoveryOf({}, { DescribeAlarms: odd }).discovery.alarmsOn(SEOUL, 'a'));
    expect(error).toBeInstanceOf(CloudAnswerUnreadable);
    expect(error.message).toContain('MetricAlarms.0.AlarmName: got nothing');
  });
});
