import { FILE, initWith, nothing, SITE } from '../init/shop.ts';
import { useNight } from '../world.ts';

/*
 * Goal: whoever has a second HTTPS origin and nothing else gets a file without a word that they would have to look up in
 * Azure, and whoever's primary is no ALB gets one without a load balancer. What is written is accepted; test/cli/init/drill.test.ts
 * has it drilled.
 */

useNight();

const EXTERNAL = [...SITE, '--primary-region', 'eu-west-1', '--tier', 'external', '--yes'];

describe('pilotlight init for an external standby', () => {
  it('writes a file that says nothing of Azure but that there is a choice', async () => {
    const { exit, text, shop, world, json } = await initWith(nothing, ...EXTERNAL, '--json');
    expect(exit).toBe(0);
    expect(shop.standby).toEqual({ domainName: 'standby.example.com', tier: 'external' });
    expect(shop.data).toEqual({ mode: 'none' });
    expect(text).not.toMatch(/terraform|pipeline|\bEntra\b|subscriptionId|warmNodeCount/i);
    const checked = await world.run('config', 'check', FILE, '--json');
    expect(checked.json()).toMatchObject({ valid: true, problems: [] });
    const { left } = json() as { left: { path: string; where: string }[] };
    expect(left.filter(({ path }) => /standby|maintenance/.test(path))).toEqual([
      {
        path: 'workloads.shop.standby.domainName',
        where: 'the name of your second origin, which speaks HTTPS and whose certificate covers it',
      },
      {
        path: 'workloads.shop.maintenance.domainName',
        where: 'the name of a static site of yours with a page /maintenance.html, not where the primary is',
      },
    ]);
  });

  it('asks a person for the two names that nobody else knows', async () => {
    const answers = ['nginx.elsewhere.net', 'page.elsewhere.net'];
    // Site, id, Region, load balancer, page, its text, who is told, and then which standby.
    const typed = [
      'shop.acme.org',
      '',
      'ap-northeast-2',
      '',
      '/',
      'Orders',
      'a@acme.org',
      'external',
      ...answers,
    ];
    const distributions = [
      {
        id: 'E1SHOPSHOPSHOP',
        aliases: ['shop.acme.org'],
        origins: { primary: 'lb.acme.org' },
        target: 'primary',
      },
    ];
    const { exit, questions, shop } = await initWith({ account: { distributions }, typed });
    expect(exit).toBe(0);
    expect(questions.slice(-2)).toEqual([
      'The name of that origin [later]: ',
      'The name of a static site with the maintenance page, not where the primary is [later]: ',
    ]);
    expect(shop.standby).toEqual({ domainName: 'nginx.elsewhere.net', tier: 'external' });
    expect(shop.maintenance.domainName).toBe('page.elsewhere.net');
  });

  it('refuses every flag about Azure beside it', async () => {
    const azure = ['--organization', 'acme', '--data-account', 'shopdata'];
    const { exit, stderr, text } = await initWith(nothing, ...EXTERNAL, ...azure);
    expect([exit, text]).toEqual([2, '']);
    const why =
      'expected nothing with --tier external: nothing of that standby is in Azure. Leave it out, or take --tier cold, parked or warm';
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      `- --organization: got "acme", ${why}`,
      `- --data-account: got "shopdata", ${why}`,
    ]);
  });
});

describe('pilotlight init for a primary that is no ALB', () => {
  it('leaves the load balancer out', async () => {
    const argv = [...SITE, '--primary-region', 'eu-west-1', '--load-balancer', 'none', '--yes'];
    const { exit, text, shop } = await initWith(nothing, ...argv);
    expect(exit).toBe(0);
    expect(shop.primary).toEqual({ region: 'eu-west-1', domainName: 'alb.example.com' });
    expect(text).not.toContain('loadBalancer');
  });

  it('leaves out the Region of one that is not in AWS, and the load balancer with it', async () => {
    const { exit, shop } = await initWith(nothing, ...SITE, '--primary-region', 'none', '--yes');
    expect(exit).toBe(0);
    expect(shop.primary).toEqual({ domainName: 'alb.example.com' });
  });

  it('refuses a load balancer of no Region', async () => {
    const argv = ['--primary-region', 'none', '--load-balancer', 'app/shop/8f3a1b2c4d5e6f70', '--yes'];
    const { exit, stderr } = await initWith(nothing, ...SITE, ...argv);
    expect(exit).toBe(2);
    expect(stderr).toContain(
      '--primary-region: got nothing, expected the Region of primary.loadBalancer: its alarms live there',
    );
  });

  it('knows an API Gateway by the name that AWS gave it', async () => {
    const distributions = [
      {
        id: 'E1SHOPSHOPSHOP',
        aliases: ['shop.acme.org'],
        origins: { primary: 'abc123.execute-api.eu-west-1.amazonaws.com' },
        target: 'primary',
      },
    ];
    const { exit, shop } = await initWith({ account: { distributions } }, ...SITE, '--yes');
    expect(exit).toBe(0);
    expect(shop.primary).toEqual({
      region: 'eu-west-1',
      domainName: 'abc123.execute-api.eu-west-1.amazonaws.com',
    });
  });
});
