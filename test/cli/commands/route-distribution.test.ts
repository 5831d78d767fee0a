import { cloudFrontService, servedTargets } from '../../../drill/clouds/aws/cloudfront.ts';
import { cloudFrontWith, configXml, DISTRIBUTION } from '../../drill/clouds/aws/distribution-fixture.ts';
import { makeWorld, useNight } from '../world.ts';

useNight();

/** A workload whose distribution itself is updated. */
function distributionWorld() {
  const cloudFront = cloudFrontWith(configXml());
  const world = makeWorld({
    config: {
      'workloads.petclinic.edge': { strategy: 'distribution', distributionId: DISTRIBUTION },
      'workloads.petclinic.limits.convergeSeconds': 600,
    },
    services: [cloudFrontService(cloudFront)],
  });
  return { ...world, distribution: cloudFront.distribution };
}

const move = ['route', 'set', 'petclinic', 'maintenance', '--reason', 'hangs', '--confirm', 'petclinic'];

describe('pilotlight route set, where the distribution is the route', () => {
  it('updates the distribution, waits until it is deployed and invalidates what was cached', async () => {
    const { run, distribution, operations } = distributionWorld();
    const ended = await run(...move);
    expect([ended.exit, ended.stderr]).toEqual([0, '']);
    expect(servedTargets(distribution).defaultTarget).toBe('maintenance');
    expect(ended.stdout).toContain('the distribution is being deployed, waiting');
    expect(distribution.invalidations).toHaveLength(1);
    expect(await operations.acts('petclinic', 1)).toMatchObject([{ kind: 'route-set', result: 'done' }]);
  });

  it('says so when the deployment takes longer than its limit; the move stays', async () => {
    const { run, distribution, sleeps } = distributionWorld();
    sleeps.push(() => void (distribution.deployedAt = Date.now() + 3_600_000));
    const ended = await run(...move);
    expect(ended.exit).toBe(0);
    expect(ended.stderr).toContain('After 10 min 0 s the distribution is still being deployed');
    expect(servedTargets(distribution).defaultTarget).toBe('maintenance');
    expect(distribution.invalidations).toEqual([]);
  });
});
