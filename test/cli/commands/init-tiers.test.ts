import { FILE, initWith, nothing, SITE } from '../init/shop.ts';
import { useNight } from '../world.ts';

/*
 * Goal: whoever wants a parked standby, or has no Azure DevOps, gets a file in which everything that those need has its place,
 * and nothing that they do not. test/cli/init/drill.test.ts has them drilled.
 */

useNight();

const HERE = [...SITE, '--primary-region', 'eu-west-1', '--yes'];
const leftIn = (json: () => unknown): string[] =>
  (json() as { left: { path: string }[] }).left.map(({ path }) => path);

describe('pilotlight init for a parked standby', () => {
  it('ships the data, because a stopped database takes no replication', async () => {
    const { exit, shop, world, json } = await initWith(nothing, ...HERE, '--tier', 'parked', '--json');
    expect(exit).toBe(0);
    expect(shop.standby.tier).toBe('parked');
    expect(shop.data).toMatchObject({ mode: 'ship', account: 'stshopexample' });
    expect(leftIn(json)).toContain('workloads.shop.data.account');
    const checked = await world.run('config', 'check', FILE, '--json');
    expect(checked.json()).toMatchObject({ valid: true, problems: [] });
    expect(JSON.stringify(checked.json())).toContain('data.account');
  });

  it('takes the account that is given', async () => {
    const { shop, json } = await initWith(
      nothing,
      ...HERE,
      ...['--tier', 'parked', '--data-account', 'stshopdata', '--json'],
    );
    expect(shop.data).toMatchObject({ mode: 'ship', account: 'stshopdata' });
    expect(leftIn(json)).not.toContain('workloads.shop.data.account');
  });
});

describe('pilotlight init with a runner', () => {
  it('writes nothing of Azure DevOps for a container job', async () => {
    const args = ['--runner', 'container-job', '--data-account', 'stshopdata', '--json'];
    const { exit, shop, text, json } = await initWith(nothing, ...HERE, ...args);
    expect(exit).toBe(0);
    expect(shop.standby).toMatchObject({
      runner: 'container-job',
      containerJob: {
        resourceGroup: 'rg-shop-pilot',
        name: 'job-shop-runner',
        storageAccount: 'stshopdata',
      },
    });
    expect(shop.standby.pipeline).toBeUndefined();
    expect(text).not.toMatch(/organization|pipelineId/);
    expect(leftIn(json).filter((path) => path.includes('pipeline'))).toEqual([]);
  });

  it('writes both parts for both', async () => {
    const { shop } = await initWith(nothing, ...HERE, '--runner', 'both', '--organization', 'acme');
    expect(shop.standby.pipeline).toMatchObject({ organization: 'acme' });
    expect(shop.standby.containerJob).toMatchObject({ storageAccount: 'stshopexample' });
  });

  it('refuses a runner that there is not, and what a container job does not need', async () => {
    const other = await initWith(nothing, ...HERE, '--runner', 'jenkins');
    expect([other.exit, other.text]).toEqual([2, '']);
    expect(other.stderr).toContain(
      '--runner: got "jenkins", expected one of "azure-devops"|"container-job"|"both"',
    );
    const { exit, stderr } = await initWith(
      nothing,
      ...HERE,
      ...['--runner', 'container-job', '--organization', 'acme'],
    );
    expect(exit).toBe(2);
    expect(stderr).toContain(
      '--organization: got "acme", expected nothing with --runner container-job, which needs no Azure DevOps. ' +
        'Leave it out, or take --runner both',
    );
  });
});
