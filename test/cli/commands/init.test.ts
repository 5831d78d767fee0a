import { parse } from 'yaml';
import { parseConfig } from '../../../core/config/parse.ts';
import { ARN_ID } from '../../clouds/aws/discovery/account-services.ts';
import { ACCOUNT, denied, shopAccount, STORE, throttled } from '../../clouds/aws/discovery/account.ts';
import { FILE, initWith, nothing, SITE } from '../init/shop.ts';
import { useNight } from '../world.ts';

/*
 * Goal: whatever an account answers, a person types and a flag says, what is written is a configuration that `config check`
 * accepts, and nothing is written where it is not. Method: the command line over an account simulated at the wire.
 */

useNight();

describe('pilotlight init with credentials', () => {
  it('writes what it finds, and asks nothing with --yes', async () => {
    const { exit, stderr, questions, config, shop, stdout } = await initWith(
      {},
      ...SITE,
      ...['--primary-region', 'ap-northeast-2', '--yes'],
    );
    expect({ exit, stderr, questions }).toEqual({ exit: 0, stderr: '', questions: [] });
    expect(config?.controller).toMatchObject({
      account: '222233334444',
      region: 'ap-northeast-1',
      probeRegions: ['ap-southeast-1', 'us-west-2', 'eu-central-1'],
    });
    expect(shop).toMatchObject({
      displayName: 'Shop',
      url: 'https://shop.acme.org',
      primary: {
        region: 'ap-northeast-2',
        domainName: 'origin.shop.acme.org',
        loadBalancer: `app/shop/${ARN_ID}`,
        targetGroup: `targetgroup/web/${ARN_ID}`,
      },
      standby: { domainName: 'shop-standby.koreacentral.cloudapp.azure.com', tier: 'cold' },
      maintenance: { domainName: 'shopweb.z12.web.core.windows.net', contains: 'We will be back shortly' },
      edge: { strategy: 'key-value', distributionId: 'E1SHOPSHOPSHOP', keyValueStoreArn: STORE },
      health: { path: '/healthz' },
    });
    expect(stdout).toMatchSnapshot();
  });

  it('writes a file that says why, and where the rest is found', async () => {
    const { text, world } = await initWith({}, ...SITE, '--primary-region', 'ap-northeast-2', '--yes');
    expect(text).toMatchSnapshot();
    const checked = await world.run('config', 'check', FILE, '--json');
    expect(checked.json()).toMatchObject({ valid: true, problems: [], workloads: ['shop'] });
  });

  it('lists the alarms that are there in the file, and makes none of them a line of its own making', async () => {
    const alarms = {
      'ap-northeast-2': [
        { name: 'odd\nversion: 2', metric: 'RequestCount', loadBalancer: `app/shop/${ARN_ID}` },
        ...Array.from({ length: 31 }, (_, index) => ({
          name: `shop-${index}`,
          metric: 'RequestCount',
          loadBalancer: `app/shop/${ARN_ID}`,
        })),
      ],
    };
    const { text, exit } = await initWith(
      { account: { alarms } },
      ...SITE,
      '--primary-region',
      'ap-northeast-2',
      '--yes',
    );
    expect(exit).toBe(0);
    const listed = (name: string): string =>
      `      #   - { region: ap-northeast-2, name: ${name} } # RequestCount\n`;
    expect(text).toContain(`      # alarms:\n${listed(String.raw`"odd\nversion: 2"`)}${listed('"shop-0"')}`);
    expect(text).toContain(`${listed('"shop-18"')}      #   and 12 more\n`);
  });

  it('lists them so that they are right where somebody uncomments them', async () => {
    const loadBalancer = `app/shop/${ARN_ID}`;
    const names = ['shop: down #1', 'say "no"', 'odd\nversion: 2'];
    const alarms = {
      'ap-northeast-2': names.map((name) => ({ name, metric: 'RequestCount', loadBalancer })),
    };
    const argv = [...SITE, '--primary-region', 'ap-northeast-2', '--yes'];
    const { text } = await initWith({ account: { alarms } }, ...argv);
    const uncommented = text.replaceAll(/^( {6})# (alarms:| {2}- \{)/gm, '$1$2');
    const { shop } = parseConfig(parse(uncommented)).workloads;
    expect(shop?.detection.alarms.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    expect(parseConfig(parse(text)).workloads['shop']?.detection.alarms).toEqual([]);
  });

  it('knows Region and load balancer by the name that AWS gave the origin, and asks for one of your own', async () => {
    const distributions = [
      {
        id: 'E1SHOPSHOPSHOP',
        aliases: ['shop.acme.org'],
        origins: { alb: 'dualstack.shop-3.ap-northeast-2.elb.amazonaws.com' },
        target: 'alb',
      },
    ];
    const { exit, shop, stderr } = await initWith({ account: { distributions } }, ...SITE, '--yes');
    expect(exit).toBe(0);
    expect(shop.primary).toEqual({
      region: 'ap-northeast-2',
      domainName: 'alb.example.com',
      loadBalancer: `app/shop/${ARN_ID}`,
      targetGroup: `targetgroup/web/${ARN_ID}`,
    });
    expect(stderr.split('\n')).toEqual([
      'The origin "alb" of E1SHOPSHOPSHOP has to be called "primary": the edge function knows no other id.',
      'E1SHOPSHOPSHOP has no origin yet that is the standby, or the maintenance: docs/bring-your-own-distribution.md says how to add it.',
      'Found, and not taken: --primary-domain: got "dualstack.shop-3.ap-northeast-2.elb.amazonaws.com", expected a name ' +
        'of yours that leads to it: no certificate covers the name that AWS gives a load balancer',
      '',
    ]);
  });

  it('takes the strategy of the distribution where another function has the viewer request', async () => {
    const distributions = [
      {
        ...shopAccount().distributions[2]!,
        origins: { 'alb: seoul': 'origin.shop.acme.org' },
        target: 'alb: seoul',
        viewerRequest: `arn:aws:cloudfront::${ACCOUNT}:function/redirects`,
      },
    ];
    const { shop, stderr } = await initWith(
      { account: { distributions } },
      ...SITE,
      ...['--primary-region', 'ap-northeast-2', '--yes'],
    );
    expect(shop.edge).toEqual({
      strategy: 'distribution',
      distributionId: 'E1SHOPSHOPSHOP',
      originIds: { primary: 'alb: seoul', standby: 'standby', maintenance: 'maintenance' },
    });
    expect(shop.limits.convergeSeconds).toBe(600);
    expect(stderr).toContain('has a function at the viewer request already that reads no store');
  });

  it('finds the site by its distribution', async () => {
    const argv = ['--distribution', 'E1SHOPSHOPSHOP', '--primary-region', 'ap-northeast-2', '--yes'];
    const { exit, shop, calls } = await initWith({}, ...argv);
    expect(exit).toBe(0);
    expect(shop.url).toBe('https://shop.acme.org');
    expect(calls.slice(0, 2)).toEqual(['GetCallerIdentity us-east-1', 'GetDistribution global']);
  });

  it('leaves out of the file what another account says against a flag, and says so', async () => {
    const argv = [...SITE, '--account', '555566667777', '--primary-region', 'ap-northeast-2', '--yes'];
    const { exit, config, shop, stderr } = await initWith({}, ...argv);
    expect([exit, config?.controller.account]).toEqual([0, '555566667777']);
    expect(shop.edge.keyValueStoreArn).toMatch(/^arn:aws:cloudfront::555566667777:/);
    expect(stderr).toContain(`The credentials are of account ${ACCOUNT}: what is found is of that one`);
    expect(stderr).toContain('Found, and not taken: --key-value-store: got');
  });
});

describe('pilotlight init where several things are found', () => {
  it('takes none of them with --yes, and names them', async () => {
    const second = { name: 'shop-b', dnsName: 'b.elb', groups: { one: '/1', two: '/2' } };
    const balancers = { 'ap-northeast-2': [...shopAccount().balancers['ap-northeast-2']!, second] };
    const argv = [...SITE, '--primary-region', 'ap-northeast-2', '--yes'];
    const { exit, shop, stderr } = await initWith({ account: { balancers } }, ...argv);
    expect([exit, shop.primary.loadBalancer]).toEqual([0, 'app/example/0123456789abcdef']);
    expect(stderr).toBe(
      `Found, and not known which it is: app/shop/${ARN_ID}, app/shop-b/${ARN_ID}. Say so with --load-balancer.\n`,
    );
    const chosen = await initWith(
      { account: { balancers } },
      ...argv,
      '--load-balancer',
      `app/shop-b/${ARN_ID}`,
    );
    expect(chosen.shop.primary.targetGroup).toBe('targetgroup/example/0123456789abcdef');
    expect(chosen.stderr).toBe(
      `Found, and not known which it is: targetgroup/one/${ARN_ID}, targetgroup/two/${ARN_ID}. Say so with --target-group.\n`,
    );
  });
});

describe('pilotlight init where something cannot be looked up', () => {
  it('says once that there are no credentials, and asks AWS nothing more', async () => {
    const { exit, calls, stderr } = await initWith(
      nothing,
      ...SITE,
      '--primary-region',
      'eu-west-1',
      '--yes',
    );
    expect(exit).toBe(0);
    expect(calls).toEqual(['GetCallerIdentity us-east-1']);
    expect(stderr.split('\n')).toEqual([
      'Could not look up the account: STS GetCallerIdentity: AccessDenied (HTTP 403): not authorized',
      'Nothing else is looked up without credentials that AWS takes.',
      '',
    ]);
  });

  it.each([
    ['ListDistributions', denied, 'the distribution: CloudFront ListDistributions: AccessDenied (HTTP 403)'],
    [
      'DescribeFunction',
      denied,
      'the store of the function shop-route: CloudFront DescribeFunction: AccessDenied',
    ],
    [
      'DescribeLoadBalancers',
      throttled,
      'the load balancers of ap-northeast-2: ELBv2 DescribeLoadBalancers: Throttling',
    ],
    [
      'DescribeTargetGroups',
      denied,
      `the target groups of app/shop/${ARN_ID}: ELBv2 DescribeTargetGroups: AccessDenied`,
    ],
    [
      'DescribeListeners',
      denied,
      `the listeners of app/shop/${ARN_ID}: ELBv2 DescribeListeners: AccessDenied`,
    ],
    [
      'DescribeAlarms',
      denied,
      'the alarms of ap-northeast-2: CloudWatch DescribeAlarms: AccessDeniedException',
    ],
    [
      'DescribeAlarms',
      () => 'reset' as const,
      'the alarms of ap-northeast-2: CloudWatch DescribeAlarms: TimeoutError',
    ],
  ])('says in one line that %s was refused, and writes a valid file', async (operation, fault, words) => {
    jest.useRealTimers();
    const argv = [...SITE, '--primary-region', 'ap-northeast-2', '--yes'];
    const { exit, stderr, shop } = await initWith({ fault: { [operation]: fault } }, ...argv);
    expect(exit).toBe(0);
    expect(stderr).toContain(`Could not look up ${words}`);
    expect(stderr.match(/Could not/g)).toHaveLength(1);
    expect(shop.edge.strategy).toBe('key-value');
  });

  it('says that no distribution serves the site', async () => {
    const argv = ['--url', 'https://shop.acme.net', '--primary-region', 'ap-northeast-2', '--yes'];
    const { exit, stderr, shop } = await initWith({}, ...argv);
    expect([exit, shop.edge.distributionId]).toEqual([0, 'E2EXAMPLE1SITE']);
    expect(stderr).toContain('No distribution of this account serves shop.acme.net.');
  });

  it('writes nothing where nobody can say the Region', async () => {
    const { exit, stderr, text } = await initWith(nothing, ...SITE, '--yes');
    expect([exit, text]).toEqual([2, '']);
    expect(stderr).toContain('--primary-region: got nothing, expected REGION: Region of the primary;');
  });
});
