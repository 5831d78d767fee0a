import { makeDiscovery } from '../../../clouds/aws/discovery/discovery.ts';
import { ARN_ID } from '../../clouds/aws/discovery/account-services.ts';
import { accountNetwork, ACCOUNT, shopAccount, STORE } from '../../clouds/aws/discovery/account.ts';
import { FILE, initWith, nothing, SITE } from '../init/shop.ts';
import { makeWorld, useNight } from '../world.ts';

/*
 * Goal: whatever an account answers, a person types and a flag says, what is written is a configuration that `config check`
 * accepts, and nothing is written where it is not. Method: the command line over an account simulated at the wire.
 */

useNight();

describe('pilotlight init at a terminal', () => {
  it('asks for what nothing else says, with what is most likely as the default', async () => {
    const typed = [
      'shop.acme.org',
      '',
      'ap-northeast-2',
      '',
      '/orders',
      'Your orders',
      'a@acme.org, b@acme.org',
    ];
    const { exit, questions, config, shop } = await initWith({ typed });
    expect(exit).toBe(0);
    expect(questions).toEqual([
      'The site as its users see it, for instance https://shop.example.com: ',
      'A short id of it, which never changes [shop]: ',
      'Region of the primary, or none where it is not in AWS: ',
      `The load balancer, app/NAME/ID, or none where the primary is no ALB, or its number [app/shop/${ARN_ID}]: `,
      'The path of a page that needs the database [/]: ',
      'Text that only a good answer of that page has [later]: ',
      'Who is told how a run ended: e-mail addresses, by commas [later]: ',
      'The standby: external (an HTTPS origin that is there already), or in Azure: cold (built on the day), parked (built and stopped) or warm (runs small) [cold]: ',
    ]);
    expect(config?.controller.onCall).toEqual(['a@acme.org', 'b@acme.org']);
    expect(shop.health.deep).toEqual({ path: '/orders', contains: 'Your orders' });
  });

  it('asks again after an answer that the configuration does not take, and says what it expected', async () => {
    const typed = ['http://shop.acme.org', 'shop.acme.org', 'Shop', 'shop', 'seoul', 'ap-northeast-2'];
    const { exit, stderr, shop } = await initWith({ typed });
    expect(exit).toBe(0);
    expect(shop.primary.region).toBe('ap-northeast-2');
    expect(stderr.split('\n')).toEqual([
      '- --url: got "http://shop.acme.org", expected an https URL of nothing but the name, without port, path or query; did you mean "https://shop.acme.org"?',
      '- --workload: got "Shop", expected 2 to 12 of a-z and 0-9, first a letter',
      '- --primary-region: got "seoul", expected an AWS Region such as ap-northeast-2; did you mean "ap-northeast-2"?',
      '',
    ]);
  });

  it('offers the load balancers and target groups by number where there are several', async () => {
    const second = { name: 'shop-b', dnsName: 'b.elb', groups: { one: '/1', two: '/2' }, listeners: {} };
    const balancers = { 'ap-northeast-2': [...shopAccount().balancers['ap-northeast-2']!, second] };
    const typed = ['shop.acme.org', '', 'ap-northeast-2', '2', '2'];
    const { exit, stdout, shop } = await initWith({ account: { balancers }, typed });
    expect(exit).toBe(0);
    expect(stdout).toContain(
      `  1  app/shop/${ARN_ID}  shop-3.ap-northeast-2.elb.amazonaws.com\n  2  app/shop-b/${ARN_ID}  b.elb\n`,
    );
    expect(shop.primary).toMatchObject({
      loadBalancer: `app/shop-b/${ARN_ID}`,
      targetGroup: `targetgroup/two/${ARN_ID}`,
    });
    expect(shop.health.path).toBe('/2');
  });

  it('gives up after five answers that do not fit, and writes nothing', async () => {
    const typed = ['shop.acme.org', '1', '2', '3', '4', '5', 'shop'];
    const { exit, stderr, text } = await initWith({ typed });
    expect([exit, text]).toEqual([2, '']);
    expect(stderr).toContain('--workload: got no answer that fits, expected short id of the workload');
  });
});

describe('pilotlight init and its flags', () => {
  const all = {
    ...{
      url: 'https://orders.acme.org',
      workload: 'shop',
      'display-name': 'Orders: all # of them',
      account: ACCOUNT,
    },
    ...{ region: 'eu-west-1', 'probe-regions': 'us-west-2, ap-southeast-2', 'on-call': 'ops@acme.org' },
    ...{ distribution: 'E1SHOPSHOPSHOP', strategy: 'key-value', 'key-value-store': STORE },
    ...{ 'primary-region': 'ap-northeast-2', 'primary-domain': 'lb.acme.org' },
    ...{ 'load-balancer': `app/shop/${ARN_ID}`, 'target-group': `targetgroup/admin/${ARN_ID}` },
    ...{ 'health-path': '/up', 'deep-path': '/orders?page=1', 'deep-text': 'Orders\'s "list"', tier: 'warm' },
    ...{ 'standby-domain': 'gw.acme.org', 'tenant-id': '6f0d5a52-1111-4222-8333-444455556666' },
    ...{ 'subscription-id': '6f0d5a53-1111-4222-8333-444455556666' },
    ...{ 'client-id': '6f0d5a54-1111-4222-8333-444455556666', 'mysql-server': 'mysql-shop-x7' },
    ...{ organization: 'acme', project: 'Site reliability', 'pipeline-id': '77' },
    ...{ 'maintenance-domain': 'acme.z12.web.core.windows.net', 'maintenance-text': 'Back soon' },
  };
  const flags = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);

  it('needs neither a terminal nor an answer where all are given, and leaves nothing to fill in', async () => {
    const { exit, config, shop, json } = await initWith({}, ...flags, '--json');
    expect(exit).toBe(0);
    expect(config?.controller).toMatchObject({
      region: 'eu-west-1',
      probeRegions: ['us-west-2', 'ap-southeast-2'],
    });
    expect(shop).toMatchObject({
      displayName: 'Orders: all # of them',
      primary: { domainName: 'lb.acme.org', targetGroup: `targetgroup/admin/${ARN_ID}` },
      standby: {
        tier: 'warm',
        pipeline: { organization: 'acme', project: 'Site reliability', pipelineId: 77 },
      },
      health: { path: '/up', deep: { path: '/orders?page=1', contains: 'Orders\'s "list"' } },
    });
    expect(json()).toMatchObject({ file: FILE, workload: 'shop', left: [], notes: [] });
    const { warnings } = json() as { warnings: string[] };
    expect(warnings.filter((warning) => warning.includes('an example in'))).toEqual([]);
  });

  it('are all named that are missing without a terminal, before any cloud is asked', async () => {
    const { exit, stderr, calls, text } = await initWith({}, ...SITE, '--workload', 'shop');
    expect([exit, calls, text]).toEqual([2, [], '']);
    expect(stderr.match(/--[a-z-]+(?=: got nothing)/g)).toEqual([
      ...[
        '--account',
        '--on-call',
        '--distribution',
        '--primary-region',
        '--primary-domain',
        '--load-balancer',
      ],
      ...['--target-group', '--health-path', '--deep-path', '--deep-text'],
    ]);
    expect(stderr).toContain('there is no terminal to ask on: give --yes to take every default, or these');
  });

  it('are refused all at once where they are wrong, each with what was expected', async () => {
    const wrong = [
      '--url',
      'shop',
      '--workload',
      'My shop',
      '--account',
      '12',
      '--pipeline-id',
      'x',
      '--tier',
      'hot',
    ];
    const { exit, stderr, text, calls } = await initWith(
      {},
      ...wrong,
      '--primary-region',
      'eu-west-9',
      '--yes',
    );
    expect([exit, text, calls]).toEqual([2, '', []]);
    expect(stderr.split('\n').map((line) => line.split(':')[0])).toEqual([
      ...['- --workload', '- --account', '- --url', '- --primary-region', '- --pipeline-id', '- --tier'],
      ...['See pilotlight init --help', ''],
    ]);
  });

  it('have no default for the site and its Region, not even with --yes', async () => {
    const { exit, stderr, calls } = await initWith({}, '--yes');
    expect([exit, calls]).toEqual([2, []]);
    expect(stderr.match(/--[a-z-]+(?=: got nothing)/g)).toEqual(['--url', '--primary-region']);
  });

  it('never leave the controller in the Region of the primary', async () => {
    const argv = [...SITE, '--region', 'eu-west-1', '--primary-region', 'eu-west-1', '--yes'];
    const { exit, stderr } = await initWith(nothing, ...argv);
    expect(exit).toBe(2);
    expect(stderr).toContain(
      '--primary-region: got "eu-west-1", expected another Region than controller.region',
    );
  });

  it('take a store as the word for the account', async () => {
    const argv = [...SITE, '--primary-region', 'eu-west-1', '--key-value-store', STORE, '--yes'];
    expect((await initWith(nothing, ...argv)).config?.controller.account).toBe(ACCOUNT);
  });
});

describe('pilotlight init and a file that is there', () => {
  const argv = [...SITE, '--primary-region', 'eu-west-1', '--yes'];

  it('writes nothing over it, and asks no cloud first', async () => {
    const world = makeWorld({ fault: () => 'refused' });
    const ended = await world.run('init', ...argv);
    expect(ended.exit).toBe(1);
    expect(ended.stderr).toContain('pilotlight.config.yaml is there already; nothing was written.');
    expect(world.files.size).toBe(0);
  });

  it('replaces it with --force', async () => {
    const { access } = accountNetwork(shopAccount());
    const world = makeWorld({ discovery: makeDiscovery(access) });
    expect((await world.run('init', ...argv, '--force')).exit).toBe(0);
    expect(world.files.get('pilotlight.config.yaml')).toContain('url: https://shop.acme.org');
  });

  it('says where a file cannot be written', async () => {
    const { access } = accountNetwork(shopAccount());
    const world = makeWorld({ discovery: makeDiscovery(access) });
    const ended = await world.run('init', ...argv, '--config', 'nowhere/a.yaml', '--json');
    expect(ended.exit).toBe(1);
    expect(ended.json()).toMatchObject({
      error: { message: expect.stringContaining('"nowhere/a.yaml" could not be written: ENOENT') },
    });
  });
});
